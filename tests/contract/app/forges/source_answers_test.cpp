// SPDX-License-Identifier: Apache-2.0
// Answers that only one forge gives.
#include "tests/contract/app/forges/source_world.hpp"

using namespace heddle;
using namespace heddle::test;
using Kind = RemoteError::Kind;

namespace {

const ForgeDialect& dialect_of(const std::string& kind) {
    for (const ForgeDialect& forge : forge_dialects())
        if (forge.kind == kind) return forge;
    throw std::logic_error(kind);
}

}  // namespace

TEST_CASE("GitHub's contents API describes what is no plain file, and that is told") {
    SourceStage w(dialect_of("github"));
    const auto told = [&](const std::string& body, Kind kind) {
        w.answer_file({200, body});
        const RemoteError error = w.failure();
        CHECK(error.kind == kind);
        return std::string(error.what());
    };
    CHECK(contains(told(R"([{"type":"file","name":"x"}])", Kind::GiveUp), "is a folder"));
    CHECK(contains(told(R"({"type":"symlink","target":"/etc/passwd","size":11})", Kind::GiveUp),
                   "is a symlink"));
    CHECK(contains(told(R"({"type":"submodule","size":0})", Kind::GiveUp), "is a submodule"));
    CHECK(contains(told(R"({"type":"file","encoding":"none","size":1500000,"content":""})", Kind::GiveUp),
                   "has 1500000 bytes"));
    CHECK(
        contains(told(R"({"type":"file","encoding":"none","size":10,"content":""})", Kind::Retry), "base64"));
    CHECK(contains(told(R"({"type":"file","encoding":"base64","size":10,"content":"%"})", Kind::Retry),
                   "base64"));
    for (const char* body :
         {"<html>a proxy speaks</html>", "{}", "7", "", R"({"type":"file"})", R"({"type":7,"size":-1})"})
        CHECK(contains(told(body, Kind::Retry), "the answer is not GitHub's"));
    CHECK(contains(told(std::string(1'000'000, '['), Kind::Retry), "the answer is not GitHub's"));
}

TEST_CASE("GitHub's reset time of a rate limit is the pause") {
    SourceStage w(dialect_of("github"));
    w.answer_file({403,
                   R"({"message":"API rate limit exceeded"})",
                   {{"X-RateLimit-Remaining", "0"},
                    {"X-RateLimit-Reset", "1700000100"},
                    {"Date", "Tue, 14 Nov 2023 22:13:20 GMT"}}});
    CHECK(w.failure().kind == Kind::Retry);
    CHECK(w.failure().retry_after == std::chrono::seconds(100));
}

TEST_CASE("a GitLab fork's merge request reads the project it is for") {
    SourceStage w(dialect_of("gitlab"));
    w.answer_file(w.forge.file("target: {}\n"));
    ScmEvent event = w.event();
    event.source = {"fork/name", "topic", ""};
    event.status_repository = "fork/name";
    CHECK(w.read(event) == "target: {}\n");
    event.repository.id = "";
    w.server.answer(
        "GET", "/api/v4/projects/owner%2Fname/repository/files/.obs%2Fworkflows.yml/raw", {200, "by name"});
    CHECK(w.read(event) == "by name");
    for (const StandInRequest& request : w.server.requests()) CHECK_FALSE(contains(request.target, "fork"));
}

TEST_CASE("a missing tag is told by its name") {
    SourceStage w(dialect_of("gitea"));
    w.answer_file({404, ""});
    w.answer_repository(200);
    w.server.answer("GET", "/api/v1/repos/owner/name/tags/v1.0%2F%C3%A4", {404, ""});
    CHECK(contains(w.failure(w.event(EventClass::TagPush)).what(), "there is no tag \"v1.0/\xC3\xA4\""));
}
