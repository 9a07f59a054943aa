// SPDX-License-Identifier: Apache-2.0
#include "reporters/http_answer.hpp"

#include <doctest/doctest.h>

#include <ctime>

#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace std::chrono_literals;
using Kind = RemoteError::Kind;

namespace {

ForgeAccess access_with(const std::string& credential) {
    ForgeAccess access;
    access.name = "src";
    access.credential = credential;
    return access;
}

RemoteError refusal(const HttpResponse& response) {
    try {
        require_success(response, access_with("s3cret"), "report to src");
    } catch (const RemoteError& error) {
        return error;
    }
    FAIL("no refusal: " << response.status);
    return {Kind::GiveUp, "", ""};
}

std::string message(const std::string& body) { return message_of({422, {}, body}); }

struct Row {
    const char* name;
    HttpResponse response;
    Kind kind;
    std::chrono::seconds pause;
};

const std::string kDate = "Fri, 27 Nov 2026 15:00:00 GMT";  // 1795791600

}  // namespace

TEST_CASE("a success is no error, whatever its body") {
    for (const int status : {200, 201, 202, 204})
        CHECK_NOTHROW(require_success({status, {}, "<html>"}, access_with(""), "report"));
}

TEST_CASE("each refusal is judged: again later, never, or not known") {
    const std::vector<Row> rows{
        {"redirect", {301, {{"Location", "https://elsewhere"}}, ""}, Kind::GiveUp, 0s},
        {"temporary redirect", {307, {}, ""}, Kind::GiveUp, 0s},
        {"bad request", {400, {}, ""}, Kind::GiveUp, 0s},
        {"unauthorized", {401, {}, ""}, Kind::BadCredentials, 0s},
        {"unauthorized, with a pause", {401, {{"Retry-After", "5"}}, ""}, Kind::BadCredentials, 0s},
        {"forbidden", {403, {}, ""}, Kind::GiveUp, 0s},
        {"forbidden, requests left", {403, {{"X-RateLimit-Remaining", "10"}}, ""}, Kind::GiveUp, 0s},
        {"forbidden for a while", {403, {{"retry-after", "30"}}, ""}, Kind::Retry, 30s},
        {"no requests left",
         {403, {{"x-ratelimit-remaining", "0"}, {"X-RateLimit-Reset", "1795791900"}, {"Date", kDate}}, ""},
         Kind::Retry,
         300s},
        {"no requests left, by the other name",
         {429, {{"RateLimit-Remaining", "0"}, {"RateLimit-Reset", "1795791720"}, {"Date", kDate}}, ""},
         Kind::Retry,
         120s},
        {"the reset is past",
         {403, {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1795791000"}, {"Date", kDate}}, ""},
         Kind::Retry,
         1s},
        {"no requests left, no time told", {403, {{"X-RateLimit-Remaining", "0"}}, ""}, Kind::Retry, 60s},
        {"a limit that only the message tells of",
         {403, {}, R"({"message": "You have exceeded a secondary Rate Limit."})"},
         Kind::Retry,
         60s},
        {"Retry-After wins over the reset",
         {429,
          {{"Retry-After", "7"}, {"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1795791900"}},
          ""},
         Kind::Retry,
         7s},
        {"Retry-After as a date",
         {503, {{"Retry-After", "Fri, 27 Nov 2026 15:02:00 GMT"}, {"Date", kDate}}, ""},
         Kind::Retry,
         120s},
        {"Retry-After without sense", {503, {{"Retry-After", "soon"}}, ""}, Kind::Retry, 0s},
        {"a pause of ages", {429, {{"Retry-After", "9223372036854775807"}}, ""}, Kind::Retry, 7 * 24h},
        {"a pause below nothing", {429, {{"Retry-After", "-5"}}, ""}, Kind::Retry, 1s},
        {"a number too large", {429, {{"Retry-After", "92233720368547758070"}}, ""}, Kind::Retry, 60s},
        {"too many, no more said", {429, {}, ""}, Kind::Retry, 60s},
        {"not found", {404, {}, ""}, Kind::GiveUp, 0s},
        {"not found, no requests left", {404, {{"X-RateLimit-Remaining", "0"}}, ""}, Kind::GiveUp, 0s},
        {"timeout of theirs", {408, {}, ""}, Kind::Retry, 0s},
        {"conflict", {409, {}, ""}, Kind::GiveUp, 0s},
        {"unprocessable", {422, {}, ""}, Kind::GiveUp, 0s},
        {"legal block", {451, {}, ""}, Kind::GiveUp, 0s},
        {"server error", {500, {}, ""}, Kind::Retry, 0s},
        {"bad gateway", {502, {}, ""}, Kind::Retry, 0s},
        {"no service, with a time", {503, {{"Retry-After", "90"}}, ""}, Kind::Retry, 90s},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const RemoteError error = refusal(row.response);
        CHECK(error.kind == row.kind);
        CHECK(error.retry_after == row.pause);
        CHECK(std::string(error.what())
                  .starts_with("report to src: the answer is " + std::to_string(row.response.status)));
    }
}

TEST_CASE("without a Date the pause goes by our clock") {
    const std::string reset = std::to_string(std::time(nullptr) + 1000);
    const RemoteError error =
        refusal({403, {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", reset}}, ""});
    CHECK(error.retry_after <= 1000s);
    CHECK(error.retry_after > 900s);
}

TEST_CASE("the reason is the forge's message in one line, without the credential") {
    CHECK(std::string(refusal({422, {}, "{\"message\": \"no\\nsuch s3cret\"}"}).what()) ==
          "report to src: the answer is 422: no such ***");
    CHECK(
        std::string(refusal({302, {{"Location", "https://me:pw@elsewhere/?sig=hidden"}}, "moved"}).what()) ==
        "report to src: the answer is 302, a redirect, which is not followed: https://elsewhere");
    CHECK(std::string(refusal({500, {}, "<!DOCTYPE html><p>Sorry"}).what()) ==
          "report to src: the answer is 500");
    // Not even a part of it, where the text is cut.
    for (std::size_t length = 250; length < 310; ++length) {
        const std::string text = refusal({500, {}, std::string(length, 'x') + "s3cret"}).what();
        CHECK_MESSAGE(text.find("xs") == std::string::npos, text);
    }
}

TEST_CASE("messages of all shapes") {
    CHECK(message("").empty());
    CHECK(message("{}").empty());
    CHECK(message("[]").empty());
    CHECK(message("null").empty());
    CHECK(message("plain\ttext\r\n") == "plain text");
    CHECK(message("\xff{") == "\uFFFD{");
    CHECK(message(R"({"message": "Bad credentials", "documentation_url": "https://x"})") ==
          "Bad credentials");
    CHECK(message(R"({"message": "Validation Failed", "errors": [{"resource": "Status", "code": "custom",
                      "field": "description", "message": "description is too long"}]})") ==
          "Validation Failed; description is too long");
    CHECK(message(R"({"message": "Validation Failed", "errors": [{"code": "missing", "field": "x"}]})") ==
          "Validation Failed; code missing; field x");
    CHECK(message(R"({"message": "Validation Failed", "errors": ["No commit found"]})") ==
          "Validation Failed; No commit found");
    CHECK(message(R"({"message": {"target_url": ["is blocked", "is too long"]}})") ==
          "target_url is blocked; is too long");
    CHECK(message(R"({"error": "insufficient_scope", "error_description": "needs more"})") ==
          "insufficient_scope; needs more");
    CHECK(message(R"({"title": "Not found", "detail": "no route"})") == "Not found; no route");
    CHECK(message(std::string(100'000, 'x')).empty());
    CHECK(message(std::string(1'000, 'x')) == std::string(299, 'x') + "…");
    CHECK(message(R"({"message": )" + std::string(5'000, '[') + std::string(5'000, ']') + "}").empty());
}

TEST_CASE("headers are found in any spelling, the first of several") {
    const HttpResponse response{200, {{"X-A", "1"}, {"x-a", "2"}, {"X-Ab", "3"}}, ""};
    CHECK(header_of(response, "x-A") == "1");
    CHECK(header_of(response, "X-AB") == "3");
    CHECK(header_of(response, "X").empty());
}
