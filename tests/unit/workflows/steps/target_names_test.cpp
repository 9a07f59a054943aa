// SPDX-License-Identifier: Apache-2.0
#include "workflows/steps/target_names.hpp"

#include <doctest/doctest.h>

#include "tests/support/events.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

std::string refusal_of(const PackageRef& target, const ScmEvent& event) {
    try {
        require_legal(target, event);
    } catch (const RemoteError& error) {
        CHECK(error.kind == RemoteError::Kind::GiveUp);
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("a pull request has a project of its own (vectors 1 and 2)") {
    ScmEvent event = a_pull_request();
    CHECK(target_project("OBS:Server:Unstable", event) == "OBS:Server:Unstable:openSUSE:repo123:PR-1");
    event.repository.full_name = "gitlabhq/gitlab-test";
    CHECK(target_project("OBS:Server:Unstable", event) == "OBS:Server:Unstable:gitlabhq:gitlab-test:PR-1");
    event.repository.full_name = "group/sub/deep/name";
    event.number = 4711;
    CHECK(target_project("A", event) == "A:group:sub:deep:name:PR-4711");
}

TEST_CASE("the fork that a pull request comes from does not name its project") {
    ScmEvent event = a_pull_request();
    event.source.full_name = "somebody/else";
    CHECK(target_project("A", event) == "A:openSUSE:repo123:PR-1");
}

TEST_CASE("pushed commits and tags have packages of their own (vectors 3, 4, 5)") {
    CHECK(target_of("demo", "package123", a_push()) == PackageRef{"demo", "package123-456"});
    CHECK(target_of("demo", "hello_world", a_push()) == PackageRef{"demo", "hello_world-456"});
    CHECK(target_of("demo", "hello_world", a_tag_push()) == PackageRef{"demo", "hello_world-release_abc"});
}

TEST_CASE("a pull request leaves the package's name alone (vector 6)") {
    CHECK(target_package("hello_world", a_pull_request()) == "hello_world");
}

TEST_CASE("a project stays a project") { CHECK(target_of("demo", "", a_push()) == PackageRef{"demo", ""}); }

TEST_CASE("tags that make no package name are refused with the tag") {
    for (const std::string tag : {"v1/2", "Größe", "v1 rc", "a:b", "v1\n2", "\xff"}) {
        ScmEvent event = a_tag_push();
        event.tag = tag;
        const std::string refusal = refusal_of(target_of("demo", "hello", event), event);
        CAPTURE(refusal);
        CHECK(refusal.find("is no package name") != std::string::npos);
        CHECK(refusal.find("(the tag \"") != std::string::npos);
        CHECK(refusal.find('\n') == std::string::npos);
    }
    ScmEvent event = a_tag_push();
    event.tag = std::string(200, 'v');
    CHECK(refusal_of(target_of("demo", "hello", event), event).find("longer than 200") != std::string::npos);
    event.tag = "1.0+rc-1_x";
    CHECK(refusal_of(target_of("demo", "hello", event), event).empty());
}

TEST_CASE("repositories that make no project name are refused with the repository") {
    for (const std::string repository : {"owner/.github", "owner/_x", "ö/x", "a//b"}) {
        ScmEvent event = a_pull_request();
        event.repository.full_name = repository;
        const std::string refusal = refusal_of(target_of("demo", "hello", event), event);
        CAPTURE(refusal);
        CHECK(refusal.find("is no project name") != std::string::npos);
        CHECK(refusal.find("(the repository \"") != std::string::npos);
    }
}
