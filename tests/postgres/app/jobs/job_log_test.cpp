// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/job_log.hpp"

#include <doctest/doctest.h>

#include "app/jobs/job_runner.hpp"
#include "app/jobs/rescuer.hpp"
#include "app/postgres/delivery_store.hpp"
#include "tests/support/captured_log.hpp"
#include "tests/support/job_stage.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using heddle::test::CapturedLog;
using heddle::testing::eventually;
using heddle::testing::JobStage;
using heddle::testing::RunWorld;
using namespace std::chrono_literals;

namespace {

const std::string kRunLine = "run=1 attempt=1 delivery=1 job=1 repository=demo commit=aaaaaaa1";

/// A run that a delivery started.
void deliver(JobStage& stage, const ScmEvent& event) {
    const auto run = stage.world().start(event);
    NewDelivery delivery;
    delivery.token_id = stage.world().token_id();
    delivery.forge_kind = "git";
    delivery.verdict = "accepted";
    delivery.run_id = run;
    delivery.body = pack_body("{}");
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) { store_delivery(tx, delivery); });
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the log tells when a run begins and how it ends, with its delivery and job") {
    JobStage stage;
    deliver(stage, RunWorld::pull_request(1, "aaaaaaa1"));
    const CapturedLog log;
    stage.perform(job_kind::kRunWorkflows);
    CHECK(log.text() == "info run_started " + kRunLine + "\ninfo run_ended " + kRunLine +
                            " status=success message=\"no .obs/workflows.yml on main\"\n");
}

TEST_CASE("the log tells of each report, with the run and delivery that it is about") {
    JobStage stage;
    deliver(stage, RunWorld::pull_request(1, "aaaaaaa1"));
    stage.config().set_file("no: [");
    stage.perform(job_kind::kRunWorkflows);
    const std::string line =
        " commit_status=1 version=1 run=1 delivery=1 job=2 forge=here repository=/srv/demo.git "
        "commit=aaaaaaa1 context=\"" +
        heddle::testing::kStarted + "\" state=failure";
    const auto says = [&](const std::string& what, const std::string& error = "") {
        const CapturedLog log;
        const Job job = stage.world().claim(job_kind::kSyncStatus);
        try {
            stage.perform(job);
        } catch (const RemoteError&) {
            in_transaction(stage.world().pool(), [&](pqxx::work& tx) { retry_job_later(tx, job, "x", 0ms); });
        }
        CHECK(log.text() == "info " + what + line + error + "\n");
    };
    const auto fails = [&](RemoteError::Kind kind) {
        stage.reporter().journal().fail("report", {kind, "report", "no\nrun=9"});
    };
    const std::string error = " error=\"report: no run=9";
    SUBCASE("sent") { says("report_sent report=1"); }
    SUBCASE("failed, then sent") {
        fails(RemoteError::Kind::Retry);
        says("report_failed report=1", error + "\"");
        says("report_sent report=2");
    }
    SUBCASE("given up") {
        fails(RemoteError::Kind::GiveUp);
        says("report_given_up report=1", error + "\"");
    }
    SUBCASE("found at the forge after its answer was lost") {
        stage.world().tell(
            "INSERT INTO status_reports (status_id, version, state, sent_state, sent_text) "
            "SELECT id, version, 'sending', state, text FROM commit_statuses");
        stage.reporter().report(
            in_transaction(stage.world().pool(), [&](pqxx::work& tx) { return lock_status(tx, 1)->value; }),
            {});
        says("report_confirmed report=1");
    }
}

TEST_CASE("the log tells of a run that was superseded") {
    JobStage stage;
    deliver(stage, RunWorld::pull_request(1, "aaaaaaa1", PullRequestKind::Updated));
    deliver(stage, RunWorld::pull_request(1, "bbbbbbb2", PullRequestKind::Updated));
    const CapturedLog log;
    stage.perform(job_kind::kRunWorkflows);
    CHECK(log.text() == "info run_ended " + kRunLine + " status=success message=\"superseded by bbbbbbb\"\n");
}

TEST_CASE("the log tells of a job that is tried again and of its end, and no error text forges a field") {
    RunWorld world;
    RunnerOptions options;
    options.retry.first = 4ms;
    options.retry.jitter = 0;
    const JobHandlers handlers{
        {"work",
         {[](const Job&, JobGuard&) { throw RemoteError(RemoteError::Kind::Retry, "ask", "503\nx\" job=9"); },
          {}}}};
    in_transaction(world.pool(), [](pqxx::work& tx) { enqueue_job(tx, {"work", "a", "{\"run\": 7}", 2}); });
    const CapturedLog log;
    JobRunner runner(world.pool(), options, handlers);
    runner.start();
    CHECK(eventually([&] { return world.ask("SELECT state FROM jobs") == "dead"; }));
    runner.stop();
    const std::string error = " error=\"ask: 503 x\\\" job=9\"\n";
    CHECK(contains(log.text(), "info job_retried job=1 kind=work run=7 failures=1 of=2 wait_ms=4" + error));
    CHECK(contains(log.text(), "info job_dead job=1 kind=work run=7" + error));
}

TEST_CASE("the log tells of a job whose worker died") {
    RunWorld world;
    in_transaction(world.pool(), [](pqxx::work& tx) { enqueue_job(tx, {"work", "a", "{}", 2}); });
    world.claim("work");
    const CapturedLog log;
    CHECK(rescue(world.pool(), {}) == 1);
    CHECK(log.text() ==
          "info job_given_back job=1 kind=work repeats=1 because=\"its worker died or hung\"\n");
}
