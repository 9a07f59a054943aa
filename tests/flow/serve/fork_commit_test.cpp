// SPDX-License-Identifier: Apache-2.0
// Pull requests whose commit is not in the package's own git source: a commit is looked for in the target
// repository, in what that keeps of the pull request, and in the fork (design, section 10).
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/build_service/embedded/schedule.hpp"
#include "tests/flow/serve/serve_world.hpp"

using namespace heddle::test;
namespace fs = std::filesystem;

namespace {

const char* kWorkflow =
    "ci:\n"
    "  steps:\n"
    "    - branch_package:\n"
    "        source_project: demo\n"
    "        source_package: hello\n"
    "        target_project: demo:CI\n";

/// Under which name a forge keeps the head of a pull request (docs.github.com "Checking out pull requests
/// locally", docs.gitlab.com "Check out merge requests locally", docs.gitea.com "Pull Request").
std::string head_of_pull_request(ForgeKind kind, int number) {
    const std::string folder = kind == ForgeKind::Gitlab ? "refs/merge-requests/" : "refs/pull/";
    return folder + std::to_string(number) + "/head";
}

/// The package's own source is a mirror on this machine that knows nothing but main; each forge has a target
/// repository and a fork, as githubteam/hello and githubann/hello.
struct ForkWorld : ServeWorld {
    GitRepository target{"target"};
    GitRepository fork{"fork"};
    TemporaryFolder root;

    ForkWorld() {
        start();
        repository.commit("Begin", {{"Makefile", "all:\n\ncheck:\n"}});
        heddle_done({"project", "create", "demo", "--repository", "local:" + heddle::host_architecture()});
        heddle_done({"package", "create", "demo/hello", "--git", repository.path().string() + "#main"});
        target.commit("Begin", {{"Makefile", "all:\n\ncheck:\n"}});
        fork.commit("Begin", {{"Makefile", "all:\n\ncheck:\n"}});
        for (const auto& [kind, forge] : forges) {
            const fs::path team = root.path() / (to_string(kind) + "team");
            const fs::path ann = root.path() / (to_string(kind) + "ann");
            fs::create_directories(team);
            fs::create_directories(ann);
            fs::create_symlink(target.path() / ".git", team / "hello.git");
            fs::create_symlink(fork.path() / ".git", ann / "hello.git");
            forge->set_file("main", kWorkflow);
            forge->serve_git(root.path());
        }
    }

    Happening pull_request(ForgeKind kind) const {
        Happening it;
        it.repository = to_string(kind) + "team/hello";
        it.source_repository = to_string(kind) + "ann/hello";
        it.source_repository_id = 78;
        return it;
    }

    /// A commit that no branch of `where` leads to, but the history of what the forge keeps of the pull
    /// request, which was forced to something newer since.
    std::string commit_in_pull_request(const GitRepository& where, ForgeKind kind, int number) {
        where.branch("passing");
        const std::string commit = where.commit("First try", {{"change", to_string(kind)}});
        where.commit("Second try", {{"change", to_string(kind) + " again"}});
        where.git({"update-ref", head_of_pull_request(kind, number), "HEAD"});
        where.check_out("main");
        where.git({"branch", "-D", "passing"});
        return commit;
    }
};

struct Expected {
    std::string commit;
    std::string state;
    std::string text;
};

}  // namespace

TEST_CASE("a commit that the package's own source lacks is found at the forge, or told to be gone") {
    ForkWorld world;
    for (const ForgeKind kind : {ForgeKind::Github, ForgeKind::Gitlab, ForgeKind::Gitea}) {
        const std::string name = to_string(kind);
        CAPTURE(name);
        ForgeStandIn& forge = world.forge(kind);
        const MadeToken token = world.make_token(kind);
        world.fork.branch("topic-" + name);
        const std::vector<Expected> all{
            {world.fork.commit("In the fork", {{"change", "fork " + name}}), "success", "succeeded"},
            {world.commit_in_pull_request(world.target, kind, 2), "success", "succeeded"},
            {std::string(40, '1'),
             kind == ForgeKind::Gitlab ? "canceled" : "error",
             "withdrawn: commit is no longer in the repository"}};
        Happening it = world.pull_request(kind);
        for (const Expected& expected : all) {
            it.commit = expected.commit;
            REQUIRE(world.deliver(kind, token, it, name + std::to_string(it.number)).status == 200);
            ++it.number;
        }
        for (const Expected& expected : all) {
            std::string last;
            CHECK_MESSAGE(eventually([&] {
                              for (const PostedStatus& status : forge.posted())
                                  if (status.commit == expected.commit &&
                                      status.context.starts_with("OBS: hello - local/"))
                                      last = status.state + " " + status.text;
                              return last == expected.state + " " + expected.text;
                          }),
                          last << ", not " << expected.state << " " << expected.text);
        }
        const std::vector<std::string> asked = forge.asked_repositories();
        REQUIRE(!asked.empty());
        CHECK(asked.front() == name + "team/hello.git");
        CHECK(std::find(asked.begin(), asked.end(), name + "ann/hello.git") != asked.end());
    }
}

TEST_CASE("an address of a payload that is not the forge's is not asked for a commit") {
    ForkWorld world;
    StandInServer elsewhere;
    ForgeStandIn& forge = world.forge(ForgeKind::Github);
    const MadeToken token = world.make_token(ForgeKind::Github);
    Happening it = world.pull_request(ForgeKind::Github);
    it.commit = world.fork.commit("In the fork", {{"change", "fork"}});
    Delivery delivery = a_delivery(ForgeKind::Github, it, forge.web_url(), token.secret, "elsewhere");
    nlohmann::json body = nlohmann::json::parse(delivery.body);
    body["pull_request"]["head"]["repo"]["clone_url"] = elsewhere.url() + "/ann/hello.git";
    delivery.body = body.dump();
    for (auto& [header, value] : delivery.headers)
        if (header == "X-Hub-Signature-256") value = signature_of(token.secret, delivery.body);
    REQUIRE(world.post("/trigger/workflow?id=" + token.id, delivery).status == 200);
    const std::string context = "OBS: hello - local/" + heddle::host_architecture();
    CHECK(eventually([&] { return forge.shown(it.commit)[context] == "error"; }));
    for (const std::string& asked : forge.asked_repositories()) CHECK(asked == "githubteam/hello.git");
    CHECK(!forge.asked_repositories().empty());
    CHECK(elsewhere.connections() == 0);
}
