// SPDX-License-Identifier: Apache-2.0
#include "reporters/gitea/gitea_reporter.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/fakes/fake_http_transport.hpp"

using namespace heddle;
using heddle::test::FakeHttpTransport;
using nlohmann::json;

namespace {

ForgeAccess access_to_gitea() {
    return {"src", "gitea", "https://src.example.org", "https://src.example.org/api/v1", false, "t0ken"};
}

const std::string kHeaders = "Accept: application/json\nAuthorization: token t0ken\n";

struct Stage {
    FakeHttpTransport transport;
    GiteaReporter reporter{transport};

    std::string report(const CommitStatus& status) {
        transport.answer(201, "{}");
        reporter.report(status, access_to_gitea());
        return transport.texts().back();
    }
    std::optional<CommitStatus> shown(const std::string& context) {
        return reporter.shown({"o/n", "c0ffee", context}, access_to_gitea());
    }
};

json one(const std::string& word, const std::string& context) {
    return {
        {"statuses", {{{"status", word}, {"context", context}, {"description", "d"}, {"target_url", ""}}}}};
}

}  // namespace

TEST_CASE("Gitea is told a status with these bytes") {
    Stage stage;
    CHECK(stage.report({"o/n",
                        "c0ffee",
                        "OBS: hello - local/x86_64",
                        StatusState::Error,
                        "withdrawn",
                        "https://h.example/runs/1"}) ==
          "POST https://src.example.org/api/v1/repos/o/n/statuses/c0ffee\n" + kHeaders +
              "Content-Type: application/json\n\n"
              R"({"context":"OBS: hello - local/x86_64","description":"withdrawn","state":"error",)"
              R"("target_url":"https://h.example/runs/1"})");
    stage.transport.answer(200, "{}");  // Forgejo's older answer
    CHECK_NOTHROW(stage.reporter.report({"o/n", "c", "c", StatusState::Error, "", ""}, access_to_gitea()));
}

TEST_CASE("Gitea has a word for each state, and one that is not ours") {
    Stage stage;
    for (const auto& [state, word] :
         std::vector<std::pair<StatusState, std::string>>{{StatusState::Success, "success"},
                                                          {StatusState::Pending, "pending"},
                                                          {StatusState::Failure, "failure"},
                                                          {StatusState::Error, "error"}}) {
        stage.report({"o/n", "c0ffee", "c", state, "", ""});
        CHECK(json::parse(stage.transport.sent().back().request.body).at("state") == word);
        stage.transport.answer(200, one(word, "c").dump());
        CHECK(stage.shown("c") == CommitStatus{"o/n", "c0ffee", "c", state, "d", ""});
    }
    stage.transport.answer(200, one("warning", "c").dump());
    CHECK_FALSE(stage.shown("c"));
}

TEST_CASE("Gitea's pages end with an empty one, and are not turned for ever") {
    Stage stage;
    SUBCASE("small pages") {
        stage.transport.answer(200, one("success", "C").dump());  // another context
        stage.transport.answer(200, one("failure", "c").dump());
        CHECK(stage.shown("c")->state == StatusState::Failure);
        CHECK(stage.transport.texts() ==
              std::vector<std::string>{
                  "GET https://src.example.org/api/v1/repos/o/n/commits/c0ffee/status?limit=50&page=1\n" +
                      kHeaders + "\n",
                  "GET https://src.example.org/api/v1/repos/o/n/commits/c0ffee/status?limit=50&page=2\n" +
                      kHeaders + "\n"});
    }
    SUBCASE("an empty page") {
        stage.transport.answer(200, one("success", "a").dump());
        stage.transport.answer(200, R"({"statuses": null})");
        CHECK_FALSE(stage.shown("c"));
        CHECK(stage.transport.sent().size() == 2);
    }
    SUBCASE("without end") {
        for (int i = 0; i < 30; ++i) stage.transport.answer(200, one("success", "a").dump());
        CHECK_FALSE(stage.shown("c"));
        CHECK(stage.transport.sent().size() == 20);
    }
}

TEST_CASE("Gitea takes long texts") {
    Stage stage;
    const CommitStatus status{"o/n", "c0ffee", "c", StatusState::Error, std::string(1'500, 't'), ""};
    stage.report(status);
    CHECK(json::parse(stage.transport.sent().back().request.body).at("description") ==
          std::string(999, 't') + "…");
}
