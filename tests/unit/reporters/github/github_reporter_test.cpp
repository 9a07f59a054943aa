// SPDX-License-Identifier: Apache-2.0
#include "reporters/github/github_reporter.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/fakes/fake_http_transport.hpp"

using namespace heddle;
using heddle::test::FakeHttpTransport;
using nlohmann::json;

namespace {

ForgeAccess access_to_github() {
    return {"github.com", "github", "https://github.com", "https://api.github.com", false, "ghp_1"};
}

const std::string kHeaders =
    "Accept: application/json\nAuthorization: Bearer ghp_1\nX-GitHub-Api-Version: 2022-11-28\n";

struct Stage {
    FakeHttpTransport transport;
    GithubReporter reporter{transport};

    std::string report(const CommitStatus& status) {
        transport.answer(201, "{}");
        reporter.report(status, access_to_github());
        return transport.texts().back();
    }
    std::optional<CommitStatus> shown(const std::string& context) {
        return reporter.shown({"o/n", "c0ffee", context}, access_to_github());
    }
};

/// A page of a combined status with `count` contexts "other N".
json page_of(int count) {
    json statuses = json::array();
    for (int i = 0; i < count; ++i)
        statuses.push_back({{"state", "success"}, {"context", "other " + std::to_string(i)}});
    return {{"state", "success"}, {"statuses", statuses}};
}

}  // namespace

TEST_CASE("GitHub is told a status with these bytes") {
    Stage stage;
    CHECK(stage.report({"o/n",
                        "c0ffee",
                        "OBS: hello - local/x86_64",
                        StatusState::Failure,
                        "failed",
                        "https://h.example/runs/1"}) ==
          "POST https://api.github.com/repos/o/n/statuses/c0ffee\n" + kHeaders +
              "Content-Type: application/json\n\n"
              R"({"context":"OBS: hello - local/x86_64","description":"failed","state":"failure",)"
              R"("target_url":"https://h.example/runs/1"})");
}

TEST_CASE("GitHub has a word for each state") {
    Stage stage;
    for (const auto& [state, word] :
         std::vector<std::pair<StatusState, std::string>>{{StatusState::Success, "success"},
                                                          {StatusState::Pending, "pending"},
                                                          {StatusState::Failure, "failure"},
                                                          {StatusState::Error, "error"}}) {
        stage.report({"o/n", "c0ffee", "c", state, "", ""});
        CHECK(json::parse(stage.transport.sent().back().request.body).at("state") == word);
        stage.transport.answer(200, json{{"statuses", {{{"state", word}, {"context", "c"}}}}}.dump());
        CHECK(stage.shown("c")->state == state);
    }
}

TEST_CASE("GitHub gets no more than it takes") {
    Stage stage;
    const CommitStatus status{
        "o/n", "c0ffee", std::string(300, 'c'), StatusState::Error, std::string(150, 't'), ""};
    stage.report(status);
    const json body = json::parse(stage.transport.sent().back().request.body);
    CHECK(body.at("description") == std::string(139, 't') + "…");
    const std::string context = body.at("context");
    CHECK(context.size() == 255 + 2);  // "…" has three bytes
    stage.transport.answer(
        200,
        json{{"statuses", {{{"state", "error"}, {"context", context}, {"description", body["description"]}}}}}
            .dump());
    const auto shown = stage.shown(status.context);
    REQUIRE(shown);
    CHECK(shown->context == status.context);
    CHECK(stage.reporter.shows(*shown, status));
}

TEST_CASE("GitHub is asked for the latest status of a context, page by page") {
    Stage stage;
    json last = page_of(3);
    last["statuses"].push_back({{"state", "pending"},
                                {"context", "OBS: Hello"},
                                {"description", "builds"},
                                {"target_url", "https://h/1"}});
    stage.transport.answer(200, page_of(100).dump());
    stage.transport.answer(200, last.dump());
    CHECK(stage.shown("OBS: hello") ==
          CommitStatus{"o/n", "c0ffee", "OBS: hello", StatusState::Pending, "builds", "https://h/1"});
    CHECK(stage.transport.texts() ==
          std::vector<std::string>{
              "GET https://api.github.com/repos/o/n/commits/c0ffee/status?per_page=100&page=1\n" + kHeaders +
                  "\n",
              "GET https://api.github.com/repos/o/n/commits/c0ffee/status?per_page=100&page=2\n" + kHeaders +
                  "\n"});
}

TEST_CASE("GitHub is not asked for ever") {
    Stage stage;
    SUBCASE("a short page is the last") {
        stage.transport.answer(200, page_of(99).dump());
        CHECK_FALSE(stage.shown("c"));
        CHECK(stage.transport.sent().size() == 1);
    }
    SUBCASE("full pages without end") {
        for (int i = 0; i < 20; ++i) stage.transport.answer(200, page_of(100).dump());
        CHECK_FALSE(stage.shown("c"));
        CHECK(stage.transport.sent().size() == 10);
    }
}
