// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <thread>

#include "app/jobs/job_runner.hpp"
#include "app/postgres/job_end.hpp"
#include "app/postgres/run_store.hpp"
#include "app/postgres/run_story.hpp"
#include "tests/support/job_stage.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using heddle::testing::context_of;
using heddle::testing::eventually;
using heddle::testing::JobStage;
using heddle::testing::kStarted;
using heddle::testing::one_result;
using heddle::testing::RunWorld;
using At = heddle::test::CallJournal::At;
using namespace std::chrono_literals;

namespace {

const PackageRef kHello{"demo", "hello"};
const std::string kRebuild = R"(
build:
  steps:
    - rebuild_package:
        project: demo
        package: hello
)";
const ScmEvent kOpened = RunWorld::pull_request(1, "aaaaaaa1");
const ScmEvent kUpdated = RunWorld::pull_request(1, "bbbbbbb2", PullRequestKind::Updated);

void with_rebuild(JobStage& stage) {
    stage.config().set_file(kRebuild);
    stage.builds().add_package(kHello);
    stage.builds().set_results(kHello, one_result(BuildState::Scheduled));
}

RunnerOptions quick() {
    RunnerOptions options;
    options.retry.first = 2ms;
    options.retry.longest = 5ms;
    options.poll = 100ms;
    return options;
}

std::string run_row(JobStage& stage) {
    return stage.world().ask("SELECT status, message FROM workflow_runs ORDER BY id");
}

}  // namespace

TEST_CASE("without a file the run succeeds and the commit hears nothing") {
    JobStage stage;
    stage.run(kOpened);
    CHECK(run_row(stage) == "success|no .obs/workflows.yml on main");
    CHECK(stage.world().ask("SELECT count(*) FROM commit_statuses") == "0");
    CHECK(stage.world().ask("SELECT count(*) FROM jobs") == "0");
}

TEST_CASE("an invalid file fails the run with all its problems") {
    JobStage stage;
    stage.config().set_file(
        "build:\n  steps:\n    - rebuild_package:\n        project: demo\n    - no_such_step: {}\n");
    stage.run(kOpened);
    CHECK(stage.world().ask("SELECT status, jsonb_array_length(problems) >= 2 FROM workflow_runs") ==
          "fail|t");
    CHECK(stage.status("aaaaaaa1", kStarted).starts_with("failure .obs/workflows.yml:3:"));
    CHECK(stage.world().ask("SELECT configuration LIKE 'build:%' FROM workflow_runs") == "t");
}

TEST_CASE("a file that is no text is stored readably") {
    JobStage stage;
    stage.config().set_file(std::string("a: \0 \xff\n", 7));
    stage.run(kOpened);
    CHECK(stage.world().ask("SELECT status FROM workflow_runs") == "fail");
    CHECK(stage.world().ask("SELECT configuration FROM workflow_runs") == "a: \xEF\xBF\xBD \xEF\xBF\xBD\n");
}

TEST_CASE("a run stores what its file means") {
    JobStage stage;
    with_rebuild(stage);
    stage.run(kOpened);
    CHECK(stage.world().ask("SELECT plan->0->>'name', plan->0->>'runs', plan->0->'steps'->0->>'does', "
                            "plan->0->'steps'->0->'target'->>'package' FROM workflow_runs") ==
          "build|true|rebuild|hello");
    CHECK(stage.world().ask("SELECT workflow, step, status, tries FROM run_steps") ==
          "build|rebuild_package|done|1");
}

TEST_CASE("a step that can't work fails the run and the started status, not the builds before it") {
    JobStage stage;
    with_rebuild(stage);
    stage.config().set_file(kRebuild +
                            "    - rebuild_package:\n        project: demo\n        package: gone\n");
    stage.run(kOpened);
    CHECK(stage.world().ask("SELECT status FROM workflow_runs") == "fail");
    CHECK(stage.status("aaaaaaa1", kStarted).starts_with("failure workflow \"build\", line "));
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "pending scheduled");
    CHECK(stage.world().ask("SELECT status FROM run_steps ORDER BY step_index") == "done;fail");
    CHECK(stage.world().ask("SELECT count(*) FROM package_revisions WHERE completed_at IS NULL") == "0");
}

TEST_CASE("pending builds are announced as the configuration wants") {
    JobStage stage;
    with_rebuild(stage);
    ScmEvent push = RunWorld::pull_request(1, "ccccccc3");
    push.event_class = EventClass::Push;
    push.kind.reset();
    push.number.reset();
    SUBCASE("not for pushes by default") {
        stage.run(push);
        CHECK(stage.status("ccccccc3", context_of("hello")).empty());
        CHECK(stage.status("ccccccc3", kStarted).starts_with("success"));
    }
    SUBCASE("for all") {
        stage.parts().reports.pending = ReportsConfig::Pending::All;
        stage.run(push);
        CHECK(stage.status("ccccccc3", context_of("hello")) == "pending scheduled");
    }
    SUBCASE("for none") {
        stage.parts().reports.pending = ReportsConfig::Pending::None;
        stage.run(kOpened);
        CHECK(stage.status("aaaaaaa1", context_of("hello")).empty());
    }
}

TEST_CASE("a tag push gets the started status and no builds") {
    JobStage stage;
    with_rebuild(stage);
    ScmEvent tag = RunWorld::pull_request(1, "ccccccc3");
    tag.event_class = EventClass::TagPush;
    tag.kind.reset();
    tag.number.reset();
    tag.tag = "v1";
    tag.target.branch.clear();
    stage.parts().reports.pending = ReportsConfig::Pending::All;
    stage.run(tag);
    CHECK(stage.world().ask("SELECT context FROM commit_statuses") == kStarted);
    CHECK(stage.world().ask("SELECT count(*) FROM event_subscriptions") == "0");
}

TEST_CASE("an update whose head was replaced ends without steps") {
    JobStage stage;
    with_rebuild(stage);
    stage.world().start(kUpdated);
    stage.world().start(RunWorld::pull_request(1, "ccccccc3", PullRequestKind::Updated));
    stage.world().start(RunWorld::pull_request(2, "ddddddd4", PullRequestKind::Updated));
    stage.perform_all();
    CHECK(stage.world().ask("SELECT message FROM workflow_runs ORDER BY id") ==
          "superseded by ccccccc;1 step of 1 workflow done;1 step of 1 workflow done");
    CHECK(stage.world().ask("SELECT count(*) FROM run_steps") == "2");
    CHECK(stage.world().ask("SELECT count(*) FROM commit_statuses WHERE commit_sha = 'bbbbbbb2'") == "0");
}

TEST_CASE("no event about a head is worked on when that was replaced or its pull request closed") {
    JobStage stage;
    with_rebuild(stage);
    int number = 0;
    for (const auto kind : {PullRequestKind::Opened,
                            PullRequestKind::Updated,
                            PullRequestKind::Reopened,
                            PullRequestKind::Labeled,
                            PullRequestKind::Unlabeled})
        for (const auto later :
             {PullRequestKind::Updated, PullRequestKind::Closed, PullRequestKind::Merged}) {
            const std::string head = later == PullRequestKind::Updated ? "bbbbbbb2" : "aaaaaaa1";
            stage.world().start(RunWorld::pull_request(++number, "aaaaaaa1", kind));
            stage.world().start(RunWorld::pull_request(number, head, later));
        }
    stage.perform_all();
    CHECK(stage.world().ask(
              "SELECT message, count(*) FROM workflow_runs WHERE id % 2 = 1 GROUP BY 1 ORDER BY 1") ==
          "superseded by bbbbbbb|5;superseded: the pull request was closed|5;"
          "superseded: the pull request was merged|5");
    CHECK(stage.world().ask("SELECT count(*) FROM run_steps WHERE run_id % 2 = 1") == "0");
    CHECK(stage.world().ask("SELECT count(*) FROM workflow_runs WHERE message LIKE 'superseded%'") == "15");
}

TEST_CASE("a run that somebody insists on is executed though its head was replaced") {
    JobStage stage;
    with_rebuild(stage);
    const auto id = stage.world().start(kOpened);
    stage.world().start(kUpdated);
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) { force_run(tx, id); });
    stage.perform_all();
    CHECK(run_row(stage) == "success|1 step of 1 workflow done;success|1 step of 1 workflow done");
}

TEST_CASE("an update that is superseded while it waits for its retry ends its pending status") {
    JobStage stage;
    with_rebuild(stage);
    stage.builds().journal().fail("rebuild_package", {RemoteError::Kind::Retry, "rebuild", "503"});
    stage.world().start(kUpdated);
    const Job job = stage.world().claim(job_kind::kRunWorkflows);
    CHECK_THROWS_AS(stage.perform(job), RemoteError);
    CHECK(stage.status("bbbbbbb2", kStarted) == "pending running");
    stage.world().start(RunWorld::pull_request(1, "ccccccc3", PullRequestKind::Updated));
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) { retry_job_later(tx, job, "503", 0ms); });
    stage.perform_all();
    CHECK(stage.status("bbbbbbb2", kStarted) == "error superseded by ccccccc");
    CHECK(stage.world().ask("SELECT count(*) FROM run_steps WHERE status = 'running'") == "0");
}

TEST_CASE("a run that waits for its next try tells why, since when, and when it comes") {
    JobStage stage;
    with_rebuild(stage);
    const auto run = stage.world().start(kUpdated);
    const auto story = [&] { return read_run_story(stage.world().pool(), run).value(); };
    CHECK_FALSE(story().wait.has_value());
    const Job job = stage.world().claim(job_kind::kRunWorkflows);
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) {
        mark_run_running(tx, run);
        retry_job_later(tx, job, "read the file: the answer is 503", 600'000ms);
    });
    const RunStory waiting = story();
    REQUIRE(waiting.wait.has_value());
    CHECK(waiting.wait->failures == 1);
    CHECK(waiting.wait->since == waiting.run.started_at);
    CHECK(waiting.wait->next_at > waiting.wait->since);
    CHECK(waiting.wait->in_words() == "1 of 150 tries failed since " + waiting.wait->since +
                                          ", the next one comes at " + waiting.wait->next_at +
                                          "; the last one: read the file: the answer is 503");
}

TEST_CASE("a repeated step is counted, and nothing is promised twice") {
    JobStage stage;
    with_rebuild(stage);
    stage.builds().journal().fail("rebuild_package", {RemoteError::Kind::Retry, "rebuild", "lost"}, At::End);
    stage.world().start(kOpened);
    JobRunner runner(stage.world().pool(), quick(), stage.handlers());
    runner.start();
    CHECK(eventually([&] { return run_row(stage) == "success|1 step of 1 workflow done"; }));
    runner.stop();
    CHECK(stage.world().ask("SELECT tries FROM run_steps") == "2");
    CHECK(stage.world().ask("SELECT count(*) FROM package_revisions") == "1");
    CHECK(stage.builds().package(kHello)->rebuilds == 2);
}

TEST_CASE("an attempt that is taken up again goes on with its file, the next one reads it anew") {
    JobStage stage;
    with_rebuild(stage);
    stage.builds().journal().fail("rebuild_package", {RemoteError::Kind::Retry, "rebuild", "503"});
    const auto id = stage.world().start(kOpened);
    const Job job = stage.world().claim(job_kind::kRunWorkflows);
    CHECK_THROWS_AS(stage.perform(job), RemoteError);
    stage.builds().add_package({"demo", "other"});
    const std::string changed =
        kRebuild + "    - rebuild_package:\n        project: demo\n        package: other\n";
    stage.config().set_file(changed);
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) { retry_job_later(tx, job, "503", 0ms); });
    stage.perform_all();
    CHECK(run_row(stage) == "success|1 step of 1 workflow done");
    CHECK(stage.world().ask("SELECT configuration FROM workflow_runs") == kRebuild);
    CHECK(stage.world().ask("SELECT step, status, tries FROM run_steps") == "rebuild_package|done|2");

    in_transaction(stage.world().pool(), [&](pqxx::work& tx) { rerun(tx, id); });
    stage.perform_all();
    CHECK(run_row(stage) == "success|2 steps of 1 workflow done");
    CHECK(stage.world().ask("SELECT configuration FROM workflow_runs") == changed);
}

TEST_CASE("a run whose job dies for good fails, and nothing of it stays pending") {
    JobStage stage;
    with_rebuild(stage);
    stage.world().start(kOpened);
    std::string reason;
    SUBCASE("the forge can't be asked any more") {
        stage.world().tell("UPDATE jobs SET max_attempts = 1");
        stage.config().journal().fail("read", {RemoteError::Kind::Retry, "read the file", "timed out"});
        reason = "read the file: timed out";
    }
    SUBCASE("the build service can't be asked any more, in the middle") {
        stage.world().tell("UPDATE jobs SET max_attempts = 1");
        stage.builds().journal().fail("rebuild_package", {RemoteError::Kind::Retry, "rebuild", "timed out"});
        reason = "rebuild: timed out";
    }
    SUBCASE("a bug") {
        stage.parts().build_service = [](const std::string&) -> std::shared_ptr<BuildService> {
            throw std::logic_error("impossible");
        };
        reason = "a bug of Heddle: impossible";
    }
    RunnerOptions options = quick();
    JobHandlers handlers = stage.handlers();
    handlers.erase(job_kind::kSyncStatus);
    JobRunner runner(stage.world().pool(), options, handlers);
    runner.start();
    CHECK(eventually(
        [&] { return stage.world().ask("SELECT count(*) FROM jobs WHERE state = 'dead'") == "1"; }));
    runner.stop();
    CHECK(run_row(stage) == "fail|" + reason);
    CHECK(stage.status("aaaaaaa1", kStarted) == "error " + reason);
    CHECK(stage.world().ask("SELECT count(*) FROM run_steps WHERE status = 'running'") == "0");
    CHECK(stage.world().ask("SELECT count(*) FROM package_revisions WHERE completed_at IS NULL") == "0");
}

TEST_CASE("a dead run can be tried again, and discarding its job leaves it failed") {
    JobStage stage;
    with_rebuild(stage);
    stage.world().start(kOpened);
    const Job job = stage.world().claim(job_kind::kRunWorkflows);
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) { bury_job(tx, job, "no luck"); });
    CHECK(run_row(stage) == "fail|no luck");
    const auto id = job.id;
    SUBCASE("again") {
        CHECK(in_transaction(stage.world().pool(), [&](pqxx::work& tx) { return retry_job(tx, id); }));
        stage.perform_all();
        CHECK(run_row(stage) == "success|1 step of 1 workflow done");
    }
    SUBCASE("discarded") {
        CHECK(in_transaction(stage.world().pool(), [&](pqxx::work& tx) { return discard_job(tx, id); }));
        CHECK_FALSE(
            in_transaction(stage.world().pool(), [&](pqxx::work& tx) { return discard_job(tx, id); }));
        CHECK(run_row(stage) == "fail|no luck");
        CHECK(stage.world().ask("SELECT count(*) FROM jobs") == "0");
    }
}

TEST_CASE("discarding a job that waits ends its run") {
    JobStage stage;
    stage.world().start(kOpened);
    const auto id = std::stoll(stage.world().ask("SELECT id FROM jobs"));
    CHECK(in_transaction(stage.world().pool(), [&](pqxx::work& tx) { return discard_job(tx, id); }));
    CHECK(run_row(stage) == "fail|its job was discarded");
}

TEST_CASE("a run that lost its job records nothing more") {
    JobStage stage;
    with_rebuild(stage);
    stage.world().start(kOpened);
    auto& journal = stage.builds().journal();
    journal.block("rebuild_package", At::End);
    const Job job = stage.world().claim(job_kind::kRunWorkflows);
    bool lost = false;
    std::jthread run([&] {
        try {
            stage.perform(job);
        } catch (const JobLost&) {
            lost = true;
        }
    });
    journal.await_blocked("rebuild_package", At::End);
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) { give_back_job(tx, job); });
    journal.release("rebuild_package", At::End);
    run.join();
    CHECK(lost);
    CHECK(stage.world().ask("SELECT status FROM run_steps") == "running");
    CHECK(stage.world().ask("SELECT completed_at IS NULL FROM package_revisions") == "t");
    stage.perform_all();
    CHECK(stage.world().ask("SELECT status, tries FROM run_steps") == "done|2");
}

TEST_CASE("writes to one package never overlap, and waiting for it gives way to a stop") {
    JobStage stage;
    with_rebuild(stage);
    auto& journal = stage.builds().journal();
    journal.block("rebuild_package");
    stage.world().start(kOpened);
    stage.world().start(RunWorld::pull_request(2, "ddddddd4"));
    std::jthread first([&] { stage.perform(job_kind::kRunWorkflows); });
    journal.await_blocked("rebuild_package");
    const Job job = stage.world().claim(job_kind::kRunWorkflows);
    std::stop_source stopping;
    bool gave_way = false;
    std::jthread second([&] {
        JobGuard guard(stage.world().pool(), job, stopping.get_token());
        try {
            stage.handlers().at(job.kind).run(job, guard);
        } catch (const GaveWay&) {
            gave_way = true;
        }
    });
    CHECK(eventually([&] {
        return stage.world().ask(
                   "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == "1";
    }));
    CHECK(journal.lines_of("rebuild_package").size() == 1);
    stopping.request_stop();
    second.join();
    CHECK(gave_way);
    CHECK(journal.lines_of("rebuild_package").size() == 1);
    journal.release("rebuild_package");
}
