// SPDX-License-Identifier: Apache-2.0
// A request from the webhook to the statuses that a forge shows, decided on the command line.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "app/build_service/embedded/schedule.hpp"
#include "tests/flow/serve/serve_world.hpp"

using namespace heddle::test;
using nlohmann::json;

namespace {

const char* kWorkflow =
    "ask:\n"
    "  steps:\n"
    "    - branch_package: { source_project: demo, source_package: hello, target_project: demo:CI }\n"
    "    - submit_request:\n"
    "        source_project: demo:CI:%{SCM_ORGANIZATION_NAME}:%{SCM_REPOSITORY_NAME}:PR-%{SCM_PR_NUMBER}\n"
    "        source_package: hello\n"
    "        target_project: stable\n"
    "  filters:\n"
    "    event: pull_request\n";

struct World : ServeWorld {
    World() {
        start();
        repository.write("Makefile", "all:\n");
        repository.commit("Begin");
        heddle_done({"project", "create", "demo"});
        heddle_done({"package", "create", "demo/hello", "--git", repository.path().string() + "#main"});
        heddle_done({"project", "create", "stable"});
        forge(ForgeKind::Github).set_file("main", kWorkflow);
        token = make_token(ForgeKind::Github);
    }

    std::string commit_on(const std::string& branch, const std::string& text) {
        if (text == "1") repository.branch(branch);
        repository.check_out(branch);
        repository.write("text", branch + text);
        return repository.commit("Change " + branch);
    }

    void happens(const std::string& what, std::int64_t number, const std::string& commit) {
        Happening it;
        it.what = what;
        it.number = number;
        it.commit = commit;
        REQUIRE(deliver(ForgeKind::Github, token, it, what + commit).status == 200);
    }

    bool shows(const std::string& commit, const std::string& context, const std::string& state) {
        return eventually([&] {
            const auto shown = forge(ForgeKind::Github).shown(commit);
            const auto found = shown.find(context);
            return found != shown.end() && found->second == state;
        });
    }

    json request(const std::string& number) {
        return json::parse(heddle_done({"request", "show", number, "--json"}));
    }

    MadeToken token;
};

}  // namespace

TEST_CASE("a pull request asks for each commit, and the forge shows what became of it") {
    World world;
    const std::string first = world.commit_on("feature", "1");
    const std::string second = world.commit_on("feature", "2");
    world.happens("opened", 1, first);
    CHECK(world.shows(first, "OBS: Request 1", "pending"));
    CHECK(world.request("1").at("source").at("project") == "demo:CI:team:hello:PR-1");

    world.happens("updated", 1, second);
    CHECK(world.shows(second, "OBS: Request 2", "pending"));
    CHECK(world.shows(first, "OBS: Request 1", "failure"));
    CHECK(world.request("1").at("superseded_by") == 2);

    CHECK(world.heddle_done({"request", "accept", "2", "--comment", "good"}) == "request 2 is accepted\n");
    CHECK(world.shows(second, "OBS: Request 2", "success"));
    const json taken = json::parse(world.heddle_done({"package", "show", "stable/hello", "--json"}));
    CHECK(taken.at("history").at(0).at("commit") == second);

    // What ended stays as it is.
    world.happens("closed", 1, second);
    const std::string third = world.commit_on("other", "1");
    world.happens("opened", 2, third);
    CHECK(world.shows(third, "OBS: Request 3", "pending"));
    CHECK(world.request("2").at("state") == "accepted");
    world.happens("closed", 2, third);
    CHECK(world.shows(third, "OBS: Request 3", "failure"));
    CHECK(world.request("3").at("state") == "revoked");
}
