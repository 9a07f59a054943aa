// SPDX-License-Identifier: Apache-2.0
// How the targets of steps are called (reference 14, vectors 1 to 7), from the payload to the build service.
#include <doctest/doctest.h>

#include "tests/conformance/obs/vector_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

const std::string kBase = "OBS:Server:Unstable";

std::string branching(const std::string& more = "") {
    return "ci:\n"
           "  steps:\n"
           "    - branch_package:\n"
           "        source_project: devel\n"
           "        source_package: package123\n"
           "        target_project: OBS:Server:Unstable\n" +
           more;
}

const std::string kHelloWorld = "        target_package: hello_world\n";

/// The one package that a run has branched, as "project/package".
std::string branched_by(const std::string& file, const ScmEvent& event) {
    VectorWorld world;
    world.builds.add_package({"devel", "package123"});
    const RunReport report = world.run_file(file, event);
    CHECK_MESSAGE(report.ok, report.message);
    REQUIRE(world.journal->lines_of("branch_package").size() == 1);
    const std::string line = world.journal->lines_of("branch_package")[0];
    return line.substr(line.rfind(' ') + 1);
}

}  // namespace

TEST_CASE("vector 1: a pull request is branched into a project of its own") {
    CHECK(branched_by(branching(), event_of(ForgeKind::Github, of_repo123("opened"))) ==
          kBase + ":openSUSE:repo123:PR-1/package123");
}

TEST_CASE("vector 2: so is a merge request, whose project is called PR, too") {
    Happening it = of_repo123("opened");
    it.repository = "gitlabhq/gitlab-test";
    CHECK(branched_by(branching(), event_of(ForgeKind::Gitlab, it)) ==
          kBase + ":gitlabhq:gitlab-test:PR-1/package123");
}

TEST_CASE("vector 3: a pushed commit is branched into a package of its own, in the file's project") {
    for (const ForgeKind kind : {ForgeKind::Github, ForgeKind::Gitlab, ForgeKind::Gitea})
        CHECK(branched_by(branching(), event_of(kind, of_repo123("push"))) ==
              kBase + "/package123-" + commit_id("456"));
}

TEST_CASE("vector 4: target_package takes the place of the source's name in that") {
    CHECK(branched_by(branching(kHelloWorld), event_of(ForgeKind::Github, of_repo123("push"))) ==
          kBase + "/hello_world-" + commit_id("456"));
}

TEST_CASE("vector 5: a pushed tag is branched into a package that is called after it") {
    for (const ForgeKind kind : {ForgeKind::Github, ForgeKind::Gitlab, ForgeKind::Gitea})
        CHECK(branched_by(branching(kHelloWorld), event_of(kind, of_repo123("tag_push"))) ==
              kBase + "/hello_world-release_abc");
}

TEST_CASE("vector 6: target_package of a pull request stays as it is") {
    CHECK(branched_by(branching(kHelloWorld), event_of(ForgeKind::Github, of_repo123("opened"))) ==
          kBase + ":openSUSE:repo123:PR-1/hello_world");
}

TEST_CASE("vector 7: four placeholders have the values of the pull request") {
    const std::string file =
        "ci:\n"
        "  steps:\n"
        "    - rebuild_package:\n"
        "        project: \"%{SCM_ORGANIZATION_NAME}\"\n"
        "        package: \"%{SCM_REPOSITORY_NAME}-%{SCM_COMMIT_SHA}-%{SCM_PR_NUMBER}\"\n";
    const Plan plan = plan_of(file, event_of(ForgeKind::Github, of_repo123("opened")));
    REQUIRE(plan.workflows.at(0).steps.size() == 1);
    CHECK(plan.workflows[0].steps[0].plan.target ==
          PackageRef{"openSUSE", "repo123-" + commit_id("123456789") + "-1"});
}
