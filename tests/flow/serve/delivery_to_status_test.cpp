// SPDX-License-Identifier: Apache-2.0
// From a signed webhook to the statuses that a forge shows, over real HTTP, with real builds.
#include <doctest/doctest.h>
#include <sys/utsname.h>

#include <nlohmann/json.hpp>

#include "tests/flow/serve/serve_world.hpp"

using namespace heddle::test;

namespace {

const char* kWorkflow =
    "ci:\n"
    "  steps:\n"
    "    - branch_package:\n"
    "        source_project: demo\n"
    "        source_package: hello\n"
    "        target_project: demo:CI\n"
    "  filters:\n"
    "    event: pull_request\n";

std::string architecture() {
    utsname names{};
    REQUIRE(::uname(&names) == 0);
    return names.machine;
}

/// The package demo/hello: its test passes on main, and on every commit whose file `fine` says so.
void make_package(ServeWorld& world) {
    world.repository.write("Makefile", "all:\n\ncheck:\n\tgrep -q yes fine\n");
    world.repository.write("fine", "yes\n");
    world.repository.commit("Begin");
    world.heddle_done({"project", "create", "demo", "--repository", "local:" + architecture()});
    world.heddle_done(
        {"package", "create", "demo/hello", "--git", world.repository.path().string() + "#main"});
}

std::string commit_on(ServeWorld& world, const std::string& branch, const std::string& fine) {
    world.repository.check_out("main");
    world.repository.branch(branch);
    world.repository.write("fine", fine + "\n" + branch + "\n");
    return world.repository.commit("Change " + branch);
}

std::string build_context() { return "OBS: hello - local/" + architecture(); }
const std::string kStarted = "OBS SCM/CI Workflow Integration started";

struct Words {
    std::string pending, success, failure, error;
};

Words words_of(ForgeKind kind) {
    if (kind == ForgeKind::Gitlab) return {"pending", "success", "failed", "canceled"};
    return {"pending", "success", "failure", "error"};
}

}  // namespace

TEST_CASE("a pull request's life, from the signed delivery to the statuses that each forge shows") {
    ServeWorld world;
    world.start();
    make_package(world);
    for (const ForgeKind kind : {ForgeKind::Github, ForgeKind::Gitlab, ForgeKind::Gitea}) {
        const std::string name = to_string(kind);
        CAPTURE(name);
        ForgeStandIn& forge = world.forge(kind);
        const Words words = words_of(kind);
        forge.set_file("main", kWorkflow);
        const MadeToken token = world.make_token(kind);
        Happening it;
        it.repository = it.source_repository = name + "team/hello";
        const std::string project = "demo:CI:" + name + "team:hello:PR-1";

        // Opened: pending, a real build, success on the right commit.
        it.commit = commit_on(world, name + "-good", "yes");
        HttpReply reply = world.deliver(kind, token, it, name + "-1");
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        CHECK(reply.body.find("<data name=\"run\">") != std::string::npos);
        const auto shows = [&](const std::string& context, const std::string& state) {
            return eventually([&] {
                const auto shown = forge.shown(it.commit);
                const auto found = shown.find(context);
                return found != shown.end() && found->second == state;
            });
        };
        CHECK(shows(build_context(), words.success));
        CHECK(shows(kStarted, words.success));
        const auto posted = forge.posted();
        REQUIRE(!posted.empty());
        CHECK(posted.front().context == kStarted);
        CHECK(posted.front().state == words.pending);
        for (const PostedStatus& status : posted) CHECK(status.commit == it.commit);

        // The same delivery again: a duplicate, and nothing more is posted.
        reply = world.deliver(kind, token, it, name + "-1");
        CHECK(reply.status == 200);
        CHECK(world.heddle_done({"deliveries", "list", "--json"}).find("\"duplicate\"") != std::string::npos);

        // Updated with a commit whose own test fails.
        it.what = "updated";
        it.commit = commit_on(world, name + "-bad", "no");
        REQUIRE(world.deliver(kind, token, it, name + "-2").status == 200);
        CHECK(shows(build_context(), words.failure));

        // Closed: the project goes; reopened: it comes back.
        const auto has_project = [&] {
            return world.heddle_done({"project", "list", "--json"}).find(project) != std::string::npos;
        };
        CHECK(has_project());
        it.what = "closed";
        const std::size_t before = forge.posted().size();
        REQUIRE(world.deliver(kind, token, it, name + "-3").status == 200);
        CHECK(eventually([&] { return !has_project(); }));
        CHECK(forge.posted().size() == before);
        it.what = "reopened";
        REQUIRE(world.deliver(kind, token, it, name + "-4").status == 200);
        CHECK(eventually(has_project));
    }
}

TEST_CASE("a failed run that is delivered again starts its next attempt") {
    ServeWorld world;
    world.start();
    make_package(world);
    ForgeStandIn& forge = world.forge(ForgeKind::Github);
    forge.set_file("main", "ci:\n  steps:\n    - rebuild_package: { project: nowhere, package: hello }\n");
    const MadeToken token = world.make_token(ForgeKind::Github);
    Happening it;
    it.commit = world.repository.id_of("main");
    REQUIRE(world.deliver(ForgeKind::Github, token, it, "again").status == 200);
    // Only a run that has ended is started again; its step is marked before.
    const auto run_is = [&](const std::string& status, int attempt) {
        const auto run = nlohmann::json::parse(world.heddle_done({"runs", "show", "1", "--json"}));
        return run.at("status") == status && run.at("attempt") == attempt;
    };
    REQUIRE(eventually([&] { return run_is("fail", 1); }));
    forge.set_file("main", kWorkflow);
    REQUIRE(world.deliver(ForgeKind::Github, token, it, "again").status == 200);
    CHECK(eventually([&] { return run_is("success", 2); }));
    CHECK(eventually([&] { return forge.shown(it.commit)[build_context()] == "success"; }));
}

TEST_CASE("a status that the forge refuses for the moment is sent again until it shows it") {
    ServeWorld world;
    world.start();
    make_package(world);
    ForgeStandIn& forge = world.forge(ForgeKind::Github);
    forge.set_file("main", kWorkflow);
    forge.answer_next_posts(2, {503, "{}", {{"Retry-After", "1"}}});
    const MadeToken token = world.make_token(ForgeKind::Github);
    Happening it;
    it.commit = commit_on(world, "patient", "yes");
    REQUIRE(world.deliver(ForgeKind::Github, token, it, "503").status == 200);
    CHECK(eventually([&] {
        const auto shown = forge.shown(it.commit);
        return shown.contains(build_context()) && shown.contains(kStarted) &&
               shown.at(build_context()) == "success" && shown.at(kStarted) == "success";
    }));
}
