// SPDX-License-Identifier: Apache-2.0
// What holds for every forge that is told over HTTP; its own bytes stand in the test of its reporter.
#include "reporters/reporter_kinds.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/fake_http_transport.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace std::chrono_literals;
using heddle::test::FakeHttpTransport;
using Kind = RemoteError::Kind;

namespace {

const std::vector<std::string> kKinds{"github", "gitlab", "gitea"};

ForgeAccess an_access() {
    ForgeAccess access;
    access.name = "src";
    access.api_url = "https://src.example.org/api";
    access.credential = "s3cret";
    return access;
}

CommitStatus a_status() {
    return {"o/n", "c0ffee", "OBS: hello", StatusState::Failure, "failed", "https://h.example/runs/1"};
}

RemoteError refusal(const std::function<void()>& act) {
    try {
        act();
    } catch (const RemoteError& error) {
        return error;
    }
    FAIL("nothing was refused");
    return {Kind::GiveUp, "", ""};
}

/// report() and shown() of one kind of forge, both answered with `response`.
void check_both(const std::string& kind,
                const HttpResponse& response,
                Kind wanted,
                std::chrono::seconds pause) {
    CAPTURE(kind);
    CAPTURE(response.status);
    FakeHttpTransport transport;
    const auto reporter = http_reporters(transport).at(kind);
    transport.answer(response);
    const RemoteError report = refusal([&] { reporter->report(a_status(), an_access()); });
    CHECK(report.kind == wanted);
    CHECK(report.retry_after == pause);
    CHECK(std::string(report.what()).starts_with("report to src: the answer is "));
    transport.answer(response);
    const RemoteError shown = refusal([&] { reporter->shown({"o/n", "c0ffee", "OBS: hello"}, an_access()); });
    CHECK(shown.kind == wanted);
    CHECK(shown.retry_after == pause);
    CHECK(std::string(shown.what()).starts_with("read the statuses at src: the answer is "));
    CHECK(transport.sent().size() == 2);
}

}  // namespace

TEST_CASE("refusals mean the same at every forge") {
    const std::string limit_body = R"({"message": "API rate limit exceeded"})";
    for (const std::string& kind : kKinds) {
        check_both(kind, {301, {{"Location", "https://x"}}, ""}, Kind::GiveUp, 0s);
        check_both(kind, {400, {}, R"({"message": "400 Bad request"})"}, Kind::GiveUp, 0s);
        check_both(kind, {401, {}, R"({"message": "Bad credentials"})"}, Kind::BadCredentials, 0s);
        check_both(kind, {403, {}, R"({"message": "Forbidden"})"}, Kind::GiveUp, 0s);
        check_both(kind, {403, {{"Retry-After", "61"}}, limit_body}, Kind::Retry, 61s);
        check_both(kind, {403, {}, limit_body}, Kind::Retry, 60s);
        check_both(kind, {404, {}, R"({"message": "404 Project Not Found"})"}, Kind::GiveUp, 0s);
        check_both(kind, {409, {}, ""}, Kind::GiveUp, 0s);
        check_both(kind, {422, {}, R"({"message": "Validation Failed"})"}, Kind::GiveUp, 0s);
        check_both(kind, {429, {{"Retry-After", "3600"}}, "Retry later"}, Kind::Retry, 3600s);
        check_both(kind, {500, {}, "oops"}, Kind::Retry, 0s);
        check_both(kind, {502, {}, "<html>"}, Kind::Retry, 0s);
        check_both(kind, {503, {{"Retry-After", "10"}}, ""}, Kind::Retry, 10s);
    }
}

TEST_CASE("what the transport throws comes through") {
    for (const std::string& kind : kKinds) {
        FakeHttpTransport transport;
        const auto reporter = http_reporters(transport).at(kind);
        transport.answer_by([](const HttpRequest&) -> HttpResponse {
            throw RemoteError(Kind::Retry, "ask src.example.org", "no answer within 15 s");
        });
        CHECK(std::string(refusal([&] { reporter->report(a_status(), an_access()); }).what()) ==
              "ask src.example.org: no answer within 15 s");
    }
}

TEST_CASE("without a credential nothing is sent, and the reason says so") {
    for (const std::string& kind : kKinds) {
        FakeHttpTransport transport;
        const auto reporter = http_reporters(transport).at(kind);
        ForgeAccess access = an_access();
        access.credential.clear();
        const RemoteError report = refusal([&] { reporter->report(a_status(), access); });
        CHECK(report.kind == Kind::GiveUp);
        CHECK(std::string(report.what()) ==
              "report to src: the token has no forge credential; nothing is reported");
        CHECK(refusal([&] { reporter->shown({"o/n", "c0ffee", "x"}, access); }).kind == Kind::GiveUp);
        CHECK(transport.sent().empty());
    }
}

TEST_CASE("a credential that is locked is told as that, with what its owner can do") {
    for (const std::string& kind : kKinds) {
        FakeHttpTransport transport;
        const auto reporter = http_reporters(transport).at(kind);
        ForgeAccess access = an_access();
        access.credential.clear();
        access.locked_token = 3;
        const RemoteError report = refusal([&] { reporter->report(a_status(), access); });
        CHECK(report.kind == Kind::GiveUp);
        CHECK(std::string(report.what()) ==
              "report to src: the credential of token 3 is locked, since the address of src has changed: "
              "`heddle token confirm 3` lets it go there; nothing is reported");
        CHECK(transport.sent().empty());
    }
}

TEST_CASE("a name that would be another path is refused before anything is sent") {
    for (const std::string& kind : kKinds)
        for (const auto& [repository, commit] :
             std::vector<std::pair<std::string, std::string>>{{"../x", "c0ffee"},
                                                              {"o/..", "c0ffee"},
                                                              {"o", "c0ffee"},
                                                              {"", "c0ffee"},
                                                              {"o/n", ".."},
                                                              {"o/n", ""}}) {
            FakeHttpTransport transport;
            const auto reporter = http_reporters(transport).at(kind);
            CommitStatus status = a_status();
            status.repository = repository;
            status.commit_sha = commit;
            CHECK(refusal([&] { reporter->report(status, an_access()); }).kind == Kind::GiveUp);
            CHECK(refusal([&] {
                      reporter->shown({repository, commit, "x"}, an_access());
                  }).kind == Kind::GiveUp);
            CHECK(transport.sent().empty());
        }
}

TEST_CASE("a stranger's names stay inside their part of the path") {
    for (const std::string& kind : kKinds) {
        FakeHttpTransport transport;
        const auto reporter = http_reporters(transport).at(kind);
        CommitStatus status = a_status();
        status.repository = "o?x=/n#y";
        status.commit_sha = "c0/ff\r\nee";
        transport.answer(201, "{}");
        reporter->report(status, an_access());
        const std::string url = transport.sent().front().request.url;
        CHECK_MESSAGE(url.find_first_of("?#\r\n ") == std::string::npos, url);
        CHECK_MESSAGE(url.ends_with("/statuses/c0%2Fff%0D%0Aee"), url);
    }
}

TEST_CASE("the credential stands in one header and nowhere else") {
    for (const std::string& kind : kKinds) {
        FakeHttpTransport transport;
        const auto reporter = http_reporters(transport).at(kind);
        transport.answer(201, "{}");
        reporter->report(a_status(), an_access());
        const auto sent = transport.sent().front();
        CHECK(sent.access.api_url == an_access().api_url);
        CHECK((sent.request.url + sent.request.body).find("s3cret") == std::string::npos);
        int headers = 0;
        for (const auto& [name, value] : sent.request.headers)
            if (value.find("s3cret") != std::string::npos) ++headers;
        CHECK(headers == 1);
    }
}

TEST_CASE("a status without a link has none on the wire") {
    for (const std::string& kind : kKinds) {
        FakeHttpTransport transport;
        const auto reporter = http_reporters(transport).at(kind);
        CommitStatus status = a_status();
        status.url.clear();
        transport.answer(201, "{}");
        reporter->report(status, an_access());
        CHECK(transport.sent().front().request.body.find("target_url") == std::string::npos);
    }
}
