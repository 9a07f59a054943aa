// SPDX-License-Identifier: Apache-2.0
// What answers mean, good and bad, and where the login goes.
#include "app/build_service/obs/obs_client.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "app/net/http_client.hpp"
#include "tests/support/stand_in_server.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::test;
using Manner = StandInAnswer::Manner;

namespace {

/// What comes of one question that is answered so: "retry: ask: ...".
struct Asked {
    explicit Asked(const StandInAnswer& answer, const std::string& user = "heddle")
        : client(transport, {server.url(), user, user.empty() ? "" : "secret", true}) {
        server.answer("*", "/source/demo/_meta", answer);
    }

    std::string outcome() {
        try {
            return client.find("/source/demo/_meta", "look") ? "found" : "not there";
        } catch (const RemoteError& error) {
            const std::string kind = error.kind == RemoteError::Kind::Retry    ? "retry"
                                     : error.kind == RemoteError::Kind::GiveUp ? "give up"
                                                                               : "credentials";
            return kind + ": " + error.what();
        }
    }

    StandInServer server;
    HttpClient transport{{std::chrono::milliseconds(400), 1 << 20, "", {}}};
    ObsClient client;
};

std::string outcome_of(int status, const std::string& body) { return Asked({status, body}).outcome(); }

const std::string kUnknown =
    "<status code=\"unknown_project\"><summary>Project not found: demo</summary></status>";

}  // namespace

TEST_CASE("what is there and what is not is told apart from who can't tell") {
    CHECK(outcome_of(200, "<project name=\"demo\"/>") == "found");
    CHECK(outcome_of(404, kUnknown) == "not there");
    // A proxy's word is none about projects.
    CHECK(outcome_of(404, "<html><body>Not Found</body></html>") ==
          "retry: look: what answered 404 gave no document of a build service");
    CHECK(outcome_of(404, "") == "retry: look: what answered 404 gave no document of a build service");
    CHECK(outcome_of(404, "<error/>") == "retry: look: what answered 404 is no build service");
    CHECK(outcome_of(200, "<!DOCTYPE html><html><body>Sign in</body></html>") ==
          "retry: look: what answered 200 gave no document of a build service");
    CHECK(outcome_of(200, "<project name=\"demo\"><title>x") ==
          "retry: look: what answered 200 gave no document of a build service");
    CHECK(outcome_of(200, "not XML at all") ==
          "retry: look: what answered 200 gave no document of a build service");
}

TEST_CASE("refusals carry the build service's own words") {
    CHECK(outcome_of(
              403, "<status code=\"change_project_no_permission\"><summary>no\nrights</summary></status>") ==
          "give up: look: no permission: no rights (change_project_no_permission)");
    CHECK(outcome_of(400, "<status code=\"400\"><summary>unknown element: scmsync</summary></status>") ==
          "give up: look: unknown element: scmsync");
    CHECK(outcome_of(400, "<status code=\"x\"/>") == "give up: look: the build service answered 400 (x)");
    CHECK(outcome_of(401, "<html/>") ==
          "credentials: look: the build service refuses the login of build_service.user");
    CHECK(Asked({401, ""}, "").outcome() ==
          "credentials: look: the build service wants a login: set build_service.user and password_file, or "
          "give one by `heddle obs login`");
    const std::string long_one(5000, 'x');
    CHECK(outcome_of(400, "<status code=\"x\"><summary>" + long_one + "</summary></status>").size() < 400);
}

TEST_CASE("a login that is refused is told as whose it is, and one that goes nowhere is never sent") {
    StandInServer server;
    server.answer("*", "/source/demo/_meta", {401, ""});
    HttpClient transport;
    ObsAccess access{server.url(), "ann", "secret", true};
    access.if_refused = "refused is the login of ann";
    const auto told = [&] {
        ObsClient client(transport, access);
        try {
            client.find_file("/source/demo/_meta", "look");
        } catch (const RemoteError& error) {
            CHECK(error.kind == RemoteError::Kind::BadCredentials);
            return std::string(error.what());
        }
        return std::string("found");
    };
    CHECK(told() == "look: refused is the login of ann");
    CHECK(server.requests().size() == 1);
    access.why_unused = "it was for another server";
    CHECK(told() == "look: it was for another server");
    CHECK(server.requests().size() == 1);
}

TEST_CASE("what may go better later is tried again") {
    CHECK(outcome_of(500, "<status code=\"500\"><summary>boom</summary></status>") ==
          "retry: look: the build service answered 500: boom");
    CHECK(outcome_of(502, "<html>Bad Gateway</html>") == "retry: look: the build service answered 502");
    CHECK(outcome_of(409, "<status code=\"409\"><summary>conflict</summary></status>") ==
          "retry: look: the build service answered 409: conflict");
    CHECK(outcome_of(400,
                     "<status code=\"400\"><summary>connect to 127.0.0.1:5252: Connection refused"
                     "</summary></status>") ==
          "retry: look: the build service is not whole: connect to 127.0.0.1:5252: Connection refused");
    for (const Manner manner : {Manner::Hang, Manner::HangBody, Manner::Cut, Manner::Vanish}) {
        StandInAnswer answer{200, "<project name=\"demo\"/>"};
        answer.manner = manner;
        CHECK(Asked(answer).outcome().starts_with("retry: look: "));
    }
    Asked later({429, "", {{"Retry-After", "17"}}});
    try {
        later.client.get("/source/demo/_meta", "look");
        FAIL("nothing was thrown");
    } catch (const RemoteError& error) {
        CHECK(error.retry_after == std::chrono::seconds(17));
    }
}

TEST_CASE("the login goes to the build service and nowhere else") {
    StandInServer elsewhere;
    Asked asked({302, "", {{"Location", elsewhere.url() + "/source/demo/_meta"}}});
    CHECK(asked.outcome() ==
          "give up: look: build_service.api_url answers 302, which sends to another address");
    CHECK(elsewhere.connections() == 0);
    REQUIRE(asked.server.requests().size() == 1);
    CHECK(asked.server.requests()[0].header("Authorization") == "Basic aGVkZGxlOnNlY3JldA==");
    Asked nobody({200, "<project/>"}, "");
    CHECK(nobody.outcome() == "found");
    CHECK(nobody.server.requests()[0].header("Authorization").empty());
}

TEST_CASE("every part of an address is encoded") {
    CHECK(obs_target({"source", "home:a", "x/../y"}, {{"comment", "a b&c=d\n"}, {"flag", ""}}) ==
          "/source/home%3Aa/x%2F..%2Fy?comment=a%20b%26c%3Dd%0A&flag=");
}
