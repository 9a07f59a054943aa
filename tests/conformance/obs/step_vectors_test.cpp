// SPDX-License-Identifier: Apache-2.0
// What steps leave at the build service (reference 14, vectors 35 to 45).
#include <doctest/doctest.h>

#include "tests/conformance/obs/vector_world.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

const PackageRef kSource{"devel", "package123"};
const PackageRef kTarget{"ci:openSUSE:repo123:PR-1", "package123"};

const std::string kBranch =
    "ci:\n"
    "  steps:\n"
    "    - branch_package:\n"
    "        source_project: devel\n"
    "        source_package: package123\n"
    "        target_project: ci\n";

const std::string kLinkProject =
    "ci:\n"
    "  steps:\n"
    "    - link_project:\n"
    "        source_project: devel\n"
    "        target_project: ci\n";

std::string configuring(const std::string& more) {
    return "ci:\n"
           "  steps:\n"
           "    - configure_repositories:\n"
           "        project: ci\n"
           "        repositories:\n"
           "          - name: standard\n"
           "            paths:\n"
           "              - {target_project: first, target_repository: a}\n"
           "              - {target_project: second, target_repository: b}\n"
           "            architectures: [x86_64, aarch64]\n" +
           more;
}

ScmEvent pull_request(const std::string& what) { return event_of(ForgeKind::Github, of_repo123(what)); }

/// The build service refuses the next call of that verb for lack of permission.
void forbid(VectorWorld& world, const std::string& verb, const std::string& doing) {
    world.journal->fail(verb, RemoteError(RemoteError::Kind::GiveUp, doing, "no permission"));
}

}  // namespace

TEST_CASE("vector 35: a package kept in git is branched at the event's commit") {
    VectorWorld world;
    world.builds.add_git_package(kSource, "https://forge.example/x/y.git#main");
    REQUIRE(world.run_file(kBranch, pull_request("opened")).ok);
    CHECK(world.builds.package(kTarget)->scmsync ==
          "https://forge.example/x/y.git#" + commit_id("123456789"));
    CHECK(world.builds.package(kTarget)->files.empty());
}

TEST_CASE("vector 36: of a project kept in git the package's folder is branched") {
    VectorWorld world;
    world.builds.add_git_project("devel", "https://forge.example/x/y.git#main");
    REQUIRE(world.run_file(kBranch, pull_request("opened")).ok);
    CHECK(world.builds.package(kTarget)->scmsync ==
          "https://forge.example/x/y.git?subdir=package123#" + commit_id("123456789"));
}

TEST_CASE("vector 37: a repository's paths come in the file's order, its architectures are the file's") {
    VectorWorld world;
    world.builds.add_project(kTarget.project);
    world.builds.configure_repositories(kTarget.project, {{"standard", {}, {"s390x"}, "", ""}});
    REQUIRE(world.run_file(configuring(""), pull_request("opened")).ok);
    const auto repositories = world.builds.project(kTarget.project)->repositories;
    REQUIRE(repositories.size() == 1);
    CHECK(repositories[0].paths == std::vector<RepositoryPath>{{"first", "a"}, {"second", "b"}});
    CHECK(repositories[0].architectures == std::vector<std::string>{"x86_64", "aarch64"});
}

TEST_CASE("vector 38: a rebuild that there is not is a problem of the file") {
    CHECK(problems_of(configuring("            rebuild: invalid\n"), pull_request("opened"))
              .starts_with("11:22 \"rebuild\" of a repository of configure_repositories is \"invalid\""));
    CHECK(problems_of(configuring("            rebuild: local\n"), pull_request("opened")).empty());
}

TEST_CASE("vector 39: link_project makes the project that is missing, with one link") {
    VectorWorld world;
    world.builds.add_project("devel");
    REQUIRE(world.run_file(kLinkProject, pull_request("opened")).ok);
    CHECK(world.builds.project(kTarget.project)->links == std::vector<std::string>{"devel"});
}

TEST_CASE("vector 40: closing takes the link away, or the project that was made for it") {
    VectorWorld world;
    world.builds.add_project("devel");
    SUBCASE("a project that was there before stays") {
        world.builds.add_project(kTarget.project);
        REQUIRE(world.run_file(kLinkProject, pull_request("opened")).ok);
        REQUIRE(world.builds.project(kTarget.project)->links.size() == 1);
        REQUIRE(world.run_file(kLinkProject, pull_request("closed")).ok);
        CHECK(world.builds.project(kTarget.project)->links.empty());
    }
    SUBCASE("the pull request's own goes") {
        REQUIRE(world.run_file(kLinkProject, pull_request("opened")).ok);
        REQUIRE(world.run_file(kLinkProject, pull_request("closed")).ok);
        CHECK_FALSE(world.builds.project(kTarget.project).has_value());
    }
}

TEST_CASE("vector 41: an update of a branch that is there writes its request file and nothing else") {
    VectorWorld world;
    world.builds.add_package(kSource);
    REQUIRE(world.run_file(kBranch, pull_request("opened")).ok);
    Happening update = of_repo123("updated");
    update.commit = commit_id("987654321");
    world.journal->clear();
    world.run_mark = "heddle run 13";
    REQUIRE(world.run_file(kBranch, event_of(ForgeKind::Github, update)).ok);
    CHECK(world.journal->lines_of("branch_package").empty());
    CHECK(world.builds.project(kTarget.project)->packages.size() == 1);
    CHECK(world.log.promised.size() == 1);
    CHECK(world.builds.package(kTarget)->files.at("_branch_request").find(update.commit) !=
          std::string::npos);
}

TEST_CASE("vector 42: an update without a branch makes it and waits for its builds") {
    VectorWorld world;
    world.builds.add_package(kSource);
    REQUIRE(world.run_file(kBranch, pull_request("updated")).ok);
    CHECK(world.builds.package(kTarget).has_value());
    CHECK(world.log.promised.contains(kTarget));
}

TEST_CASE("vector 43: closing without the permission says what was not permitted") {
    VectorWorld world;
    world.builds.add_package(kSource);
    REQUIRE(world.run_file(kBranch, pull_request("opened")).ok);
    forbid(world, "delete_project", "delete project " + kTarget.project);
    CHECK_THROWS_WITH_AS(world.run_file(kBranch, pull_request("closed")),
                         ("delete project " + kTarget.project + ": no permission").c_str(),
                         RemoteError);
    CHECK(world.builds.project(kTarget.project).has_value());
}

TEST_CASE("vector 44: reopening without the permission says what was not permitted") {
    VectorWorld world;
    world.builds.add_package(kSource);
    REQUIRE(world.run_file(kBranch, pull_request("opened")).ok);
    REQUIRE(world.run_file(kBranch, pull_request("closed")).ok);
    forbid(world, "restore_project", "restore project " + kTarget.project);
    const RunReport report = world.run_file(kBranch, pull_request("reopened"));
    CHECK_FALSE(report.ok);
    CHECK(report.message ==
          "workflow \"ci\", line 3: branch_package: restore project " + kTarget.project + ": no permission");
}

TEST_CASE("vector 45: a flag of a pushed package is set on the commit's package") {
    const PackageRef target{"devel", "ctris-" + commit_id("456")};
    VectorWorld world;
    world.builds.add_package(target);
    const std::string file =
        "ci:\n"
        "  steps:\n"
        "    - set_flags:\n"
        "        flags:\n"
        "          - {type: build, status: disable, project: devel, package: ctris}\n";
    REQUIRE(world.run_file(file, event_of(ForgeKind::Gitlab, of_repo123("push"))).ok);
    const auto flags = world.builds.project("devel")->flags;
    REQUIRE(flags.size() == 1);
    CHECK(flags[0].package == target.package);
}
