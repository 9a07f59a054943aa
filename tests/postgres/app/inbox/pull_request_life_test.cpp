// SPDX-License-Identifier: Apache-2.0
// The life of a pull request from its webhooks on: what each delivery leaves at the build service and on the
// commit.
#include <doctest/doctest.h>

#include <thread>

#include "tests/support/inbox_world.hpp"
#include "tests/support/job_stage.hpp"

using namespace heddle;
using heddle::testing::a_build_event;
using heddle::testing::a_delivery;
using heddle::testing::context_of;
using heddle::testing::InboxWorld;
using heddle::testing::JobStage;
using heddle::testing::KnownToken;
using heddle::testing::kStarted;
using heddle::testing::one_result;
using heddle::testing::PullRequestFacts;
using At = heddle::test::CallJournal::At;

namespace {

const std::string kBranch = R"(
build:
  steps:
    - branch_package:
        source_project: demo
        source_package: hello
        target_project: ci
)";

const std::string kA = "aaaaaaa111111111111111111111111111111111",
                  kB = "bbbbbbb222222222222222222222222222222222";

/// A server with all around it in memory, and the forge that sends it webhooks.
struct Life {
    JobStage stage;
    InboxWorld inbox{stage.world()};
    KnownToken token = inbox.add_token(inbox.forge_id());
    int deliveries = 0;

    Life() {
        stage.parts().config_sources["github"] = stage.parts().config_sources["git"];
        stage.parts().reporters["github"] = stage.parts().reporters["git"];
        stage.config().set_file(kBranch);
        stage.builds().add_package({"demo", "hello"});
    }

    /// One webhook, new each time, and nothing of what it starts.
    InboxAnswer send(const std::string& action,
                     const std::string& head,
                     int number = 1,
                     bool merged = false) {
        PullRequestFacts facts;
        facts.action = action;
        facts.head = head;
        facts.number = number;
        facts.merged = merged;
        const InboxAnswer answer = inbox.send(token, a_delivery(facts, std::to_string(++deliveries)));
        CHECK(answer.verdict == "accepted");
        return answer;
    }
    /// One webhook and all that it starts.
    void happens(const std::string& action, const std::string& head, int number = 1, bool merged = false) {
        send(action, head, number, merged);
        stage.perform_all();
    }
    static PackageRef package(int number = 1) {
        return {"ci:weavers:loom:PR-" + std::to_string(number), "hello"};
    }
    bool has_project(int number = 1) { return stage.builds().project(package(number).project).has_value(); }
    /// The build service says how the newest build of the pull request's package ended.
    void builds(BuildEventType type, int number = 1) {
        const auto built = stage.builds().package(package(number));
        REQUIRE(built);
        stage.happens(a_build_event(type, package(number), built->history.back().revision.rev));
        stage.perform_all();
    }
    std::string shown(const std::string& head, const std::string& context) {
        return stage.reporter().showing(head, context);
    }
    std::string runs() { return inbox.ask("SELECT status, message FROM workflow_runs ORDER BY id"); }
    /// The commit that the package is to be built from.
    std::string asked_for(int number = 1) {
        const auto package = stage.builds().package(Life::package(number));
        if (!package) return "";
        const std::string file = package->files.at("_branch_request");
        return file.find(kA) != std::string::npos ? kA : file.find(kB) != std::string::npos ? kB : file;
    }
};

const std::string kHello = context_of("hello");

}  // namespace

TEST_CASE("opened, built, closed, reopened") {
    Life life;
    life.happens("opened", kA);
    CHECK(life.has_project());
    CHECK(life.asked_for() == kA);
    CHECK(life.shown(kA, kStarted).starts_with("success"));
    life.builds(BuildEventType::BuildFail);
    CHECK(life.shown(kA, kHello).starts_with("failure"));

    SUBCASE("closed") { life.happens("closed", kA); }
    SUBCASE("merged") { life.happens("closed", kA, 1, true); }
    CHECK_FALSE(life.has_project());
    CHECK(life.inbox.ask("SELECT deleted_at IS NOT NULL FROM pull_request_projects") == "t");
    CHECK(life.inbox.ask("SELECT count(*) FROM event_subscriptions") == "0");

    life.happens("reopened", kA);
    CHECK(life.has_project());
    CHECK(life.inbox.ask("SELECT deleted_at IS NULL FROM pull_request_projects") == "t");
    life.builds(BuildEventType::BuildSuccess);
    CHECK(life.shown(kA, kHello).starts_with("success"));
}

TEST_CASE("a closed pull request deletes what was recorded, whatever the file says now") {
    Life life;
    life.happens("opened", kA);
    std::string told = "; deleted ci:weavers:loom:PR-1";
    SUBCASE("the file is gone") { life.stage.config().set_file(std::nullopt); }
    SUBCASE("the file names another project") {
        std::string other = kBranch;
        other.replace(other.find("target_project: ci"), 18, "target_project: qa");
        life.stage.config().set_file(other);
        told = "done";  // and the step is there to tell
    }
    SUBCASE("no workflow is meant for it") {
        life.stage.config().set_file("w:\n  filters: {event: push}\n" +
                                     kBranch.substr(kBranch.find("  steps")));
    }
    SUBCASE("the file is no definition any more") { life.stage.config().set_file("{"); }
    life.happens("closed", kA);
    CHECK_FALSE(life.has_project());
    const std::string message = life.inbox.ask("SELECT message FROM workflow_runs ORDER BY id DESC LIMIT 1");
    CHECK_MESSAGE(message.ends_with(told), message);
}

TEST_CASE("a project that was not made for the pull request stays") {
    Life life;
    life.stage.builds().add_project("ci:weavers:loom:PR-1");
    life.happens("opened", kA);
    life.happens("closed", kA);
    CHECK(life.has_project());
}

TEST_CASE("reopened with another head: restored, then built from that") {
    Life life;
    life.happens("opened", kA);
    life.happens("closed", kA);
    life.happens("reopened", kB);
    CHECK(life.has_project());
    CHECK(life.asked_for() == kB);
    CHECK(life.stage.builds().journal().lines_of("restore_project").size() == 1);
    life.builds(BuildEventType::BuildSuccess);
    CHECK(life.shown(kB, kHello).starts_with("success"));
    CHECK_FALSE(life.shown(kA, kHello).starts_with("success"));
}

TEST_CASE("a restore that finds nothing creates") {
    Life life;
    SUBCASE("never made") {}
    SUBCASE("deleted for good at the build service") {
        life.happens("opened", kA);
        life.happens("closed", kA);
        life.stage.builds().forget_deleted();
    }
    life.happens("reopened", kB);
    CHECK(life.has_project());
    CHECK(life.asked_for() == kB);
    CHECK(life.inbox.ask("SELECT project, deleted_at IS NULL FROM pull_request_projects") ==
          "ci:weavers:loom:PR-1|t");
    life.happens("closed", kB);
    CHECK_FALSE(life.has_project());
}

TEST_CASE("closed while it builds: nothing stays pending, and what comes late is not said") {
    Life life;
    life.happens("opened", kA);
    life.stage.builds().set_results(Life::package(), one_result(BuildState::Building));
    life.happens("synchronize", kB);
    CHECK(life.shown(kB, kHello).starts_with("pending"));
    const std::string rev = life.stage.builds().package(Life::package())->history.back().revision.rev;
    life.happens("closed", kB);
    CHECK(life.shown(kB, kHello) == "error project ci:weavers:loom:PR-1 was deleted");
    life.stage.happens(a_build_event(BuildEventType::BuildSuccess, Life::package(), rev));
    life.stage.perform_all();
    CHECK(life.shown(kB, kHello) == "error project ci:weavers:loom:PR-1 was deleted");
    CHECK(life.inbox.ask("SELECT count(*) FROM commit_statuses WHERE state = 'pending'") == "0");
}

TEST_CASE("closed while its steps run: the closing waits for them, then deletes what they made") {
    Life life;
    auto& journal = life.stage.builds().journal();
    journal.block("branch_package");
    life.send("opened", kA);
    std::jthread opening([&] { life.stage.perform(job_kind::kRunWorkflows); });
    journal.await_blocked("branch_package");
    life.send("closed", kA);
    // Same pull request: its job can't be claimed yet.
    CHECK(in_transaction(life.stage.world().pool(), [&](pqxx::work& tx) {
              return claim_jobs(tx, 1'000'000, {job_kind::kRunWorkflows}, 1, std::chrono::seconds(30));
          }).empty());
    journal.release("branch_package");
    opening.join();
    CHECK(life.has_project());
    life.stage.perform_all();
    CHECK_FALSE(life.has_project());
    CHECK(life.inbox.ask("SELECT count(*) FROM commit_statuses WHERE state = 'pending'") == "0");
}

TEST_CASE("a forced push replaces the head: the old run ends without steps, each commit keeps its own word") {
    Life life;
    life.happens("opened", kA);
    life.builds(BuildEventType::BuildFail);
    const std::string old_rev = life.stage.builds().package(Life::package())->history.back().revision.rev;
    life.send("synchronize", "ccccccc333333333333333333333333333333333");
    life.happens("synchronize", kB);
    CHECK(life.runs().find("success|superseded by bbbbbbb") != std::string::npos);
    CHECK(life.asked_for() == kB);
    CHECK(life.inbox.ask("SELECT count(*) FROM commit_statuses WHERE commit_sha LIKE 'ccccccc%'") == "0");
    life.builds(BuildEventType::BuildSuccess);
    CHECK(life.shown(kA, kHello).starts_with("failure"));
    CHECK(life.shown(kB, kHello).starts_with("success"));
    // A late word about the old head stays with it.
    life.stage.happens(a_build_event(BuildEventType::BuildFail, Life::package(), old_rev));
    life.stage.perform_all();
    CHECK(life.shown(kB, kHello).starts_with("success"));
}

TEST_CASE("a forced push back to an earlier head builds that one") {
    Life life;
    life.happens("opened", kA);
    life.happens("synchronize", kB);
    life.happens("synchronize", kA);
    CHECK(life.asked_for() == kA);
    CHECK(life.runs().find("superseded") == std::string::npos);
    life.builds(BuildEventType::BuildSuccess);
    CHECK(life.shown(kA, kHello).starts_with("success"));
}

TEST_CASE("two pull requests with one head: the commit shows the worst, and loses only what was withdrawn") {
    Life life;
    life.happens("opened", kA, 1);
    life.happens("opened", kA, 2);
    CHECK(life.has_project(1));
    CHECK(life.has_project(2));
    life.builds(BuildEventType::BuildSuccess, 1);
    CHECK(life.shown(kA, kHello).starts_with("success"));
    life.builds(BuildEventType::BuildFail, 2);
    CHECK(life.shown(kA, kHello).starts_with("failure"));
    life.happens("closed", kA, 2);
    CHECK(life.has_project(1));
    CHECK_FALSE(life.has_project(2));
    life.builds(BuildEventType::BuildSuccess, 1);
    CHECK(life.inbox.ask("SELECT count(*) FROM commit_statuses WHERE context = '" + kHello + "'") == "1");
}

TEST_CASE("two tokens of one repository work on one pull request, and neither loses its word") {
    Life life;
    const KnownToken other = life.inbox.add_token(life.inbox.forge_id());
    PullRequestFacts facts;
    facts.head = kA;
    life.happens("opened", kA);
    CHECK(life.inbox.send(other, a_delivery(facts, "o1")).verdict == "accepted");
    life.stage.perform_all();
    CHECK(life.inbox.ask("SELECT status FROM workflow_runs") == "success;success");
    CHECK(life.inbox.ask("SELECT count(DISTINCT token_id) FROM event_subscriptions") == "2");
    life.builds(BuildEventType::BuildSuccess);
    CHECK(life.shown(kA, kHello).starts_with("success"));
    life.happens("closed", kA);
    facts.action = "closed";
    CHECK(life.inbox.send(other, a_delivery(facts, "o2")).verdict == "accepted");
    life.stage.perform_all();
    CHECK_FALSE(life.has_project());
    CHECK(life.inbox.ask("SELECT count(*) FROM workflow_runs WHERE status = 'success'") == "4");
    CHECK(life.inbox.ask("SELECT count(*) FROM event_subscriptions") == "0");
}

TEST_CASE("a repository that is renamed while a pull request is open keeps its project") {
    Life life;
    life.happens("opened", kA);
    PullRequestFacts facts;
    facts.action = "closed";
    facts.head = kA;
    facts.repository = "weavers/great-loom";
    CHECK(life.inbox.send(life.token, a_delivery(facts, "renamed")).verdict == "accepted");
    life.stage.perform_all();
    CHECK_FALSE(life.has_project());
}

TEST_CASE("a failed run that is delivered again succeeds as attempt 2") {
    Life life;
    life.stage.builds().journal().fail("branch_package",
                                       {RemoteError::Kind::GiveUp, "branch demo/hello", "no permission"});
    PullRequestFacts facts;
    facts.head = kA;
    const auto delivery = a_delivery(facts, "again");
    life.inbox.send(life.token, delivery);
    life.stage.perform_all();
    CHECK(life.inbox.ask("SELECT status, attempt FROM workflow_runs") == "fail|1");
    CHECK(life.shown(kA, kStarted).starts_with("failure"));
    CHECK(life.inbox.send(life.token, delivery).verdict == "duplicate");
    life.stage.perform_all();
    CHECK(life.inbox.ask("SELECT status, attempt FROM workflow_runs") == "success|2");
    CHECK(life.shown(kA, kStarted).starts_with("success"));
    CHECK(life.has_project());
}
