// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/try_build_service.hpp"

#include <doctest/doctest.h>

#include "tests/postgres/app/build_service/service_world.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::testing;

namespace {

const std::string kRepository = "file:///home/ann/hello";
const PackageRef kHello{"devel:tools", "hello"};
const PackageRef kBranch{"devel:tools:local:hello:PR-1", "hello"};

struct TryWorld : ServiceWorld {
    TryWorld() { refs.set(kRepository, "main", commit_of('1')); }

    TryBuildService of_branch(const std::string& branch) {
        return TryBuildService(
            std::make_unique<EmbeddedBuildService>(pool, refs, "ann", "x86_64"),
            kRepository,
            branch,
            [this](const std::string& line) { said.push_back(line); },
            "x86_64");
    }

    Lines said;
    TryBuildService tried = of_branch("main");
};

ServiceTrigger a_push(char digit) { return {"a push", "run 1", kRepository, "main", commit_of(digit)}; }

}  // namespace

TEST_CASE("what a branch needs is made from the tried repository, and only the branch is built") {
    TryWorld world;
    world.tried.branch_package(kHello, kBranch, {});
    world.tried.set_scmsync(kBranch, kRepository + "#" + commit_of('2'), "run 1");
    CHECK(world.said == Lines{"project devel:tools was missing: made it, with repository local for x86_64",
                              "package devel:tools/hello was missing: made it, its sources are branch main "
                              "of this repository"});
    CHECK(world.service.scmsync(kHello) == kRepository + "#main");
    CHECK(world.builds(kHello).empty());
    CHECK(world.builds(kBranch) == Lines{"r1 local/x86_64 scheduled"});
    const TestWorker worker(world.db.url());
    const auto build = world.claim(worker);
    REQUIRE(build);
    const auto sources =
        in_transaction(world.pool, [&](auto& tx) { return sources_of_build(tx, build->id); });
    CHECK(sources.git_url == kRepository);
    CHECK(sources.git_commit == commit_of('2'));
}

TEST_CASE("everything is said once") {
    TryWorld world;
    world.tried.branch_package(kHello, kBranch, {});
    world.tried.branch_package(kHello, {"devel:tools:local:hello:PR-2", "hello"}, {});
    CHECK(world.said.size() == 2);
}

TEST_CASE("services of a package that was missing build the pushed commit") {
    TryWorld world;
    CHECK(world.tried.run_services(kHello, a_push('1')).changed);
    CHECK(world.builds(kHello) == Lines{"r1 local/x86_64 scheduled"});
    CHECK_FALSE(world.tried.run_services(kHello, {"", "run 2", kRepository, "main", commit_of('1')}).changed);
}

TEST_CASE("a rebuild or a link of a package that was missing has the head of the branch") {
    TryWorld world;
    CHECK(world.tried.rebuild_package(kHello, "run 1").rev == "1");
    CHECK(world.builds(kHello) == Lines{"r1 local/x86_64 scheduled"});
    world.tried.create_project({kBranch.project, "", "", ""});
    world.tried.link_package({"devel:tools", "other"}, kBranch, "run 1");
    CHECK(world.tried.package_exists({"devel:tools", "other"}));
    CHECK(world.tried.revision_of_run(kBranch, "run 1"));
}

TEST_CASE("a project that was missing is made to be linked") {
    TryWorld world;
    world.tried.create_project({kBranch.project, "", "", ""});
    world.tried.link_project("devel:tools", kBranch.project);
    CHECK(world.said == Lines{"project devel:tools was missing: made it, with repository local for x86_64"});
    CHECK(world.tried.unlink_project("devel:tools", kBranch.project));
}

TEST_CASE("a package made by hand stays as it is, one made by an earlier try follows the base") {
    TryWorld world;
    world.add_project("demo");
    world.add_file_package({"demo", "hand"});
    world.tried.branch_package({"demo", "hand"}, {"demo:o:r:PR-1", "hand"}, {});
    world.tried.branch_package(kHello, kBranch, {});
    world.said.clear();
    TryBuildService later = world.of_branch("next");
    later.branch_package(kHello, {"devel:tools:local:hello:PR-2", "hello"}, {});
    later.branch_package({"demo", "hand"}, {"demo:o:r:PR-2", "hand"}, {});
    CHECK(world.said == Lines{"package devel:tools/hello was made by an earlier try: now its sources are "
                              "branch next of this repository"});
    CHECK(world.service.scmsync({"devel:tools:local:hello:PR-2", "hello"}) == kRepository + "#next");
    CHECK_FALSE(world.service.scmsync({"demo", "hand"}));
}

TEST_CASE("configured repositories are built on this machine, and it says so") {
    TryWorld world;
    world.tried.branch_package(kHello, kBranch, {false, ""});
    world.tried.set_scmsync(kBranch, kRepository + "#" + commit_of('2'), "run 1");
    world.said.clear();
    world.tried.configure_repositories(
        kBranch.project,
        {{"factory", {{"openSUSE:Factory", "snapshot"}}, {"x86_64", "aarch64"}, "", ""},
         {"here", {{"local", "local"}}, {"x86_64"}, "", ""}});
    CHECK(world.said ==
          Lines{"repository factory of devel:tools:local:hello:PR-1 is built on this machine "
                "(local/local, x86_64), not with openSUSE:Factory/snapshot for x86_64 and aarch64"});
    CHECK(world.results(kBranch) == Lines{"factory/x86_64 scheduled r1", "here/x86_64 scheduled r1"});
}

TEST_CASE("a pull request's project that no step made is missing here too") {
    TryWorld world;
    CHECK_THROWS_AS(world.tried.configure_repositories(kBranch.project, {a_repository("x")}), RemoteError);
    CHECK_THROWS_AS(world.tried.set_flags({{"build", "disable", kBranch.project, "", "", ""}}), RemoteError);
    CHECK_THROWS_AS(world.tried.rebuild_package(kBranch, "run 1"), RemoteError);
    CHECK_FALSE(world.tried.project_exists(kBranch.project));
    CHECK_NOTHROW(world.tried.set_flags({{"build", "disable", "devel", "", "", ""}}));
}
