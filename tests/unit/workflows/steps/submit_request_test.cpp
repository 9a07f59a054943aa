// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tests/support/events.hpp"
#include "tests/support/step_world.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

const PackageRef kSource{"demo", "hello"};
const PackageRef kTarget{"stable", "hello"};

std::shared_ptr<const Step> submit(const std::string& description = "") {
    return a_step("submit_request",
                  {{"source_project", text("demo")},
                   {"source_package", text("hello")},
                   {"target_project", text("stable")},
                   {"description", text(description)}});
}

struct World : StepWorld {
    World() {
        builds.add_package(kSource);
        builds.add_project("stable");
    }
    std::string state_of(std::int64_t number) { return builds.requests().at(number).state; }
    StepOutcome next_run(const ScmEvent& event) {
        run_mark += "x";
        return run(*submit(), event);
    }
};

ScmEvent updated(const std::string& commit) {
    ScmEvent event = a_pull_request(PullRequestKind::Updated);
    event.commit_sha = commit;
    return event;
}

}  // namespace

TEST_CASE("submit_request makes a request and follows it, while others wait for the target") {
    World world;
    const StepOutcome outcome = world.run(*submit(), a_pull_request());
    CHECK(world.in_order("hold stable/hello", "create_request demo/hello -> stable/hello"));
    CHECK(world.in_order("create_request demo/hello -> stable/hello", "follow 1 new"));
    const FakeRequest made = world.builds.requests().at(1);
    CHECK(made.wanted.source == kSource);
    CHECK(made.wanted.target == kTarget);
    CHECK(made.wanted.run == world.run_mark);
    CHECK(outcome.message == "request 1 asks stable to take demo/hello; it is new");
    CHECK(outcome.artifacts == R"({"request_numbers_and_state":{"new":1}})");
    CHECK(outcome.touched.empty());
}

TEST_CASE("a request is described by the file, else by the change's author (D9)") {
    World world;
    ScmEvent event = a_pull_request();
    event.title = "Mend it";
    event.description = "It was broken.";
    world.run(*submit("Please take it"), event);
    CHECK(world.builds.requests().at(1).wanted.description == "Please take it");
    world.next_run(event);
    ScmEvent push = a_push();
    push.title = "Mend it too";
    push.description = "";
    world.next_run(push);
    CHECK(world.builds.requests().at(2).wanted.description == "Mend it too");
    World other;
    other.run(*submit(), event);
    CHECK(other.builds.requests().at(1).wanted.description == "Mend it\nIt was broken.");
}

TEST_CASE("an update makes a new request, which supersedes the earlier ones of the pull request") {
    World world;
    world.run(*submit(), a_pull_request());
    const StepOutcome outcome = world.next_run(updated("222"));
    CHECK(outcome.message == "request 2 asks stable to take demo/hello; it is new, and supersedes request 1");
    CHECK(world.state_of(1) == "superseded");
    CHECK(world.state_of(2) == "new");
    CHECK(world.in_order("follow 2 new", "supersede_request 1 by 2"));
    world.builds.set_request(2, "accepted");
    CHECK(world.next_run(updated("333")).message == "request 3 asks stable to take demo/hello; it is new");
    CHECK(world.state_of(2) == "accepted");
}

TEST_CASE("another attempt for the same commit keeps the request that stands") {
    World world;
    world.run(*submit(), a_pull_request());
    CHECK(world.next_run(a_pull_request(PullRequestKind::Labeled)).message ==
          "request 1 asks stable to take demo/hello; it is new");
    CHECK(world.builds.requests().size() == 1);
    // What it asks for is old by now.
    world.builds.write_file(kSource, "a", "1", "somebody");
    world.next_run(a_pull_request());
    CHECK(world.state_of(1) == "superseded");
    CHECK(world.state_of(2) == "new");
}

TEST_CASE("a request whose answer was lost is found again") {
    World world;
    const RemoteError lost(RemoteError::Kind::Retry, "submit", "no answer");
    world.journal->fail("create_request", lost, CallJournal::At::End);
    CHECK_FALSE(world.failure_of(*submit(), a_pull_request()).empty());
    world.run(*submit(), a_pull_request());
    CHECK(world.builds.requests().size() == 1);
    CHECK(world.log.followed.size() == 1);
}

TEST_CASE("closing and unlabeling revoke the pull request's requests, and nobody else's") {
    for (const PullRequestKind kind :
         {PullRequestKind::Closed, PullRequestKind::Merged, PullRequestKind::Unlabeled}) {
        World world;
        world.builds.create_request({kSource, kTarget, "by hand", "", {}});
        world.run(*submit(), a_pull_request());
        const StepOutcome outcome = world.run(*submit(), a_pull_request(kind));
        CHECK(world.state_of(1) == "new");
        CHECK(world.state_of(2) == "revoked");
        CHECK(outcome.message == "revoked request 2");
        CHECK(world.builds.requests().at(2).comment == "pull request #1 of openSUSE/repo123 was " +
                                                           std::string(to_string(kind)) +
                                                           ": https://forge.example/openSUSE/repo123/pull/1");
        const StepOutcome again = world.run(*submit(), a_pull_request(kind));
        CHECK(again.status == StepOutcome::Status::NotApplicable);
        CHECK(again.message == "no request of this pull request to stable/hello is open");
        CHECK(again.artifacts == R"({"request_numbers_and_state":{}})");
    }
}

TEST_CASE("pushes make requests of their own; that of a tag is not followed") {
    World world;
    world.run(*submit(), a_push());
    world.next_run(a_push());
    CHECK(world.builds.requests().size() == 2);
    CHECK(world.state_of(1) == "new");
    CHECK(world.log.followed.size() == 2);
    world.next_run(a_tag_push());
    CHECK(world.builds.requests().size() == 3);
    CHECK(world.log.followed.size() == 2);
    CHECK(world.journal->lines_of("open_requests").empty());
}

TEST_CASE("what can't be submitted fails the step") {
    StepWorld world;
    CHECK(world.failure_of(*submit(), a_push()) ==
          "submit demo/hello to stable/hello: there is no package demo/hello");
    CHECK(world.log.followed.empty());
}
