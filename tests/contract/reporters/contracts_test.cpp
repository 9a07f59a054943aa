// SPDX-License-Identifier: Apache-2.0
// The reporters' requests through the real client against mock servers that know the forges' contracts: those
// we send are taken, spoilt ones are not. What the mocks can't tell (texts, pages) stands in the unit tests.
#include <doctest/doctest.h>

#include "app/net/http_client.hpp"
#include "reporters/reporter_kinds.hpp"
#include "tests/support/prism.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using heddle::test::prism_for;
using Kind = RemoteError::Kind;

namespace {

struct Forge {
    std::string kind;
    std::string contract;
    std::string api_path;  // behind the mock's address
    int refusal_of_state;
};

const std::vector<Forge> kForges{
    {"github", "github.json", "", 422},
    {"gitlab", "gitlab.json", "/api/v4", 400},
    {"gitea", "gitea.json", "/api/v1", 400},
};

ForgeAccess access_to(const Forge& forge, const std::string& address) {
    return {"mock", forge.kind, address, address + forge.api_path, true, "s3cret"};
}

CommitStatus a_status(StatusState state = StatusState::Failure) {
    return {"owner/name",
            "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00",
            "OBS: hello - local/x86_64",
            state,
            "failed: make",
            "https://heddle.example.org/runs/1"};
}

/// The real client with a flaw.
class Spoiling : public HttpTransport {
public:
    Spoiling(HttpTransport& real, std::function<void(HttpRequest&)> spoil)
        : real_(real), spoil_(std::move(spoil)) {}

    HttpResponse send(const ForgeAccess& access, const HttpRequest& request) override {
        HttpRequest spoilt = request;
        spoil_(spoilt);
        last = real_.send(access, spoilt);
        return last;
    }

    HttpResponse last;

private:
    HttpTransport& real_;
    std::function<void(HttpRequest&)> spoil_;
};

void replace(std::string& text, const std::string& part, const std::string& other) {
    const auto at = text.find(part);
    REQUIRE_MESSAGE(at != std::string::npos, part << " is not in " << text);
    text.replace(at, part.size(), other);
}

void drop_credential(HttpRequest& request) {
    const auto dropped = std::erase_if(request.headers, [](const auto& header) {
        return header.second.find("s3cret") != std::string::npos;
    });
    REQUIRE(dropped == 1);
}

/// What the mock answers to a report that is spoilt, and how it is judged.
std::pair<int, Kind> report_spoilt(const Forge& forge,
                                   const std::string& address,
                                   const std::function<void(HttpRequest&)>& spoil) {
    HttpClient client;
    Spoiling transport(client, spoil);
    try {
        http_reporters(transport).at(forge.kind)->report(a_status(), access_to(forge, address));
    } catch (const RemoteError& error) {
        return {transport.last.status, error.kind};
    }
    FAIL(forge.kind << " took a spoilt request: " << transport.last.status);
    return {};
}

}  // namespace

TEST_CASE("each forge's contract takes the reports of every state") {
    for (const Forge& forge : kForges) {
        const auto address = prism_for(forge.contract);
        if (!address) continue;
        CAPTURE(forge.kind);
        HttpClient client;
        Spoiling transport(client, [](HttpRequest&) {});
        const auto reporter = http_reporters(transport).at(forge.kind);
        for (const StatusState state :
             {StatusState::Success, StatusState::Pending, StatusState::Failure, StatusState::Error}) {
            CHECK_NOTHROW(reporter->report(a_status(state), access_to(forge, *address)));
            CHECK(transport.last.status == 201);
        }
        CommitStatus plain = a_status();
        plain.url.clear();
        plain.text.clear();
        CHECK_NOTHROW(reporter->report(plain, access_to(forge, *address)));
    }
}

TEST_CASE("each forge's contract takes the questions, and its answers can be read") {
    for (const Forge& forge : kForges) {
        const auto address = prism_for(forge.contract);
        if (!address) continue;
        CAPTURE(forge.kind);
        HttpClient client;
        Spoiling transport(client, [](HttpRequest&) {});
        // The mock keeps nothing, so it can't show what was reported.
        CHECK_NOTHROW(
            http_reporters(transport)
                .at(forge.kind)
                ->shown({"owner/name", a_status().commit_sha, "OBS: hello"}, access_to(forge, *address)));
        CHECK(transport.last.status == 200);
    }
}

TEST_CASE("each forge's contract refuses spoilt reports") {
    for (const Forge& forge : kForges) {
        const auto address = prism_for(forge.contract);
        if (!address) continue;
        CAPTURE(forge.kind);
        const std::string word = forge.kind == "gitlab" ? "\"failed\"" : "\"failure\"";
        CHECK(report_spoilt(forge, *address, [&](HttpRequest& request) {
                  replace(request.body, word, "\"broken\"");
              }) == std::pair(forge.refusal_of_state, Kind::GiveUp));
        CHECK(report_spoilt(forge, *address, drop_credential) == std::pair(401, Kind::BadCredentials));
        CHECK(report_spoilt(forge, *address, [](HttpRequest& request) {
                  replace(request.url, "/statuses/", "/stati/");
              }) == std::pair(404, Kind::GiveUp));
        CHECK(report_spoilt(forge, *address, [](HttpRequest& request) {
                  replace(request.body, "\"context\"", "\"context\":7,\"other\"");
              }).second == Kind::GiveUp);
    }
}
