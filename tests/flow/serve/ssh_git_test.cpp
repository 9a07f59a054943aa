// SPDX-License-Identifier: Apache-2.0
// A forge of plain git behind ssh: from its signed event to the notes of its commit, all by ssh.
#include <doctest/doctest.h>
#include <sys/utsname.h>

#include <nlohmann/json.hpp>

#include "tests/flow/serve/serve_world.hpp"
#include "tests/support/ssh_server.hpp"

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

/// A forge behind ssh with the repository team/hello. The package's own source is another one, which never
/// sees the pull request's commit.
struct SshForgeWorld : ServeWorld {
    SshServer sshd;
    TemporaryFolder root;
    std::filesystem::path hello = root.path() / "team/hello";
    std::string machine, good;
    json token;

    SshForgeWorld() {
        utsname names{};
        REQUIRE(::uname(&names) == 0);
        machine = names.machine;
        repository.write("Makefile", "all:\n\ncheck:\n\tgrep -q yes fine\n");
        repository.commit("Begin", {{"fine", "yes\n"}});
        std::filesystem::create_directory(root.path() / "team");
        run_git(root.path(), {"clone", "--quiet", "--bare", repository.path().string(), "team/hello"});
        const GitRepository work("work");
        work.git({"pull", "--quiet", hello.string(), "main"});
        work.commit("Configure", {{".obs/workflows.yml", kWorkflow}});
        work.git({"push", "--quiet", hello.string(), "main"});
        good = work.commit("Good", {{"change", "x"}});
        work.git({"push", "--quiet", hello.string(), "HEAD:topic"});
        start();
        heddle_done({"project", "create", "demo", "--repository", "local:" + machine});
        heddle_done({"package", "create", "demo/hello", "--git", repository.path().string() + "#main"});
        heddle_done({"forge",
                     "create",
                     "far",
                     "--kind",
                     "git",
                     "--api-url",
                     sshd.url() + root.path().string(),
                     "--known-hosts",
                     sshd.known_hosts(),
                     "--private-network"});
        token = json::parse(heddle_done({"token",
                                         "create",
                                         "--executor",
                                         "admin",
                                         "--forge",
                                         "far",
                                         "--scm-token-file",
                                         sshd.key_file(),
                                         "--json"}));
    }

    HttpReply open_pull_request(int number, const std::string& commit, json repository_part, json source) {
        const std::string body = json{
            {"event", "pull_request"},
            {"action", "opened"},
            {"number", number},
            {"commit_sha", commit},
            {"repository", std::move(repository_part)},
            {"source", std::move(source)},
            {"target",
             {{"branch", "main"}}}}.dump();
        return post("/trigger/workflow?id=" + token.at("id").dump(),
                    {{{"Content-Type", "application/json"},
                      {"X-Heddle-Event", "pull_request"},
                      {"X-OBS-Signature", signature_of(token.at("secret"), body)}},
                     body});
    }

    /// The note of a commit; empty: it has none.
    std::string note_of(const std::string& commit) const {
        if (run_git(hello, {"for-each-ref", "refs/notes/heddle"}).empty()) return {};
        if (run_git(hello, {"notes", "--ref", "heddle", "list"}).find(commit) == std::string::npos) return {};
        return run_git(hello, {"notes", "--ref", "heddle", "show", commit});
    }
};

}  // namespace

TEST_CASE(
    "a pull request of plain git behind ssh is read, built and answered by ssh, and strangers get nothing") {
    SshForgeWorld world;
    SshServer attacker;
    const std::string theirs = attacker.url() + world.hello.string();
    const std::string build = "\tOBS: hello - local/" + world.machine + "\t";

    // Named by its name; another repository that it is said to come from is not at the forge.
    const HttpReply taken =
        world.open_pull_request(1,
                                world.good,
                                {{"full_name", "team/hello"}},
                                {{"branch", "topic"}, {"full_name", "x/y"}, {"clone_url", theirs}});
    REQUIRE_MESSAGE(taken.status == 200, taken.body);
    std::string note;
    CHECK_MESSAGE(eventually([&] {
                      note = world.note_of(world.good);
                      return note.find("success" + build) != std::string::npos &&
                             note.find("success\tOBS SCM/CI Workflow Integration started\t") !=
                                 std::string::npos;
                  }),
                  note,
                  world.process().out());

    const HttpReply refused = world.open_pull_request(
        2, world.good, {{"full_name", "team/hello"}, {"clone_url", theirs}}, {{"branch", "topic"}});
    CHECK_MESSAGE(refused.status == 403, refused.body);
    // git's short form means port 22: another server.
    const HttpReply other =
        world.open_pull_request(3,
                                world.good,
                                {{"full_name", "team/hello"},
                                 {"clone_url", SshServer::user() + "@127.0.0.1:" + world.hello.string()}},
                                {{"branch", "topic"}});
    CHECK_MESSAGE(other.status == 403, other.body);
    CHECK(attacker.connections() == 0);
    CHECK(world.sshd.connections() > 0);
    CHECK(eventually([&] { return children_named("ssh", world.process().pid()) == 0; }));
    CHECK(world.process().out().find("PRIVATE KEY") == std::string::npos);

    const json findings = json::parse(world.heddle({"doctor", "--json"}).out);
    CHECK(findings.dump().find("the key of [127.0.0.1]:" + std::to_string(world.sshd.port()) + " is known") !=
          std::string::npos);
}
