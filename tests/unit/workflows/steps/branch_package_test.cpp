// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/events.hpp"
#include "tests/support/step_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

const PackageRef kSource{"demo", "hello"};
const PackageRef kTarget{"demo:ci:openSUSE:repo123:PR-1", "hello"};

std::shared_ptr<const Step> branch(const std::vector<std::pair<std::string, DefinitionNode>>& more = {}) {
    std::vector<std::pair<std::string, DefinitionNode>> instructions{{"source_project", text("demo")},
                                                                     {"source_package", text("hello")},
                                                                     {"target_project", text("demo:ci")}};
    instructions.insert(instructions.end(), more.begin(), more.end());
    return a_step("branch_package", instructions);
}

}  // namespace

TEST_CASE("branch_package holds, claims, subscribes, asks and completes, in that order") {
    StepWorld world;
    world.builds.add_package(kSource);
    const StepOutcome outcome = world.run(*branch(), a_pull_request());
    const std::string target = to_string(kTarget);
    CHECK(world.journal->lines() == std::vector<std::string>{
                                        "hold " + target,
                                        "project_exists " + kTarget.project,
                                        "claim_project " + kTarget.project + " new",
                                        "subscribe " + target,
                                        "package_exists " + target,
                                        "branch_package demo/hello -> " + target,
                                        "scmsync demo/hello",
                                        "write_file " + target + " _branch_request",
                                        "complete " + target + " rev 2",
                                        "let_go " + target,
                                    });
    REQUIRE(outcome.touched.size() == 1);
    CHECK(outcome.touched[0].package == kTarget);
    CHECK(outcome.touched[0].revision == world.builds.package(kTarget)->history.back().revision);
    CHECK_FALSE(outcome.touched[0].rebuild);
    CHECK(outcome.message == "branched demo/hello to " + target + " for commit 123456789");
}

TEST_CASE("the artifacts of branch_package name source and final target") {
    StepWorld world;
    world.builds.add_package(kSource);
    const auto artifacts = nlohmann::json::parse(world.run(*branch(), a_push()).artifacts);
    CHECK(artifacts == nlohmann::json{{"source_project", "demo"},
                                      {"source_package", "hello"},
                                      {"target_project", "demo:ci"},
                                      {"target_package", "hello-456"}});
}

TEST_CASE("an update writes the request file of the branch that is there (vector 41)") {
    StepWorld world;
    world.builds.add_package(kSource);
    world.run(*branch(), a_pull_request());
    world.journal->clear();
    ScmEvent update = a_pull_request(PullRequestKind::Updated);
    update.commit_sha = "987654321";
    world.run_mark = "heddle run 13";
    const StepOutcome outcome = world.run(*branch(), update);
    CHECK(world.journal->lines_of("branch_package").empty());
    CHECK(world.builds.project(kTarget.project)->packages.size() == 1);
    CHECK(world.builds.package(kTarget)->files.at("_branch_request").find("987654321") != std::string::npos);
    CHECK(outcome.message == "updated " + to_string(kTarget) + " for commit 987654321");
    CHECK(world.log.promised.at(kTarget).revision.rev == "3");
}

TEST_CASE("an update of a branch whose source is gone fails by that, its files untouched") {
    StepWorld world;
    world.builds.add_git_package(kSource, "https://github.com/x/y.git#main");
    world.run(*branch(), a_pull_request());
    world.builds.delete_project(kSource.project, "by hand");
    const std::string failure = world.failure_of(*branch(), a_pull_request(PullRequestKind::Updated));
    CHECK_MESSAGE(failure.starts_with("branch demo/hello: "), failure);
    CHECK(world.journal->lines_of("write_file").empty());
}

TEST_CASE("an update makes the branch where it is missing (vector 42)") {
    StepWorld world;
    world.builds.add_package(kSource);
    world.run(*branch(), a_pull_request(PullRequestKind::Updated));
    CHECK(world.builds.package(kTarget).has_value());
    CHECK(world.log.promised.contains(kTarget));
}

TEST_CASE("the request file has the form that the forge's kind asks for") {
    StepWorld world;
    world.builds.add_package(kSource);
    ScmEvent event = a_pull_request();
    event.branch_request = BranchRequestForm::ByFullName;
    world.run(*branch(), event);
    CHECK(nlohmann::json::parse(world.builds.package(kTarget)->files.at("_branch_request")) ==
          nlohmann::json::parse(R"({"action":"opened","pull_request":{"head":{"repo":
              {"full_name":"contributor/repo123"},"sha":"123456789"}}})"));
    event.branch_request = BranchRequestForm::ByCloneUrl;
    world.run(*branch(), event);
    CHECK(nlohmann::json::parse(world.builds.package(kTarget)->files.at("_branch_request")) ==
          nlohmann::json::parse(R"({"object_kind":"merge_request",
              "project":{"http_url":"https://forge.example/openSUSE/repo123.git"},
              "object_attributes":{"source":{"default_branch":"123456789"}}})"));
}

TEST_CASE("the request file names the target repository where the fork is gone") {
    StepWorld world;
    world.builds.add_package(kSource);
    ScmEvent event = a_pull_request(PullRequestKind::Labeled);
    event.branch_request = BranchRequestForm::ByFullName;
    event.source.full_name.clear();
    world.run(*branch(), event);
    CHECK(nlohmann::json::parse(world.builds.package(kTarget)->files.at("_branch_request")) ==
          nlohmann::json::parse(R"({"action":"opened","pull_request":{"head":{"repo":
              {"full_name":"openSUSE/repo123"},"sha":"123456789"}}})"));
}

TEST_CASE("a package kept in git is pointed at the commit instead (vector 35)") {
    StepWorld world;
    world.builds.add_git_package(kSource, "https://github.com/x/y.git#main");
    ScmEvent event = a_pull_request();
    event.commit_sha = "S";
    world.run(*branch(), event);
    CHECK(world.builds.package(kTarget)->scmsync == "https://github.com/x/y.git#S");
    CHECK(world.builds.package(kTarget)->files.empty());
    world.builds.add_git_package(kSource, "https://github.com/x/y.git?a=b");
    world.run(*branch(), event);
    CHECK(world.builds.package(kTarget)->scmsync == "https://github.com/x/y.git?a=b#S");
}

TEST_CASE("a project kept in git adds the package's folder (vector 36)") {
    StepWorld world;
    world.builds.add_git_project("demo", "https://github.com/x/y.git#main");
    ScmEvent event = a_pull_request();
    event.commit_sha = "S";
    world.run(*a_step("branch_package",
                      {{"source_project", text("demo")},
                       {"source_package", text("P")},
                       {"target_project", text("demo:ci")}}),
              event);
    CHECK(world.builds.package({kTarget.project, "P"})->scmsync == "https://github.com/x/y.git?subdir=P#S");
}

TEST_CASE("a branch of a git package gets the target's name, also for pushes (D14)") {
    StepWorld world;
    world.builds.add_git_package(kSource, "https://github.com/x/y.git");
    world.run(*branch({{"target_package", text("hello_world")}}), a_push());
    CHECK(world.builds.package({"demo:ci", "hello_world-456"})->scmsync == "https://github.com/x/y.git#456");
    CHECK(world.builds.project("demo:ci")->packages.size() == 1);
    CHECK(world.log.promised.contains({"demo:ci", "hello_world-456"}));
}

TEST_CASE("a tag is branched without a promise, and no project is claimed") {
    StepWorld world;
    world.builds.add_package(kSource);
    const StepOutcome outcome = world.run(*branch(), a_tag_push());
    CHECK(world.builds.package({"demo:ci", "hello-release_abc"}).has_value());
    CHECK(outcome.touched.empty());
    for (const std::string verb : {"subscribe", "complete", "claim_project"}) {
        CAPTURE(verb);
        CHECK(world.journal->lines_of(verb).empty());
    }
}

TEST_CASE("add_repositories decides whether the source's repositories are copied") {
    for (const auto& [value, copied] : std::vector<std::pair<std::string, bool>>{
             {"", true}, {"enabled", true}, {"disabled", false}, {"false", false}}) {
        CAPTURE(value);
        StepWorld world;
        world.builds.add_package(kSource);
        world.builds.configure_repositories("demo", {{"local", {}, {"x86_64"}, "", ""}});
        world.run(*branch({{"add_repositories", text(value)}}), a_pull_request());
        const auto project = world.builds.project(kTarget.project);
        CHECK(project->repositories.size() == (copied ? 1 : 0));
        CHECK(project->about.url == "https://forge.example/openSUSE/repo123/pull/1");
    }
}

TEST_CASE("a missing source fails the step and takes the promise back") {
    StepWorld world;
    const std::string failure = world.failure_of(*branch(), a_pull_request());
    CHECK(failure.find("there is no project demo") != std::string::npos);
    CHECK(world.log.promised.empty());
    CHECK(world.in_order("subscribe " + to_string(kTarget), "withdraw " + to_string(kTarget)));
}

TEST_CASE("an illegal target name fails the step before anybody is asked") {
    StepWorld world;
    world.builds.add_package(kSource);
    ScmEvent event = a_tag_push();
    event.tag = "v1/2";
    CHECK(world.failure_of(*branch(), event).find("\"v1/2\"") != std::string::npos);
    CHECK(world.journal->lines().empty());
}

TEST_CASE("a step whose answer was lost leaves the same when it is repeated") {
    for (const bool in_git : {false, true}) {
        for (const std::string verb : {"branch_package", "write_file", "set_scmsync"}) {
            if (verb == (in_git ? "write_file" : "set_scmsync")) continue;
            CAPTURE(verb);
            StepWorld world;
            if (in_git)
                world.builds.add_git_package(kSource, "https://x/y.git");
            else
                world.builds.add_package(kSource);
            const RemoteError lost(RemoteError::Kind::Retry, verb, "no answer");
            world.journal->fail(verb, lost, CallJournal::At::End);
            CHECK_FALSE(world.failure_of(*branch(), a_pull_request()).empty());
            CHECK_MESSAGE(world.log.promised.contains(kTarget), "a build of the lost call is still ours");
            const StepOutcome outcome = world.run(*branch(), a_pull_request());
            REQUIRE(outcome.touched.size() == 1);
            CHECK(world.builds.package(kTarget)->history.size() == 2);
            CHECK(outcome.touched[0].revision.rev == "2");
            CHECK(world.log.owned_projects() == std::vector<std::string>{kTarget.project});
        }
    }
}
