// SPDX-License-Identifier: Apache-2.0
// From a signed event of plain git to the notes of its commit.
#include <doctest/doctest.h>
#include <sys/utsname.h>

#include <nlohmann/json.hpp>

#include "tests/flow/serve/serve_world.hpp"

using namespace heddle::test;
using nlohmann::json;

namespace {

const char* kWorkflow =
    "ci:\n"
    "  steps:\n"
    "    - branch_package:\n"
    "        source_project: demo\n"
    "        source_package: hello\n"
    "        target_project: demo:CI\n";

/// A forge that is a folder with the repository team/hello, and a server that knows it.
struct PlainWorld : ServeWorld {
    TemporaryFolder root;
    std::filesystem::path hello = root.path() / "team/hello";
    std::string machine;
    std::string good, bad;  // commits: their test passes, fails
    json token;

    PlainWorld() {
        utsname names{};
        REQUIRE(::uname(&names) == 0);
        machine = names.machine;
        repository.write("Makefile", "all:\n\ncheck:\n\tgrep -q yes fine\n");
        repository.commit("Begin", {{"fine", "yes\n"}, {".obs/workflows.yml", kWorkflow}});
        repository.branch("topic");
        good = repository.commit("Good", {{"change", "x"}});
        bad = repository.commit("Bad", {{"fine", "no\n"}});
        repository.check_out("main");
        std::filesystem::create_directory(root.path() / "team");
        run_git(root.path(), {"clone", "--quiet", repository.path().string(), "team/hello"});
        start();
        heddle_done({"project", "create", "demo", "--repository", "local:" + machine});
        heddle_done({"package", "create", "demo/hello", "--git", hello.string() + "#main"});
        heddle_done({"forge", "create", "plain", "--kind", "git", "--api-url", root.path()});
        token = json::parse(heddle_done(
            {"token", "create", "--kind", "workflow", "--executor", "admin", "--forge", "plain", "--json"}));
    }

    void open_pull_request(int number, const std::string& commit) {
        const std::string body = json{
            {"event", "pull_request"},
            {"action", "opened"},
            {"number", number},
            {"commit_sha", commit},
            {"repository", {{"full_name", "team/hello"}}},
            {"source", {{"branch", "topic"}}},
            {"target",
             {{"branch", "main"}}}}.dump();
        const Delivery delivery{{{"Content-Type", "application/json"},
                                 {"X-Heddle-Event", "pull_request"},
                                 {"X-OBS-Signature", signature_of(token.at("secret"), body)}},
                                body};
        const HttpReply reply = post("/trigger/workflow?id=" + token.at("id").dump(), delivery);
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
    }

    /// The note of a commit; empty: it has none.
    std::string note_of(const std::string& commit) const {
        if (run_git(hello, {"for-each-ref", "refs/notes/heddle"}).empty()) return {};
        if (run_git(hello, {"notes", "--ref", "heddle", "list"}).find(commit) == std::string::npos) return {};
        return run_git(hello, {"notes", "--ref", "heddle", "show", commit});
    }
};

}  // namespace

TEST_CASE("a pull request of plain git: its commit's note says pending, then what the build came to") {
    PlainWorld world;
    world.open_pull_request(1, world.good);
    world.open_pull_request(2, world.bad);
    const std::string build = "\tOBS: hello - local/" + world.machine + "\t";
    const std::string started = "\tOBS SCM/CI Workflow Integration started\t";
    for (const auto& [commit, state] : {std::pair(world.good, "success"), std::pair(world.bad, "failure")}) {
        std::string note;
        CHECK_MESSAGE(eventually([&] {
                          note = world.note_of(commit);
                          return note.find(state + build) != std::string::npos &&
                                 note.find("success" + started) != std::string::npos;
                      }),
                      note);
    }
    const std::string past =
        run_git(world.hello, {"log", "--reverse", "-p", "--format=", "refs/notes/heddle"});
    CHECK_MESSAGE(past.find("\n+pending" + started) < past.find("\n+success" + started), past);
}
