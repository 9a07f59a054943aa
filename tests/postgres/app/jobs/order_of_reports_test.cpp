// SPDX-License-Identifier: Apache-2.0
// A forge's gate must not see a commit as good while it has not heard of builds that are pending.
#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

#include "app/postgres/job_end.hpp"
#include "tests/support/job_stage.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using heddle::testing::a_build_event;
using heddle::testing::context_of;
using heddle::testing::JobStage;
using heddle::testing::kStarted;
using heddle::testing::now_in_microseconds;
using heddle::testing::one_result;
using heddle::testing::RunWorld;
using At = heddle::test::CallJournal::At;
using Kind = RemoteError::Kind;
using namespace std::chrono_literals;

namespace {

const PackageRef kHello{"demo", "hello"};
const std::string kBuild = context_of("hello");
const std::string kSuccess = "success 1 step of 1 workflow done";

/// A run that has ended well; of its builds one is pending in each of these repositories.
void end_run_with_builds(JobStage& stage, const std::vector<std::string>& repositories) {
    stage.config().set_file(
        "build:\n  steps:\n    - trigger_services:\n        project: demo\n        package: hello\n");
    stage.builds().add_services(kHello);
    std::vector<BuildResult> results;
    for (const std::string& repository : repositories)
        results.push_back({repository, "x86_64", BuildState::Scheduled, {}, ""});
    stage.builds().set_results(kHello, results);
    stage.run(RunWorld::pull_request(1, "c0ffee"));
}

std::string showing(JobStage& stage, const std::string& context) {
    return stage.reporter().showing("c0ffee", context);
}

/// The context's sync_status, claimed.
Job claim_report_of(JobStage& stage, const std::string& context) {
    std::vector<Job> jobs;
    const std::string id =
        stage.world().ask("SELECT id FROM commit_statuses WHERE context = '" + context + "'");
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) {
        tx.exec0("UPDATE jobs SET run_at = now() - interval '1 second' WHERE run_at <= now() AND key = '" +
                 id + "' AND kind = 'sync_status'");
        jobs = claim_jobs(tx, 1'000'000, {job_kind::kSyncStatus}, 1, 30s);
    });
    REQUIRE_MESSAGE(jobs.size() == 1, "nothing reports " << context);
    REQUIRE_MESSAGE(jobs.front().key == id, "another report comes before that of " << context);
    return jobs.front();
}

void report(JobStage& stage, const std::string& context) { stage.perform(claim_report_of(stage, context)); }

/// The forge is told of the build, which it can't take now.
Job fail_to_report(JobStage& stage, const std::string& context) {
    const Job job = claim_report_of(stage, context);
    stage.reporter().journal().fail("report", {Kind::Retry, "report", "503"});
    CHECK_THROWS_AS(stage.perform(job), RemoteError);
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) { retry_job_later(tx, job, "503", 1h); });
    return job;
}

void its_time_comes(JobStage& stage, const Job& job) {
    stage.world().tell("UPDATE jobs SET run_at = now() WHERE id = " + std::to_string(job.id));
}

/// What may run now.
std::string ready(JobStage& stage) {
    return stage.world().ask(
        "SELECT s.context FROM jobs j JOIN commit_statuses s ON s.id::text = j.key "
        "WHERE j.state = 'available' AND j.run_at <= now() ORDER BY s.context COLLATE \"C\"");
}

}  // namespace

TEST_CASE("the run's success is told after its builds are known to be pending") {
    JobStage stage;
    end_run_with_builds(stage, {"local"});
    report(stage, kStarted);  // it is its turn
    CHECK(showing(stage, kStarted).empty());
    report(stage, kBuild);
    CHECK(showing(stage, kBuild) == "pending scheduled");
    report(stage, kStarted);
    CHECK(showing(stage, kStarted) == kSuccess);
    CHECK(stage.world().ask("SELECT count(*) FROM jobs") == "0");
}

TEST_CASE("a forge that can't take a build's status now does not get the run's success") {
    JobStage stage;
    end_run_with_builds(stage, {"local"});
    const Job build = fail_to_report(stage, kBuild);
    stage.perform_all();
    CHECK(showing(stage, kStarted).empty());
    CHECK(stage.world().ask("SELECT error FROM jobs WHERE id <> " + std::to_string(build.id)) ==
          "the forge has not heard yet that builds are pending");
    SUBCASE("until it takes it") {
        its_time_comes(stage, build);
        stage.perform_all();
        CHECK(showing(stage, kBuild) == "pending scheduled");
    }
    SUBCASE("until it is given up") {
        its_time_comes(stage, build);
        stage.reporter().journal().fail("report", {Kind::GiveUp, "report", "refused"});
        stage.perform_all();
        CHECK(showing(stage, kBuild).empty());
    }
    SUBCASE("until its job is discarded") {
        in_transaction(stage.world().pool(), [&](pqxx::work& tx) { discard_job(tx, build.id); });
        stage.perform_all();
    }
    CHECK(showing(stage, kStarted) == kSuccess);
    CHECK(stage.world().ask("SELECT count(*) FROM jobs") == "0");
}

TEST_CASE("of many builds the last one that is told lets the run's success go, be they told in any order") {
    std::vector<std::string> order{"a", "b", "c"};
    do {
        JobStage stage;
        end_run_with_builds(stage, order);
        for (const std::string& repository : order) {
            if (ready(stage).starts_with(kStarted)) report(stage, kStarted);
            CHECK(showing(stage, kStarted).empty());
            report(stage, "OBS: hello - " + repository + "/x86_64");
        }
        report(stage, kStarted);
        CHECK(showing(stage, kStarted) == kSuccess);
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("a run's success that meets a build's status on its way is told when that has arrived") {
    JobStage stage;
    end_run_with_builds(stage, {"local"});
    const Job build = claim_report_of(stage, kBuild);
    stage.reporter().journal().block("report", At::End);
    std::jthread slow([&] { stage.perform(build); });
    stage.reporter().journal().await_blocked("report", At::End);
    report(stage, kStarted);
    CHECK(ready(stage).empty());
    stage.reporter().journal().release("report", At::End);
    slow.join();
    CHECK(ready(stage) == kStarted);
    report(stage, kStarted);
    CHECK(stage.reporter().journal().lines_of("report").size() == 2);
}

TEST_CASE("a run's failure waits for nothing") {
    JobStage stage;
    end_run_with_builds(stage, {"local"});
    SUBCASE("it failed") {
        stage.world().tell("UPDATE commit_statuses SET state = 'failure' WHERE context = '" + kStarted + "'");
        report(stage, kStarted);
    }
    SUBCASE("it fails while its success waits") {
        report(stage, kStarted);
        Contribution word;
        word.key = stage.world().status_key("c0ffee", kStarted);
        word.producer = "another run";
        word.state = StatusState::Failure;
        in_transaction(stage.world().pool(), [&](pqxx::work& tx) { contribute(tx, {word}); });
        report(stage, kStarted);
    }
    CHECK(showing(stage, kStarted).starts_with("failure"));
    CHECK(showing(stage, kBuild).empty());
}

TEST_CASE("what nobody will tell holds back no run's success") {
    JobStage stage;
    end_run_with_builds(stage, {"local"});
    report(stage, kStarted);
    const Job build = fail_to_report(stage, kBuild);
    SUBCASE("its token is disabled") {
        stage.world().add_token();
        stage.world().tell(
            "UPDATE commit_statuses SET token_id = (SELECT max(id) FROM tokens) WHERE context <> '" +
            kStarted + "'");
        stage.world().tell("UPDATE tokens SET enabled = false WHERE id = (SELECT max(id) FROM tokens)");
    }
    SUBCASE("its status is gone") {
        stage.world().tell("DELETE FROM commit_statuses WHERE context <> '" + kStarted + "'");
    }
    SUBCASE("it went well meanwhile") {
        stage.happens(a_build_event(BuildEventType::BuildSuccess, kHello, "2", now_in_microseconds()));
    }
    // Nobody wakes it: it looks again by itself, within a minute.
    CHECK(stage.world().ask("SELECT run_at BETWEEN now() AND now() + interval '1 minute' FROM jobs "
                            "WHERE id <> " +
                            std::to_string(build.id)) == "t");
    stage.world().tell("UPDATE jobs SET run_at = now() WHERE id <> " + std::to_string(build.id));
    report(stage, kStarted);
    CHECK(showing(stage, kStarted) == kSuccess);
}

TEST_CASE(
    "a build that went well before, and is made again, is pending before the next run's success is told") {
    JobStage stage;
    end_run_with_builds(stage, {"local"});
    stage.happens(a_build_event(BuildEventType::BuildSuccess, kHello, "2", now_in_microseconds()));
    stage.perform_all();
    REQUIRE(showing(stage, kBuild) == "success succeeded");
    stage.run(RunWorld::pull_request(1, "c0ffee", PullRequestKind::Updated));
    REQUIRE(stage.status("c0ffee", kBuild) == "pending scheduled");
    stage.reporter().journal().clear();
    report(stage, kStarted);
    report(stage, kBuild);
    report(stage, kStarted);
    const auto reports = stage.reporter().journal().lines_of("report");
    REQUIRE(reports.size() == 2);
    CHECK(reports[0] == "report c0ffee " + kBuild + ": pending scheduled");
    CHECK(reports[1] == "report c0ffee " + kStarted + ": " + kSuccess);
}
