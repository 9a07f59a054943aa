// SPDX-License-Identifier: Apache-2.0
// Packages that the build service keeps in git: it fetches a commit some time after it was pointed at it.
#include <doctest/doctest.h>

#include "tests/support/looks.hpp"

using namespace heddle;
using heddle::testing::a_build_event;
using heddle::testing::at;
using heddle::testing::context_of;
using heddle::testing::hours_pass;
using heddle::testing::JobStage;
using heddle::testing::last;
using heddle::testing::look;
using heddle::testing::RunWorld;
using Type = BuildEventType;
using State = BuildState;

namespace {

const PackageRef kHello{"demo", "hello"};
const ScmEvent kFirst = RunWorld::pull_request(1, "aaaaaaa1");

std::string first(JobStage& stage) { return stage.status("aaaaaaa1", context_of("hello")); }

}  // namespace

TEST_CASE("of a package whose commit is fetched later no build counts before that") {
    JobStage stage;
    stage.config().set_file(
        "build:\n  steps:\n    - branch_package: { source_project: demo, source_package: hello, "
        "target_project: demo }\n");
    stage.builds().add_git_package(kHello, "https://git.example.org/hello#main");
    stage.builds().syncs_later = true;
    stage.run(kFirst);
    const PackageRef branch{stage.world().ask("SELECT project FROM package_revisions"), "hello"};
    REQUIRE(stage.builds().package(branch));
    stage.builds().set_results(branch, {at("local", State::Succeeded, "1")});
    CHECK(stage.world().ask(
              "SELECT count(*) FROM commit_statuses WHERE context LIKE '%hello%' AND state <> 'pending'") ==
          "0");
    BuildEvent end = a_build_event(Type::BuildSuccess, branch, "1");
    stage.happens(end);
    CHECK(look(stage) == 1);
    CHECK(first(stage) != "success succeeded");
    stage.builds().sync(branch);
    end.revision = stage.builds().package(branch)->history.back().revision;
    end.type = Type::BuildFail;
    stage.happens(end);
    CHECK(look(stage) == 1);
    CHECK(first(stage) == "failure failed");
}

TEST_CASE("a commit that is never fetched is broken in the end, and asked about ever more rarely") {
    JobStage stage;
    stage.config().set_file(
        "build:\n  steps:\n    - branch_package: { source_project: demo, source_package: hello, "
        "target_project: demo }\n");
    stage.builds().add_git_package(kHello, "https://git.example.org/hello#main");
    stage.builds().syncs_later = true;
    stage.run(kFirst);
    const PackageRef branch{stage.world().ask("SELECT project FROM package_revisions"), "hello"};
    BuildEvent broken = last(a_build_event(Type::BuildBroken, branch, ""));
    broken.started_at.reset();
    broken.ended_at.reset();
    stage.builds().set_results(branch, {at("local", State::Broken)});
    stage.builds().set_latest_events(branch, {broken});
    CHECK(look(stage) == 1);
    CHECK(look(stage) == 1);
    CHECK(first(stage).find("failure") == std::string::npos);
    hours_pass(stage);
    CHECK(look(stage) == 1);
    CHECK(first(stage) == "failure broken");
    CHECK(look(stage) == 0);
}
