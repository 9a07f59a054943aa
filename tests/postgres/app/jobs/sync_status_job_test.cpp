// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <thread>

#include "app/postgres/job_end.hpp"
#include "tests/support/job_stage.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using heddle::testing::JobStage;
using At = heddle::test::CallJournal::At;
using Kind = RemoteError::Kind;
using namespace std::chrono_literals;

namespace {

const std::string kContext = "OBS: hello";

void say(JobStage& stage, int cause, StatusState state, const std::string& text) {
    Contribution word;
    word.key = stage.world().status_key("c0ffee", kContext);
    word.producer = "p";
    word.cause = {cause, 0, 0};
    word.state = state;
    word.text = text;
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) { contribute(tx, {word}); });
}

std::string reports(JobStage& stage) {
    return stage.world().ask("SELECT state, sent_text, message FROM status_reports ORDER BY id");
}

std::string versions(JobStage& stage) {
    return stage.world().ask("SELECT version, sent_version, given_up FROM commit_statuses");
}

void fail_with(JobStage& stage, Kind kind, At at = At::Start) {
    stage.reporter().journal().fail("report", {kind, "report", "no answer"}, at);
}

void back_into_queue(JobStage& stage, const Job& job) {
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) { retry_job_later(tx, job, "x", 0ms); });
}

}  // namespace

TEST_CASE("the newest value is sent, once") {
    JobStage stage;
    say(stage, 1, StatusState::Pending, "builds");
    say(stage, 2, StatusState::Failure, "failed");
    stage.perform_all();
    CHECK(stage.reporter().journal().lines_of("report").size() == 1);
    CHECK(stage.reporter().showing("c0ffee", kContext) == "failure failed");
    CHECK(reports(stage) == "sent|failed|");
    CHECK(versions(stage) == "2|2|0");
}

TEST_CASE("a value that changes while the old one is sent is sent after it") {
    JobStage stage;
    say(stage, 1, StatusState::Pending, "builds");
    auto& journal = stage.reporter().journal();
    journal.block("report", At::Start);
    std::jthread first([&] { stage.perform(job_kind::kSyncStatus); });
    journal.await_blocked("report", At::Start);
    CHECK(reports(stage) == "sending|builds|");  // before it is sent, and durable
    say(stage, 2, StatusState::Success, "fine");
    // The key is taken: the newer value waits.
    CHECK(in_transaction(stage.world().pool(), [&](pqxx::work& tx) {
              return claim_jobs(tx, 1'000'000, {job_kind::kSyncStatus}, 5, 30s);
          }).empty());
    journal.release("report", At::Start);
    first.join();
    stage.perform_all();
    CHECK(stage.reporter().showing("c0ffee", kContext) == "success fine");
    CHECK(reports(stage) == "sent|builds|;sent|fine|");
    CHECK(versions(stage) == "2|2|0");
}

TEST_CASE("a failed report is tried again, and does not fail anything else") {
    JobStage stage;
    say(stage, 1, StatusState::Success, "fine");
    fail_with(stage, Kind::Retry);
    const Job job = stage.world().claim(job_kind::kSyncStatus);
    CHECK_THROWS_AS(stage.perform(job), RemoteError);
    back_into_queue(stage, job);
    CHECK(reports(stage) == "failed|fine|report: no answer");
    CHECK(versions(stage) == "1|0|0");
    stage.perform_all();
    CHECK(reports(stage) == "failed|fine|report: no answer;sent|fine|");
    CHECK(versions(stage) == "1|1|0");
}

TEST_CASE("a report that can't be made is given up, with the reason, until the value changes") {
    JobStage stage;
    say(stage, 1, StatusState::Success, "fine");
    SUBCASE("refused") { fail_with(stage, Kind::GiveUp); }
    SUBCASE("not known to the forge") { fail_with(stage, Kind::BadCredentials); }
    stage.perform_all();
    CHECK(reports(stage) == "given_up|fine|report: no answer");
    CHECK(versions(stage) == "1|0|1");
    CHECK(stage.world().ask("SELECT count(*) FROM jobs") == "0");
    say(stage, 2, StatusState::Failure, "failed");
    stage.perform_all();
    CHECK(versions(stage) == "2|2|1");
}

TEST_CASE("after the last attempt the report says so") {
    JobStage stage;
    say(stage, 1, StatusState::Success, "fine");
    stage.world().tell("UPDATE jobs SET failures = max_attempts - 1");
    fail_with(stage, Kind::Retry);
    stage.perform_all();
    CHECK(reports(stage) == "given_up|fine|report: no answer; given up after 150 attempts");
    CHECK(versions(stage) == "1|0|1");
    CHECK(stage.world().ask("SELECT count(*) FROM jobs") == "0");
}

TEST_CASE("a forge of an unknown kind is given up at once") {
    JobStage stage;
    stage.parts().reporters.clear();
    say(stage, 1, StatusState::Success, "fine");
    stage.perform_all();
    CHECK(reports(stage) == "given_up|fine|report to here: forges of kind git are not supported");
}

TEST_CASE("a worker that died after sending: the forge is asked, and nothing is sent twice") {
    JobStage stage;
    say(stage, 1, StatusState::Success, "fine");
    auto& journal = stage.reporter().journal();
    const Job job = stage.world().claim(job_kind::kSyncStatus);
    bool lost = false;
    journal.block("report", At::End);
    std::jthread dying([&] {
        try {
            stage.perform(job);
        } catch (const JobLost&) {
            lost = true;
        }
    });
    journal.await_blocked("report", At::End);
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) { give_back_job(tx, job); });
    SUBCASE("nothing else happened") {
        stage.perform_all();
        CHECK(reports(stage) == "confirmed|fine|");
        CHECK(versions(stage) == "1|1|0");
        CHECK(journal.lines_of("report").size() == 1);
    }
    SUBCASE("the value changed meanwhile") {
        say(stage, 2, StatusState::Failure, "failed");
        stage.perform_all();
        CHECK(reports(stage) == "confirmed|fine|;sent|failed|");
        CHECK(versions(stage) == "2|2|0");
    }
    journal.release("report", At::End);
    dying.join();
    CHECK(lost);
    CHECK(stage.reporter().showing("c0ffee", kContext) == stage.status("c0ffee", kContext));
}

TEST_CASE("a worker that died before sending: the forge is asked, then told") {
    JobStage stage;
    say(stage, 1, StatusState::Success, "fine");
    stage.world().tell(
        "INSERT INTO status_reports (status_id, version, state, sent_state, sent_text) "
        "SELECT id, version, 'sending', state, text FROM commit_statuses");
    stage.perform_all();
    CHECK(reports(stage) == "failed|fine|sending was interrupted, and the forge does not show it;sent|fine|");
    CHECK(stage.reporter().showing("c0ffee", kContext) == "success fine");
}

TEST_CASE("a report whose answer was lost: the forge is asked, and nothing is sent twice") {
    JobStage stage;
    say(stage, 1, StatusState::Success, "fine");
    RemoteError lost(Kind::Retry, "report", "the connection ended");
    lost.may_be_done = true;
    auto& journal = stage.reporter().journal();
    SUBCASE("it had arrived") {
        journal.fail("report", lost, At::End);
        const Job job = stage.world().claim(job_kind::kSyncStatus);
        CHECK_THROWS_AS(stage.perform(job), RemoteError);
        CHECK(reports(stage) == "sending|fine|report: the connection ended");
        back_into_queue(stage, job);
        stage.perform_all();
        CHECK(reports(stage) == "confirmed|fine|");
        CHECK(journal.lines_of("report").size() == 1);
    }
    SUBCASE("it had not") {
        journal.fail("report", lost, At::Start);
        const Job job = stage.world().claim(job_kind::kSyncStatus);
        CHECK_THROWS_AS(stage.perform(job), RemoteError);
        back_into_queue(stage, job);
        stage.perform_all();
        CHECK(reports(stage) ==
              "failed|fine|report: the connection ended, and the forge does not show it;sent|fine|");
    }
    CHECK(stage.reporter().showing("c0ffee", kContext) == "success fine");
    CHECK(versions(stage) == "1|1|0");
}

TEST_CASE("a forge that takes an old report late is told the newest one again") {
    JobStage stage;
    say(stage, 1, StatusState::Pending, "builds");
    RemoteError slow(Kind::Retry, "report", "no answer within the time allowed");
    slow.may_be_done = true;
    stage.reporter().journal().fail("report", slow, At::Start);
    const Job job = stage.world().claim(job_kind::kSyncStatus);
    CHECK_THROWS_AS(stage.perform(job), RemoteError);
    say(stage, 2, StatusState::Success, "fine");
    back_into_queue(stage, job);
    stage.perform_all();
    CHECK(stage.reporter().showing("c0ffee", kContext) == "success fine");
    CHECK(stage.world().ask(
              "SELECT run_at > now() + interval '1 minute' FROM jobs WHERE kind = 'check_status'") == "t");
    // Only now it stores what it was sent first.
    CommitStatus late;
    late.repository = stage.world().ask("SELECT identity FROM repositories");
    late.commit_sha = "c0ffee";
    late.context = kContext;
    late.text = "builds";
    stage.reporter().report(late, {});
    CHECK(stage.reporter().showing("c0ffee", kContext) == "pending builds");
    stage.world().tell("UPDATE jobs SET run_at = now() WHERE kind = 'check_status'");
    stage.perform_all();
    CHECK(stage.reporter().showing("c0ffee", kContext) == "success fine");
    CHECK(stage.world().ask("SELECT count(*) FROM jobs") == "0");
}

TEST_CASE("a report that was given up without an answer is looked for once more") {
    JobStage stage;
    say(stage, 1, StatusState::Success, "fine");
    stage.world().tell("UPDATE jobs SET failures = max_attempts - 1");
    RemoteError lost(Kind::Retry, "report", "the connection ended");
    lost.may_be_done = true;
    auto& journal = stage.reporter().journal();
    const auto look = [&] {
        stage.perform_all();
        CHECK(versions(stage) == "1|0|1");
        stage.world().tell("UPDATE jobs SET run_at = now() WHERE kind = 'check_status'");
        stage.perform_all();
        CHECK(stage.world().ask("SELECT count(*) FROM jobs") == "0");
        CHECK(journal.lines_of("report").size() == 1);
    };
    const std::string given_up = "given_up|fine|report: the connection ended; given up after 150 attempts";
    SUBCASE("it had arrived") {
        journal.fail("report", lost, At::End);
        look();
        CHECK(reports(stage) == given_up + ";confirmed|fine|");
        CHECK(versions(stage) == "1|1|1");
    }
    SUBCASE("it had not") {
        journal.fail("report", lost, At::Start);
        look();
        CHECK(reports(stage) == given_up);
        CHECK(versions(stage) == "1|0|1");
    }
}

TEST_CASE("a forge that can't be asked to the last is given up") {
    JobStage stage;
    say(stage, 1, StatusState::Success, "fine");
    stage.world().tell(
        "INSERT INTO status_reports (status_id, version, state, sent_state, sent_text) "
        "SELECT id, version, 'sending', state, text FROM commit_statuses");
    stage.world().tell("UPDATE jobs SET failures = max_attempts - 1");
    stage.reporter().journal().fail("shown", {Kind::Retry, "look", "no answer"});
    stage.perform_all();
    CHECK(reports(stage) == "given_up|fine|look: no answer; given up after 150 attempts");
    CHECK(versions(stage) == "1|0|1");
}

TEST_CASE("a forge that can't even be asked is asked again later") {
    JobStage stage;
    say(stage, 1, StatusState::Success, "fine");
    stage.world().tell(
        "INSERT INTO status_reports (status_id, version, state, sent_state, sent_text) "
        "SELECT id, version, 'sending', state, text FROM commit_statuses");
    stage.reporter().journal().fail("shown", {Kind::Retry, "look", "no answer"});
    const Job job = stage.world().claim(job_kind::kSyncStatus);
    CHECK_THROWS_AS(stage.perform(job), RemoteError);
    CHECK(reports(stage) == "sending|fine|");
    back_into_queue(stage, job);
    stage.perform_all();
    CHECK(versions(stage) == "1|1|0");
}

TEST_CASE("a dead sync_status gives its status up; retrying it by hand sends it") {
    JobStage stage;
    say(stage, 1, StatusState::Success, "fine");
    const Job job = stage.world().claim(job_kind::kSyncStatus);
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) { bury_job(tx, job, "a bug"); });
    CHECK(versions(stage) == "1|0|1");
    CHECK(in_transaction(stage.world().pool(), [&](pqxx::work& tx) { return retry_job(tx, job.id); }));
    stage.perform_all();
    CHECK(versions(stage) == "1|1|0");
}
