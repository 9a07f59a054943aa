// SPDX-License-Identifier: Apache-2.0
// Two pull requests with one head: both speak about the same commit.
#include <doctest/doctest.h>

#include "tests/support/job_stage.hpp"

using namespace heddle;
using heddle::testing::JobStage;
using heddle::testing::kStarted;
using heddle::testing::one_result;
using heddle::testing::RunWorld;

namespace {

const std::string kServices = R"(
build:
  steps:
    - trigger_services:
        project: demo
        package: hello
)";

void with_services(JobStage& stage) {
    const PackageRef hello{"demo", "hello"};
    stage.config().set_file(kServices);
    stage.builds().add_services(hello);
    stage.builds().set_results(hello, one_result(BuildState::Building));
}

}  // namespace

TEST_CASE("a closed pull request does not paint another one with the same head") {
    JobStage stage;
    stage.config().set_file("build: [");
    stage.run(RunWorld::pull_request(1, "aaaaaaa1"));
    CHECK(stage.status("aaaaaaa1", kStarted).starts_with("failure"));
    stage.run(RunWorld::pull_request(1, "aaaaaaa1", PullRequestKind::Closed));
    CHECK(stage.status("aaaaaaa1", kStarted).starts_with("failure"));  // nobody says anything else
    with_services(stage);
    stage.run(RunWorld::pull_request(2, "aaaaaaa1"));
    CHECK(stage.status("aaaaaaa1", kStarted) == "success 1 step of 1 workflow done");
}

TEST_CASE("of two pull requests with one head the link leads to the newer one's run") {
    JobStage stage;
    stage.parts().reports.public_url = "https://heddle.example.org";
    with_services(stage);
    stage.run(RunWorld::pull_request(1, "aaaaaaa1"));
    const auto second = stage.run(RunWorld::pull_request(2, "aaaaaaa1"));
    CHECK(stage.world().ask("SELECT url FROM commit_statuses WHERE context = '" + kStarted + "'") ==
          "https://heddle.example.org/runs/" + std::to_string(second));
}
