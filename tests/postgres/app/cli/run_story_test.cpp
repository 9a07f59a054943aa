// SPDX-License-Identifier: Apache-2.0
#include "app/cli/run_story.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/job_stage.hpp"

using namespace heddle;
using heddle::testing::a_build_event;
using heddle::testing::JobStage;
using heddle::testing::one_result;
using heddle::testing::RunWorld;

namespace {

const PackageRef kHello{"demo", "hello"};

std::int64_t run_and_fail_to_report(JobStage& stage) {
    stage.config().set_file(
        "build:\n  steps:\n    - trigger_services:\n        project: demo\n        package: hello\n");
    stage.builds().add_services(kHello);
    stage.builds().set_results(kHello, one_result(BuildState::Building));
    const auto run = stage.run(RunWorld::pull_request(7, "c0ffee0"));
    stage.perform_all();
    stage.reporter().journal().fail("report", {RemoteError::Kind::GiveUp, "report", "no such commit"});
    stage.happens(a_build_event(BuildEventType::BuildFail, kHello, "2"));
    stage.perform_all();
    return run;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a run is told from the event to the reports") {
    JobStage stage;
    const auto run = run_and_fail_to_report(stage);
    const auto story = read_run_story(stage.world().pool(), run);
    REQUIRE(story.has_value());
    const std::string text = tell(*story);
    CHECK(has(text, "run 1: success, 1 step of 1 workflow done\n"));
    CHECK(has(text, "pull request #7 opened in demo, commit c0ffee0 (feature into main)\n"));
    CHECK(has(text, "workflow \"build\", line 1: runs, "));
    CHECK(has(text, "  trigger_services, line 3: done: ran the services of demo/hello\n"));
    CHECK(has(text, "status OBS: hello - local/x86_64: failure, failed - the forge could not be told\n"));
    CHECK(has(text, " sent: pending, building\n"));
    CHECK(has(text, " given_up: failure, failed (report: no such commit)\n"));
    CHECK_FALSE(read_run_story(stage.world().pool(), 99).has_value());
}

TEST_CASE("a run that waits for its next try says so") {
    JobStage stage;
    RunStory story = read_run_story(stage.world().pool(), run_and_fail_to_report(stage)).value();
    CHECK_FALSE(has(tell(story), "waiting"));
    CHECK(nlohmann::json::parse(to_json(story)).at("wait").is_null());
    story.wait = RunWait{3, 15, "2026-01-02T03:04:05Z", "2026-01-02T03:14:05Z", "read the file:\n503"};
    const std::string sentence =
        "waiting: 3 of 15 tries failed since 2026-01-02T03:04:05Z, the next one comes at "
        "2026-01-02T03:14:05Z; the last one: read the file: 503\n";
    CHECK(has(tell(story), "  " + sentence));
    CHECK(news(story).at(news(story).size() - 2).first == "wait");
    CHECK(nlohmann::json::parse(to_json(story)).at("wait").at("failures") == 3);
}

TEST_CASE("a run is the same for programs") {
    JobStage stage;
    const auto run = run_and_fail_to_report(stage);
    const auto json = nlohmann::json::parse(to_json(*read_run_story(stage.world().pool(), run)));
    CHECK(json.at("status") == "success");
    CHECK(json.at("event").at("number") == 7);
    CHECK(json.at("workflows").at(0).at("runs") == true);
    CHECK(json.at("steps").at(0).at("step") == "trigger_services");
    const auto& status = json.at("statuses").back();
    CHECK(status.at("state") == "failure");
    CHECK(status.at("reports").back().at("outcome") == "given_up");
    CHECK(status.at("given_up") == status.at("version"));
}

TEST_CASE("who follows a run hears each change once") {
    JobStage stage;
    const auto run = run_and_fail_to_report(stage);
    const auto list = news(*read_run_story(stage.world().pool(), run));
    CHECK(list.size() == 4);  // a step, two statuses, the run
    CHECK(list == news(*read_run_story(stage.world().pool(), run)));
    const auto rest =
        in_transaction(stage.world().pool(), [&](pqxx::work& tx) { return rest_of_run(tx, run); });
    REQUIRE(rest.has_value());
    CHECK(rest->nothing_left());
}

TEST_CASE("while builds go on or the forge does not know, something is left of a run") {
    JobStage stage;
    stage.config().set_file(
        "build:\n  steps:\n    - trigger_services:\n        project: demo\n        package: hello\n");
    stage.builds().add_services(kHello);
    stage.builds().set_results(kHello, one_result(BuildState::Building));
    const auto run = stage.run(RunWorld::pull_request(7, "c0ffee0"));
    const auto rest = [&] {
        return *in_transaction(stage.world().pool(), [&](pqxx::work& tx) { return rest_of_run(tx, run); });
    };
    CHECK(rest().pending == 1);
    CHECK(rest().unsent == 2);
    stage.perform_all();
    CHECK(rest().unsent == 0);
    CHECK_FALSE(rest().nothing_left());
    stage.happens(a_build_event(BuildEventType::BuildSuccess, kHello, "2"));
    stage.perform_all();
    CHECK(rest().nothing_left());
    CHECK_FALSE(
        in_transaction(stage.world().pool(), [](pqxx::work& tx) { return rest_of_run(tx, 99); }).has_value());
}
