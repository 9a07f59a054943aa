// SPDX-License-Identifier: Apache-2.0
// Where statuses go and where their links lead.
#include <doctest/doctest.h>

#include "tests/support/job_stage.hpp"

using namespace heddle;
using heddle::testing::a_build_event;
using heddle::testing::context_of;
using heddle::testing::JobStage;
using heddle::testing::kStarted;
using heddle::testing::now_in_microseconds;
using heddle::testing::one_result;
using heddle::testing::RunWorld;

namespace {

const PackageRef kHello{"demo", "hello"};

/// A forge with a web service, and a definition that makes revision 2 of demo/hello.
void prepare(JobStage& stage) {
    stage.world().tell("UPDATE forges SET kind = 'gitlab'");
    stage.parts().reporters["gitlab"] = stage.parts().reporters.at("git");
    stage.parts().config_sources["gitlab"] = stage.parts().config_sources.at("git");
    stage.config().set_file(
        "build:\n  steps:\n    - trigger_services:\n        project: demo\n        package: hello\n");
    stage.builds().add_services(kHello);
    stage.builds().set_results(kHello, one_result(BuildState::Building));
}

ScmEvent from_fork(const std::string& commit_sha) {
    ScmEvent event = RunWorld::pull_request(1, commit_sha);
    event.source.full_name = "fork/demo";
    event.status_repository = "fork/demo";
    return event;
}

ScmEvent pushed(const std::string& commit_sha) {
    ScmEvent event = RunWorld::pull_request(1, commit_sha);
    event.event_class = EventClass::Push;
    event.kind.reset();
    event.number.reset();
    return event;
}

/// "state text" as the forge shows it there.
std::string showing(JobStage& stage, const std::string& repository, const std::string& context) {
    const auto shown = stage.reporter().shown({repository, "c0ffee", context}, {});
    return shown ? std::string(to_string(shown->state)) + " " + shown->text : "";
}

}  // namespace

TEST_CASE("statuses go to the repository where the forge accepts them for the commit") {
    JobStage stage;
    prepare(stage);
    stage.run(from_fork("c0ffee"));
    stage.perform_all();
    CHECK(showing(stage, "fork/demo", kStarted) == "success 1 step of 1 workflow done");
    CHECK(showing(stage, "fork/demo", context_of("hello")) == "pending building");
    stage.happens(a_build_event(BuildEventType::BuildFail, kHello, "2", now_in_microseconds()));
    stage.perform_all();
    CHECK(showing(stage, "fork/demo", context_of("hello")) == "failure failed");
    CHECK(showing(stage, "demo", kStarted).empty());
    CHECK(showing(stage, "demo", context_of("hello")).empty());
}

TEST_CASE("a commit that is shown in two places has a status in each, and both end") {
    JobStage stage;
    prepare(stage);
    stage.run(from_fork("c0ffee"));
    stage.perform_all();
    stage.run(pushed("c0ffee"));  // merged by moving the branch forward
    stage.perform_all();
    CHECK(showing(stage, "demo", kStarted) == "success 1 step of 1 workflow done");
    stage.happens(a_build_event(BuildEventType::BuildSuccess, kHello, "2", now_in_microseconds()));
    stage.happens(a_build_event(BuildEventType::BuildFail, kHello, "3", now_in_microseconds()));
    stage.perform_all();
    CHECK(showing(stage, "fork/demo", context_of("hello")) == "success succeeded");
    CHECK(showing(stage, "demo", context_of("hello")) == "failure failed");
    CHECK(stage.world().ask("SELECT count(*) FROM commit_statuses WHERE state = 'pending'") == "0");
    // A stored event may be from before the fork's own id was kept.
    const auto id_at = [&](const std::string& repository) {
        return stage.reporter().shown({repository, "c0ffee", context_of("hello")}, {})->repository_id;
    };
    CHECK(id_at("demo") == stage.world().ask("SELECT identity FROM repositories"));
    CHECK(id_at("fork/demo").empty());
}

TEST_CASE("a fork that is renamed between two deliveries is still one place, known by the forge's own id") {
    JobStage stage;
    prepare(stage);
    ScmEvent event = from_fork("c0ffee");
    event.status_repository_id = "78";
    stage.run(event);
    stage.perform_all();
    event.action = "labeled";
    event.status_repository = event.source.full_name = "fork/renamed";
    stage.run(event);
    stage.happens(a_build_event(BuildEventType::BuildSuccess, kHello, "3", now_in_microseconds()));
    stage.perform_all();
    CHECK(
        stage.world().ask("SELECT posted_to, posted_to_name, count(*) FROM commit_statuses GROUP BY 1, 2") ==
        "78|fork/renamed|2");
    const auto shown =
        stage.reporter().shown({"fork/renamed", "c0ffee", context_of("hello"), {}, {}, {}, "78"}, {});
    REQUIRE(shown);
    CHECK(shown->state == StatusState::Success);
    CHECK(shown->repository_id == "78");
}

TEST_CASE("the link of a status leads to its run or build, where people can open it") {
    JobStage stage;
    prepare(stage);
    SUBCASE("a public address") {
        stage.parts().reports.public_url = "https://heddle.example.org";
        const auto id = stage.run(from_fork("c0ffee"));
        const std::string page = "https://heddle.example.org/runs/" + std::to_string(id);
        const auto link_of = [&](const std::string& context) {
            return stage.world().ask("SELECT url FROM commit_statuses WHERE context = '" + context + "'");
        };
        CHECK(link_of(kStarted) == page);
        const std::string build = page + "#demo/hello/local/x86_64";
        CHECK(link_of(context_of("hello")) == build);
        stage.happens(a_build_event(BuildEventType::BuildFail, kHello, "2", now_in_microseconds()));
        stage.perform_all();
        CHECK(stage.reporter().shown({"fork/demo", "c0ffee", context_of("hello")}, {})->url == build);
    }
    SUBCASE("an address that leaves no room for the build") {
        stage.parts().reports.public_url = "https://" + std::string(200, 'a') + ".example.org/some-folder";
        const auto id = stage.run(from_fork("c0ffee"));
        CHECK(stage.world().ask("SELECT DISTINCT url FROM commit_statuses") ==
              stage.parts().reports.public_url + "/runs/" + std::to_string(id));
    }
    SUBCASE("none") {
        stage.run(from_fork("c0ffee"));
        CHECK(stage.world().ask("SELECT DISTINCT url FROM commit_statuses") == "");
    }
}
