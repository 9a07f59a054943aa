// SPDX-License-Identifier: Apache-2.0
// A repository that gets another name between a delivery and the end of its build.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

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
    "        target_project: demo:CI\n"
    "  filters:\n"
    "    event: pull_request\n";

/// A package whose builds wait until they are let.
struct RenamingWorld : ServeWorld {
    const std::string context = "OBS: hello - local/" + heddle::host_architecture();

    RenamingWorld() {
        start();
        repository.write(".obs/build", "#!/bin/sh\nwhile [ ! -e /tmp/go ]; do sleep 0.05; done\n", true);
        repository.commit("Begin");
        heddle_done({"project", "create", "demo", "--repository", "local:" + heddle::host_architecture()});
        heddle_done({"package", "create", "demo/hello", "--git", repository.path().string() + "#main"});
        for (const auto& [kind, forge] : forges) forge->set_file("main", kWorkflow);
    }

    /// Lets what is built now end.
    bool let(const ForgeStandIn& forge, const std::string& commit) const {
        return eventually([&] {
            for (const auto& entry : fs::directory_iterator(folder() / "data/builds"))
                if (fs::is_directory(entry.path() / "tmp")) std::ofstream(entry.path() / "tmp/go") << "x";
            const auto shown = forge.shown(commit);
            return shown.contains(context) && shown.at(context) == "success";
        });
    }

    std::string commit_on(const std::string& branch) const {
        repository.check_out("main");
        repository.branch(branch);
        return repository.commit("Change " + branch, {{"change", branch}});
    }
};

/// A pull request from a fork.
Happening pull_request(ForgeKind kind) {
    Happening it;
    it.repository = to_string(kind) + "team/hello";
    it.repository_id = 4000 + static_cast<int>(kind);
    it.source_repository = to_string(kind) + "ann/hello";
    it.source_repository_id = 5000 + static_cast<int>(kind);
    return it;
}

/// Where the last status of that commit and context came in.
std::string place_of_last(const ForgeStandIn& forge, const std::string& commit, const std::string& context) {
    std::string place;
    for (const PostedStatus& status : forge.posted())
        if (status.commit == commit && status.context == context)
            place = status.repository + " " + status.state;
    return place;
}

/// Each forge's repository and the fork get another name while the build runs. `told`: by another delivery.
void check_renamed(bool told) {
    RenamingWorld world;
    for (const ForgeKind kind : {ForgeKind::Github, ForgeKind::Gitlab, ForgeKind::Gitea}) {
        const std::string name = to_string(kind);
        CAPTURE(name);
        ForgeStandIn& forge = world.forge(kind);
        const MadeToken token = world.make_token(kind);
        Happening it = pull_request(kind);
        it.commit = world.commit_on(name + "-topic");
        REQUIRE(world.deliver(kind, token, it, name + "-1").status == 200);
        REQUIRE(eventually([&] { return forge.shown(it.commit).contains(world.context); }));
        CHECK(forge.shown(it.commit)[world.context] == "pending");

        const std::string renamed = name + "team/greeter";
        forge.rename(it.repository, renamed);
        forge.rename(it.source_repository, name + "ann/greeter");
        if (told) {
            Happening push = it;
            push.what = "push";
            push.repository = push.source_repository = renamed;
            push.commit = world.repository.id_of("main");
            REQUIRE(world.deliver(kind, token, push, name + "-2").status == 200);
        }
        CHECK(world.let(forge, it.commit));
        // GitLab takes the statuses of a fork's commits in the fork only, and is asked by number.
        const std::string place =
            kind == ForgeKind::Gitlab ? std::to_string(it.source_repository_id) : renamed;
        CHECK(place_of_last(forge, it.commit, world.context) == place + " success");
        CHECK(forge.shown(it.commit)["OBS SCM/CI Workflow Integration started"] == "success");
    }
}

}  // namespace

TEST_CASE("a repository that is renamed while a build is running gets its status") { check_renamed(false); }

TEST_CASE(
    "a delivery that tells a repository's new name does not lose what a build promised to the old one") {
    check_renamed(true);
}
