// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/events.hpp"
#include "tests/support/step_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

const std::string kProject = "demo:openSUSE:repo123:PR-1";

DefinitionNode path(const std::string& project, const std::string& repository) {
    return map({{"target_project", text(project)}, {"target_repository", text(repository)}});
}

std::shared_ptr<const Step> configure() {
    return a_step("configure_repositories",
                  {{"project", text("demo")},
                   {"repositories",
                    list({map({{"name", text("15.4")},
                               {"paths", list({path("first", "a"), path("second", "b")})},
                               {"architectures", list({text("x86_64"), text("aarch64"), text("x86_64")})},
                               {"rebuild", text("local")},
                               {"linkedbuild", text("all")}})})}});
}

}  // namespace

TEST_CASE("paths keep their order, architectures are replaced without repeats (vector 37)") {
    StepWorld world;
    world.builds.add_project(kProject);
    world.builds.configure_repositories(kProject,
                                        {{"15.4", {}, {"s390x"}, "", ""}, {"other", {}, {}, "", ""}});
    const StepOutcome outcome = world.run(*configure(), a_pull_request());
    const auto repositories = world.builds.project(kProject)->repositories;
    REQUIRE(repositories.size() == 2);
    CHECK(repositories[0].name == "15.4");
    CHECK(repositories[0].paths == std::vector<RepositoryPath>{{"first", "a"}, {"second", "b"}});
    CHECK(repositories[0].architectures == std::vector<std::string>{"x86_64", "aarch64"});
    CHECK(repositories[0].rebuild == "local");
    CHECK(repositories[0].linkedbuild == "all");
    CHECK(outcome.message == "configured 15.4 in " + kProject);
    CHECK(outcome.touched.empty());
    const auto artifacts = nlohmann::json::parse(outcome.artifacts);
    CHECK(artifacts.at("project") == kProject);
    CHECK(artifacts.at("repositories").at(0).at("paths").at(1).at("target_project") == "second");
}

TEST_CASE("a push configures the project that the file names") {
    StepWorld world;
    world.builds.add_project("demo");
    world.run(*configure(), a_push());
    CHECK(world.builds.project("demo")->repositories.size() == 1);
    CHECK(world.journal->lines_of("claim_project").empty());
}

TEST_CASE("a pull request's project that does not exist is not made") {
    StepWorld world;
    CHECK(world.failure_of(*configure(), a_pull_request()) ==
          "find project " + kProject + ": it does not exist; branch_package or link_package makes it");
    CHECK(world.journal->lines_of("claim_project").empty());
}

TEST_CASE("a project of another pull request is not configured") {
    StepWorld world;
    world.builds.add_project(kProject);
    world.log.another_owns(kProject);
    CHECK(world.failure_of(*configure(), a_pull_request()).find("another pull request") != std::string::npos);
    CHECK(world.builds.project(kProject)->repositories.empty());
}

TEST_CASE("configuring twice leaves the same") {
    StepWorld world;
    world.builds.add_project("demo");
    const RemoteError lost(RemoteError::Kind::Retry, "configure", "no answer");
    world.journal->fail("configure_repositories", lost, CallJournal::At::End);
    CHECK_FALSE(world.failure_of(*configure(), a_push()).empty());
    world.run(*configure(), a_push());
    const auto repositories = world.builds.project("demo")->repositories;
    REQUIRE(repositories.size() == 1);
    CHECK(repositories[0].paths.size() == 2);
}

TEST_CASE("a project that can't be named fails before anybody is asked") {
    StepWorld world;
    ScmEvent event = a_pull_request();
    event.repository.full_name = "owner/.github";
    CHECK(world.failure_of(*configure(), event).find("is no project name") != std::string::npos);
    CHECK(world.journal->lines().empty());
}
