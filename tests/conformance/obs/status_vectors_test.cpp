// SPDX-License-Identifier: Apache-2.0
// What a commit is told, and what comes of a forge's refusals (reference 14, vectors 14, 27 to 30 and 32 to
// 34); with a database.
#include <doctest/doctest.h>

#include <thread>

#include "reporters/http_answer.hpp"
#include "tests/support/job_stage.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using heddle::testing::a_build_event;
using heddle::testing::context_of;
using heddle::testing::JobStage;
using heddle::testing::kStarted;
using heddle::testing::one_result;
using heddle::testing::RunWorld;
using Type = BuildEventType;

namespace {

const PackageRef kHello{"home:danidoni", "hello"};
const std::string kHead = "aaaaaaa1";

/// A pull request whose run has asked for the services of kHello, which made its revision 2.
struct Stage : JobStage {
    Stage() {
        config().set_file(
            "ci:\n  steps:\n    - trigger_services: { project: \"home:danidoni\", package: hello }\n");
        builds().add_services(kHello);
        builds().set_results(kHello, one_result(BuildState::Building));
    }

    std::int64_t open() { return run(RunWorld::pull_request(1, kHead)); }
    std::string contexts() { return world().ask("SELECT context FROM commit_statuses ORDER BY context"); }
    std::string reports() { return world().ask("SELECT state, message FROM status_reports ORDER BY id"); }
    std::string run_and_token() {
        return world().ask("SELECT status, enabled FROM workflow_runs JOIN tokens ON tokens.id = token_id");
    }
};

/// What a forge's answer to a report means.
RemoteError meaning_of(const HttpResponse& answer) {
    try {
        require_success(answer, {}, "report");
    } catch (const RemoteError& error) {
        return error;
    }
    throw std::logic_error("no refusal");
}

/// A run whose first report the forge refuses with that answer.
void refuse(Stage& stage, const HttpResponse& answer) {
    stage.builds().set_results(kHello, {});
    stage.open();
    stage.reporter().journal().fail("report", meaning_of(answer));
    stage.perform_all();
}

/// It failed neither run nor token, and what the run's builds come to is told all the same.
void check_given_up(Stage& stage, const std::string& words) {
    CHECK(stage.reports() == "given_up|report: the answer is " + words);
    CHECK(stage.run_and_token() == "success|t");
    stage.happens(a_build_event(Type::BuildSuccess, kHello, "2"));
    stage.perform_all();
    CHECK(stage.reporter().showing(kHead, context_of("hello")) == "success succeeded");
}

}  // namespace

TEST_CASE("vector 14: without a file the run says so, naming the branch, and the commit hears nothing") {
    JobStage stage;
    stage.run(RunWorld::pull_request(1, kHead));
    CHECK(stage.world().ask("SELECT status, message FROM workflow_runs") ==
          "success|no .obs/workflows.yml on main");
    CHECK(stage.world().ask("SELECT count(*) FROM commit_statuses") == "0");
}

TEST_CASE("vector 27: a failed build is a failure in its own context") {
    Stage stage;
    stage.open();
    BuildEvent failed = a_build_event(Type::BuildFail, kHello, "2");
    failed.repository = "openSUSE_Tumbleweed";
    stage.happens(failed);
    CHECK(stage.status(kHead, "OBS: hello - openSUSE_Tumbleweed/x86_64") == "failure failed");
}

TEST_CASE("vector 28: the end of another package's build, or of another project's, is told nobody") {
    Stage stage;
    stage.open();
    const std::string before = stage.contexts();
    stage.happens(a_build_event(Type::BuildFail, {"home:danidoni", "other"}, "2"));
    stage.happens(a_build_event(Type::BuildFail, {"home:other", "hello"}, "2"));
    CHECK(stage.contexts() == before);
    CHECK(stage.status(kHead, context_of("hello")) == "pending building");
    stage.happens(a_build_event(Type::BuildFail, kHello, "2"));
    CHECK(stage.status(kHead, context_of("hello")) == "failure failed");
}

TEST_CASE("vector 29: of a run without trouble the forge hears that it goes on, then that it is done") {
    Stage stage;
    stage.builds().set_results(kHello, {});
    stage.world().start(RunWorld::pull_request(1, kHead));
    auto& journal = stage.builds().journal();
    journal.block("run_services");
    {
        const std::jthread run([&] { stage.perform(job_kind::kRunWorkflows); });
        journal.await_blocked("run_services");
        stage.perform(job_kind::kSyncStatus);
        journal.release("run_services");
    }
    stage.perform_all();
    CHECK(
        stage.reporter().journal().lines_of("report") ==
        std::vector<std::string>{"report " + kHead + " " + kStarted + ": pending running",
                                 "report " + kHead + " " + kStarted + ": success 1 step of 1 workflow done"});
}

TEST_CASE("vector 30: the end of a pull request is told nobody") {
    Stage stage;
    stage.run(RunWorld::pull_request(1, kHead, PullRequestKind::Closed));
    CHECK(stage.contexts() == "");
    CHECK(stage.world().ask("SELECT count(*) FROM jobs") == "0");
}

TEST_CASE("vector 32: a forbidden report is given up with the forge's words; run and token go on") {
    Stage stage;
    refuse(stage, {403, {}, R"({"message": "Resource not accessible"})"});
    check_given_up(stage, "403: Resource not accessible");
}

TEST_CASE("vector 33: so is a report that is refused for any other reason") {
    Stage stage;
    refuse(stage, {422, {}, R"({"message": "oops"})"});
    check_given_up(stage, "422: oops");
}

TEST_CASE("vector 34: so is one that the forge refuses for its repository, and its builds stay subscribed") {
    Stage stage;
    refuse(stage, {404, {}, R"({"message": "Not Found"})"});
    check_given_up(stage, "404: Not Found");
}
