// SPDX-License-Identifier: Apache-2.0
// A forge that has another address since a token was made for it: the credential stays with us until its
// owner says that it may go there.
#include <doctest/doctest.h>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/flow/serve/serve_world.hpp"

using namespace heddle::test;

namespace {

const std::string kStarted = "OBS SCM/CI Workflow Integration started";
const char* kWorkflow = "ci:\n  steps:\n    - rebuild_package: { project: nowhere, package: hello }\n";

struct MovingWorld : ServeWorld {
    /// The same server under another name of this machine: another origin.
    void move(const ForgeStandIn& forge) {
        process().signal(SIGTERM);
        REQUIRE(process().wait().exit_code == 0);
        std::ostringstream text;
        text << std::ifstream(folder() / "heddle.yml").rdbuf();
        const std::string api = forge.api_url();
        std::string moved = api;
        moved.replace(moved.find("127.0.0.1"), std::string("127.0.0.1").size(), "localhost");
        std::string configuration = text.str();
        configuration.replace(configuration.find(api), api.size(), moved);
        std::ofstream(folder() / "heddle.yml") << configuration;
        start();
    }

    bool run_says(const std::string& id, const std::string& words) {
        return eventually([&] { return heddle_done({"runs", "show", id}).find(words) != std::string::npos; });
    }
};

Happening change(char digit) {
    Happening it;
    it.number = digit - '0';
    it.commit = std::string(40, digit);
    return it;
}

}  // namespace

TEST_CASE(
    "a locked credential is told as locked, and what was not reported is reported when it is confirmed") {
    MovingWorld world;
    world.start();
    ForgeStandIn& forge = world.forge(ForgeKind::Gitea);
    forge.set_file("main", kWorkflow);
    const MadeToken token = world.make_token(ForgeKind::Gitea);
    REQUIRE(world.deliver(ForgeKind::Gitea, token, change('1'), "before").status == 200);
    REQUIRE(eventually([&] { return forge.shown(change('1').commit)[kStarted] == "failure"; }));

    world.move(forge);
    REQUIRE(world.deliver(ForgeKind::Gitea, token, change('2'), "after").status == 200);
    const std::string locked =
        "the credential of token " + token.id +
        " is locked, since the address of gitea-here has changed: `heddle token confirm " + token.id +
        "` lets it go there";
    CHECK(world.run_says("2", "read .obs/workflows.yml of team/hello at main: the answer is 401"));
    CHECK(world.run_says("2", locked));
    CHECK(world.run_says("2", "report to gitea-here: " + locked + "; nothing is reported"));
    CHECK(forge.shown(change('2').commit).empty());
    const Ended examined = world.heddle({"doctor"});
    CHECK(examined.exit_code == 1);
    CHECK((examined.out + examined.err).find("heddle token confirm") != std::string::npos);

    world.heddle_done({"token", "confirm", token.id});
    CHECK(eventually([&] { return forge.shown(change('2').commit)[kStarted] == "failure"; }));
}
