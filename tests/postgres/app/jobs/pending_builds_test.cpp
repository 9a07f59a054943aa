// SPDX-License-Identifier: Apache-2.0
// What a run asks the build service after its steps.
#include <doctest/doctest.h>

#include "tests/support/job_stage.hpp"

using namespace heddle;
using heddle::testing::context_of;
using heddle::testing::JobStage;
using heddle::testing::one_result;
using heddle::testing::RunWorld;

TEST_CASE("a run asks once for the results of all its packages of a project") {
    JobStage stage;
    std::string steps = "build:\n  steps:\n";
    for (const PackageRef& package :
         {PackageRef{"demo", "hello"}, PackageRef{"else", "where"}, PackageRef{"demo", "other"}}) {
        stage.builds().add_package(package);
        stage.builds().set_results(package, one_result(BuildState::Scheduled));
        steps +=
            "    - rebuild_package: { project: " + package.project + ", package: " + package.package + " }\n";
    }
    stage.config().set_file(steps);
    stage.run(RunWorld::pull_request(1, "aaaaaaa1"));
    for (const char* package : {"hello", "other", "where"})
        CHECK(stage.status("aaaaaaa1", context_of(package)) == "pending scheduled");
    CHECK(stage.builds().journal().lines_of("results") ==
          std::vector<std::string>{"results demo", "results else"});
}
