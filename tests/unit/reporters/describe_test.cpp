// SPDX-License-Identifier: Apache-2.0
#include "reporters/describe.hpp"

#include <doctest/doctest.h>

#include <tuple>
#include <vector>

using namespace heddle;

namespace {

BuildEvent an_event(BuildEventType type, const std::string& reason = "") {
    BuildEvent event;
    event.type = type;
    event.package = {"home:danidoni", "hello"};
    event.repository = "openSUSE_Tumbleweed";
    event.architecture = "x86_64";
    event.reason = reason;
    return event;
}

}  // namespace

TEST_CASE("a build's context names package, repository and architecture (vector 27)") {
    const StatusWord word = describe_build_event("OBS", an_event(BuildEventType::BuildFail));
    CHECK(word.context == "OBS: hello - openSUSE_Tumbleweed/x86_64");
    CHECK(word.state == StatusState::Failure);
    CHECK(build_context("CI", "hello:small", "local", "aarch64") == "CI: hello:small - local/aarch64");
    CHECK(started_context("OBS") == "OBS SCM/CI Workflow Integration started");
}

TEST_CASE("each build event has its state and its text") {
    using Row = std::tuple<BuildEventType, StatusState, std::string>;
    const std::vector<Row> rows{
        {BuildEventType::BuildSuccess, StatusState::Success, "succeeded"},
        {BuildEventType::BuildFail, StatusState::Failure, "failed"},
        {BuildEventType::BuildUnchanged, StatusState::Success, "succeeded, the result is the same as before"},
        {BuildEventType::BuildBroken, StatusState::Failure, "broken"},
        {BuildEventType::BuildUnresolvable, StatusState::Failure, "unresolvable"},
        {BuildEventType::BuildExcluded, StatusState::Success, "not built"},
        {BuildEventType::BuildWithdrawn, StatusState::Error, "withdrawn"},
        {BuildEventType::PackageDeleted, StatusState::Error, "the package was deleted"},
        {BuildEventType::ProjectDeleted, StatusState::Error, "the project was deleted"},
    };
    for (const auto& [type, state, text] : rows) {
        CAPTURE(to_string(type));
        CHECK(describe_build_event("OBS", an_event(type)).state == state);
        CHECK(describe_build_event("OBS", an_event(type)).text == text);
        CHECK(describe_build_event("OBS", an_event(type, "no recipe")).text == text + ": no recipe");
    }
}

TEST_CASE("vector 26: each state of a request has its state and its text") {
    using Row = std::tuple<std::string, StatusState, std::string>;
    const std::vector<Row> rows{
        {"new", StatusState::Pending, "waits to be accepted"},
        {"review", StatusState::Pending, "is reviewed"},
        {"accepted", StatusState::Success, "accepted"},
        {"declined", StatusState::Failure, "declined"},
        {"revoked", StatusState::Failure, "revoked"},
        {"superseded", StatusState::Failure, "superseded"},
        {"deleted", StatusState::Error, "the request was deleted"},
        {"anything", StatusState::Pending, "anything"},
    };
    for (const auto& [state, status, text] : rows) {
        CAPTURE(state);
        const StatusWord word = describe_request("OBS", {4711, state, "since"});
        CHECK(word.context == "OBS: Request 4711");
        CHECK(word.state == status);
        CHECK(word.text == text + ": since");
        CHECK(describe_request("CI", {5, state, ""}).text == text);
    }
}

TEST_CASE("the end of a whole package has no context of its own") {
    BuildEvent event = an_event(BuildEventType::PackageDeleted);
    event.repository.clear();
    event.architecture.clear();
    CHECK(describe_build_event("OBS", event).context.empty());
}

TEST_CASE("each state of a build has its state and its text") {
    using Row = std::tuple<BuildState, StatusState, std::string>;
    const std::vector<Row> rows{
        {BuildState::Scheduled, StatusState::Pending, "scheduled"},
        {BuildState::Building, StatusState::Pending, "building"},
        {BuildState::Succeeded, StatusState::Success, "succeeded"},
        {BuildState::Failed, StatusState::Failure, "failed"},
        {BuildState::Broken, StatusState::Failure, "broken"},
        {BuildState::Unresolvable, StatusState::Failure, "unresolvable"},
        {BuildState::Excluded, StatusState::Success, "not built"},
        {BuildState::Disabled, StatusState::Success, "not built"},
    };
    for (const auto& [state, status, text] : rows) {
        CAPTURE(to_string(state));
        const BuildResult result{"local", "x86_64", state, {}, "needs libfoo"};
        const StatusWord word = describe_build_result("OBS", "hello", result);
        CHECK(word.context == "OBS: hello - local/x86_64");
        CHECK(word.state == status);
        CHECK(word.text == text + ": needs libfoo");
    }
    for (const BuildState why : {BuildState::Excluded, BuildState::Disabled})
        CHECK(describe_build_result("OBS", "hello", {"local", "x86_64", why, {}, ""}).text ==
              "not built: " + std::string(to_string(why)));
}
