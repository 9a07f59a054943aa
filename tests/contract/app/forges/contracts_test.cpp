// SPDX-License-Identifier: Apache-2.0
// The sources' requests through the real client against mock servers that know the forges' contracts: those
// we send are taken and their answers read, spoilt ones are not.
#include <algorithm>

#include "tests/contract/app/forges/source_world.hpp"
#include "tests/support/prism.hpp"

using namespace heddle;
using namespace heddle::test;
using Kind = RemoteError::Kind;

namespace {

/// The real client with a flaw; remembers what was answered.
class Spoiling : public HttpTransport {
public:
    explicit Spoiling(std::function<void(HttpRequest&)> spoil) : spoil_(std::move(spoil)) {}

    HttpResponse send(const ForgeAccess& access, const HttpRequest& request) override {
        HttpRequest spoilt = request;
        spoil_(spoilt);
        HttpResponse answer = client_.send(access, spoilt);
        statuses.push_back(answer.status);
        return answer;
    }

    std::vector<int> statuses;

private:
    HttpClient client_;
    std::function<void(HttpRequest&)> spoil_;
};

struct MockedForge {
    ForgeDialect dialect;
    ForgeAccess access;
};

/// Those whose mock can be started here; the notes say which can't.
std::vector<MockedForge> mocked_forges() {
    std::vector<MockedForge> forges;
    for (const ForgeDialect& dialect : forge_dialects()) {
        const auto address = prism_for(dialect.kind + ".json");
        if (!address) continue;
        // The contract of this one begins at the root.
        const std::string api = dialect.kind == "github" ? "" : dialect.api;
        forges.push_back({dialect, {"mock", dialect.kind, *address, *address + api, true, kToken}});
    }
    return forges;
}

std::optional<std::string> read_by(Spoiling& transport, const MockedForge& forge, EventClass event_class) {
    const ScmEvent event = an_event(event_class);
    return http_sources(transport).at(forge.dialect.kind)->read(event, kFile, forge.access);
}

/// How the answers to a spoilt request are judged; the last status and the kind.
std::pair<int, Kind> read_spoilt(const MockedForge& forge, const std::function<void(HttpRequest&)>& spoil) {
    Spoiling transport(spoil);
    try {
        read_by(transport, forge, EventClass::Push);
    } catch (const RemoteError& error) {
        return {transport.statuses.back(), error.kind};
    }
    FAIL(forge.dialect.kind << " took a spoilt request");
    return {};
}

void replace(std::string& text, const std::string& part, const std::string& other) {
    const auto at = text.find(part);
    REQUIRE_MESSAGE(at != std::string::npos, part << " is not in " << text);
    text.replace(at, part.size(), other);
}

}  // namespace

TEST_CASE("each forge's contract takes the questions for a file, and its answers can be read") {
    for (const MockedForge& forge : mocked_forges()) {
        CAPTURE(forge.dialect.kind);
        for (const EventClass event_class :
             {EventClass::PullRequest, EventClass::Push, EventClass::TagPush}) {
            Spoiling transport([](HttpRequest&) {});
            const auto text = read_by(transport, forge, event_class);
            CHECK(transport.statuses == std::vector{200});
            CHECK_FALSE(text.value_or("").empty());
        }
    }
}

TEST_CASE("each forge's contract takes the questions about a missing file") {
    for (const MockedForge& forge : mocked_forges()) {
        CAPTURE(forge.dialect.kind);
        for (const EventClass event_class : {EventClass::PullRequest, EventClass::TagPush}) {
            Spoiling transport([](HttpRequest& request) {
                if (request.url.find("workflows.yml") != std::string::npos)
                    request.headers.emplace_back("Prefer", "code=404");
            });
            CHECK(read_by(transport, forge, event_class) == std::nullopt);
            CHECK(transport.statuses == std::vector{404, 200, 200});
        }
    }
}

TEST_CASE("each forge's contract refuses spoilt questions") {
    for (const MockedForge& forge : mocked_forges()) {
        CAPTURE(forge.dialect.kind);
        CHECK(read_spoilt(forge, [](HttpRequest& request) {
                  std::erase_if(request.headers, [](const auto& header) {
                      return header.second.find(kToken) != std::string::npos;
                  });
              }) == std::pair(401, Kind::BadCredentials));
        const std::string folder = forge.dialect.kind == "gitlab" ? "/projects/" : "/repos/";
        CHECK(read_spoilt(forge, [&](HttpRequest& request) { replace(request.url, folder, "/depots/"); }) ==
              std::pair(404, Kind::GiveUp));
        CHECK(read_spoilt(forge, [](HttpRequest& request) { request.method = "PATCH"; }).second ==
              Kind::GiveUp);
        CHECK(read_spoilt(forge, [](HttpRequest& request) {
                  std::erase_if(request.headers, [](const auto& header) { return header.first == "Accept"; });
                  request.headers.emplace_back("Accept", "application/x-nothing");
              }) == std::pair(406, Kind::GiveUp));
    }
}
