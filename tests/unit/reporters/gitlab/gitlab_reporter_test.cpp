// SPDX-License-Identifier: Apache-2.0
#include "reporters/gitlab/gitlab_reporter.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/fakes/fake_http_transport.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using heddle::test::FakeHttpTransport;
using nlohmann::json;

namespace {

ForgeAccess access_to_gitlab() {
    return {"gitlab.com", "gitlab", "https://gitlab.com", "https://gitlab.com/api/v4", false, "glpat-1"};
}

const std::string kHeaders = "Accept: application/json\nPRIVATE-TOKEN: glpat-1\n";
const std::string kRefused =
    R"--({"message": "Cannot transition status via :enqueue from :pending (Reason(s): Status cannot transition via \"enqueue\")"})--";

struct Stage {
    FakeHttpTransport transport;
    GitlabReporter reporter{transport};

    std::string report(const CommitStatus& status) {
        transport.answer(201, "{}");
        reporter.report(status, access_to_gitlab());
        return transport.texts().back();
    }
    std::optional<CommitStatus> shown(const std::string& context) {
        return reporter.shown({"g/s/n", "c0ffee", context}, access_to_gitlab());
    }
};

json told(std::int64_t id, const std::string& word, const std::string& name) {
    return {{"id", id}, {"status", word}, {"name", name}, {"description", "d"}, {"target_url", nullptr}};
}

CommitStatus a_status(StatusState state) { return {"g/s/n", "c0ffee", "c", state, "d", ""}; }

}  // namespace

TEST_CASE("a project is addressed by its number, which a new name does not change") {
    Stage stage;
    CommitStatus status = a_status(StatusState::Success);
    status.repository_id = "42";
    CHECK(stage.report(status).starts_with("POST https://gitlab.com/api/v4/projects/42/statuses/c0ffee\n"));
    stage.transport.answer(200, "[]");
    stage.reporter.shown(status, access_to_gitlab());
    CHECK(stage.transport.texts().back().starts_with(
        "GET https://gitlab.com/api/v4/projects/42/repository/commits/c0ffee/statuses?"));
    status.repository_id = "../../user";
    CHECK(stage.report(status).starts_with("POST https://gitlab.com/api/v4/projects/g%2Fs%2Fn/statuses/"));
}

TEST_CASE("GitLab is told a status with these bytes") {
    Stage stage;
    CHECK(stage.report({"g/s/n",
                        "c0ffee",
                        "OBS: hello - local/x86_64",
                        StatusState::Failure,
                        "failed",
                        "https://h.example/runs/1"}) ==
          "POST https://gitlab.com/api/v4/projects/g%2Fs%2Fn/statuses/c0ffee\n" + kHeaders +
              "Content-Type: application/json\n\n"
              R"({"context":"OBS: hello - local/x86_64","description":"failed","state":"failed",)"
              R"("target_url":"https://h.example/runs/1"})");
}

TEST_CASE("GitLab has other words for states, and more than we say") {
    Stage stage;
    for (const auto& [state, word] :
         std::vector<std::pair<StatusState, std::string>>{{StatusState::Success, "success"},
                                                          {StatusState::Pending, "pending"},
                                                          {StatusState::Failure, "failed"},
                                                          {StatusState::Error, "canceled"}}) {
        stage.report(a_status(state));
        CHECK(json::parse(stage.transport.sent().back().request.body).at("state") == word);
        stage.transport.answer(200, json::array({told(1, word, "c")}).dump());
        CHECK(stage.shown("c") == a_status(state));
    }
    stage.transport.answer(200, json::array({told(1, "skipped", "c")}).dump());
    CHECK_FALSE(stage.shown("c"));
}

TEST_CASE("GitLab gets no more than it takes") {
    Stage stage;
    CommitStatus status = a_status(StatusState::Error);
    status.text = std::string(300, 't');
    status.url = "https://h.example/" + std::string(300, 'u');
    stage.report(status);
    const json body = json::parse(stage.transport.sent().back().request.body);
    CHECK(body.at("description") == std::string(254, 't') + "…");
    CHECK_FALSE(body.contains("target_url"));
}

TEST_CASE("GitLab is asked for one name, and the newest of its branches counts") {
    Stage stage;
    stage.transport.answer(200,
                           json::array({told(7, "failed", "OBS: a&b"),
                                        told(9, "success", "OBS: a&b"),
                                        told(8, "pending", "OBS: a&b"),
                                        told(10, "failed", "OBS: a")})
                               .dump());
    CHECK(stage.shown("OBS: a&b")->state == StatusState::Success);
    CHECK(
        stage.transport.texts() ==
        std::vector<std::string>{"GET https://gitlab.com/api/v4/projects/g%2Fs%2Fn/repository/commits/c0ffee/"
                                 "statuses?per_page=100&name=OBS%3A%20a%26b\n" +
                                 kHeaders + "\n"});
    stage.transport.answer(200, "[]");
    CHECK_FALSE(stage.shown("OBS: a"));
}

TEST_CASE("a refused transition to the state that is there counts as sent") {
    Stage stage;
    stage.transport.answer(400, kRefused);
    stage.transport.answer(200, json::array({told(1, "pending", "c")}).dump());
    CHECK_NOTHROW(stage.reporter.report(a_status(StatusState::Pending), access_to_gitlab()));
    CHECK(stage.transport.sent().size() == 2);
}

TEST_CASE("any other 400 does not") {
    Stage stage;
    const CommitStatus wanted = a_status(StatusState::Pending);
    const auto refused = [&] {
        try {
            stage.reporter.report(wanted, access_to_gitlab());
        } catch (const RemoteError& error) {
            CHECK(error.kind == RemoteError::Kind::GiveUp);
            return std::string(error.what());
        }
        return std::string("sent");
    };
    SUBCASE("another state is there") {
        stage.transport.answer(400, kRefused);
        stage.transport.answer(200, json::array({told(1, "success", "c")}).dump());
        CHECK(refused().starts_with("report to gitlab.com: the answer is 400: Cannot transition status"));
    }
    SUBCASE("nothing is there") {
        stage.transport.answer(400, kRefused);
        stage.transport.answer(200, "[]");
        CHECK(refused().starts_with("report to gitlab.com: the answer is 400: Cannot transition status"));
    }
    SUBCASE("another mistake") {
        stage.transport.answer(400, R"({"message": {"target_url": ["is blocked"]}})");
        CHECK(refused() == "report to gitlab.com: the answer is 400: target_url is blocked");
    }
    SUBCASE("another code") {
        stage.transport.answer(422, kRefused);
        CHECK(refused().starts_with("report to gitlab.com: the answer is 422"));
        CHECK(stage.transport.sent().size() == 1);
    }
}

TEST_CASE("a commit whose lock another request holds is reported to later; another conflict is not") {
    Stage stage;
    const auto kind_of = [&](const std::string& message) {
        stage.transport.answer(409, json{{"message", message}}.dump());
        try {
            stage.reporter.report(a_status(StatusState::Success), access_to_gitlab());
        } catch (const RemoteError& error) {
            CHECK(error.what() == "report to gitlab.com: the answer is 409: " + message);
            CHECK_FALSE(error.may_be_done);
            return error.kind;
        }
        FAIL("it was sent");
        return RemoteError::Kind::BadCredentials;
    };
    CHECK(kind_of("409 Conflict: Resource lock") == RemoteError::Kind::Retry);
    CHECK(kind_of("409 Conflict") == RemoteError::Kind::GiveUp);
}

TEST_CASE("GitLab can't change the text of a pending status: that is no difference") {
    Stage stage;
    CommitStatus other = a_status(StatusState::Pending);
    other.text = "builds";
    CHECK(stage.reporter.shows(a_status(StatusState::Pending), other));
    CommitStatus done = a_status(StatusState::Success);
    done.text = "fine";
    CHECK_FALSE(stage.reporter.shows(a_status(StatusState::Success), done));
    CHECK_FALSE(stage.reporter.shows(a_status(StatusState::Pending), done));
}
