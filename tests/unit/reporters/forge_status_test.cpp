// SPDX-License-Identifier: Apache-2.0
#include "reporters/forge_status.hpp"

#include <doctest/doctest.h>

#include "workflows/model/remote_error.hpp"

using namespace heddle;

namespace {

constexpr StatusLimits kLimits{30, 10, 30};

std::string fitted_url(const std::string& url) {
    CommitStatus status;
    status.url = url;
    return fitted(status, kLimits).url;
}

}  // namespace

TEST_CASE("a status is made to fit: one line, cut, with a link that is one") {
    CommitStatus status;
    status.context = "OBS:\thello";
    status.text = "first line\nsecond";
    CHECK(fitted(status, kLimits).context == "OBS: hello");
    CHECK(fitted(status, kLimits).text == "first lin…");
    status.context = std::string(31, 'c');
    CHECK(fitted(status, kLimits).context != status.context);
    CHECK(fitted(status, kLimits).context == fitted_context(status.context, kLimits));
    CHECK(fitted_url("https://h.example/runs/1") == "https://h.example/runs/1");
    CHECK(fitted_url("http://h.example/runs/1") == "http://h.example/runs/1");
    CHECK(fitted_url("https://h.example/runs/12345678").empty());  // too long: a part of it leads elsewhere
    for (const char* other : {"", "javascript:alert(1)", "//h", "ftp://h", "https://h/ x", "https://h/\"x"})
        CHECK_MESSAGE(fitted_url(other).empty(), other);
}

TEST_CASE("what a forge shows is compared with what it makes of a status") {
    CommitStatus wanted;
    wanted.state = StatusState::Failure;
    wanted.text = "a text that is too long";
    wanted.url = "https://h.example/runs/1";
    CommitStatus shown = fitted(wanted, kLimits);
    CHECK(is_fitted(shown, wanted, kLimits));
    shown.text += "!";
    CHECK_FALSE(is_fitted(shown, wanted, kLimits));
    shown = fitted(wanted, kLimits);
    shown.state = StatusState::Error;
    CHECK_FALSE(is_fitted(shown, wanted, kLimits));
    shown = fitted(wanted, kLimits);
    shown.url.clear();
    CHECK_FALSE(is_fitted(shown, wanted, kLimits));
}

TEST_CASE("lists of statuses are read whatever stands in them") {
    const ToldFields fields{"status", "name"};
    const auto read = [&](const std::string& body) { return told_statuses({200, {}, body}, fields, "read"); };
    CHECK(read("[]").empty());
    CHECK(read(R"({"statuses": null})").empty());
    CHECK(read(R"([1, null, "x", []])").empty());
    const auto told = read(R"([{"status": "failed", "name": "a", "description": null, "target_url": 7,
                                "id": "x"}, {"id": 12}])");
    REQUIRE(told.size() == 2);
    CHECK(told[0].state == "failed");
    CHECK(told[0].context == "a");
    CHECK(told[0].text.empty());
    CHECK(told[0].url.empty());
    CHECK(told[0].id == 0);
    CHECK(told[1].id == 12);
    for (const char* other : {"", "<html>", "{}", "7", "{\"statuses\": 7}"}) try {
            read(other);
            FAIL("was read: " << other);
        } catch (const RemoteError& error) {
            CHECK(error.kind == RemoteError::Kind::Retry);
            CHECK(std::string(error.what()) == "read: the answer is no list of statuses");
        }
}

TEST_CASE("no forge is told a path of this machine") {
    CommitStatus wanted;
    wanted.text = "\"/srv/git/hello\": no space";
    CHECK(fitted(wanted, kLimits).text == "\"\u2026/hello\"\u2026");
    CHECK(is_fitted(fitted(wanted, kLimits), wanted, kLimits));
}
