// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <thread>

#include "app/jobs/housekeeping.hpp"
#include "app/web/password_gate.hpp"
#include "tests/postgres/app/web/web_world.hpp"

using namespace heddle;
using heddle::testing::cookie_line;
using heddle::testing::cookie_of;
using heddle::testing::has;
using heddle::testing::header_of;
using heddle::testing::hidden_field;
using heddle::testing::WebWorld;

namespace {

const std::string kGoodPassword = "correct+horse%20battery+staple";

ServerResponse try_to_sign_in(WebWorld& web,
                              const std::string& login,
                              const std::string& password,
                              const std::string& more = "") {
    const ServerResponse form = web.get("/signin");
    return web.post("/signin",
                    "csrf=" + hidden_field(form.body, "csrf") + "&next=%2Fruns%2F1&login=" + login +
                        "&password=" + password + more,
                    {{"heddle_form", cookie_of(form, "heddle_form")}});
}

/// The page without what is random in it.
std::string without_tokens(std::string html) {
    const std::string token = hidden_field(html, "csrf");
    const auto at = html.find(token);
    return token.empty() ? html : html.replace(at, token.size(), "TOKEN");
}

}  // namespace

TEST_CASE("who knows the password gets a session and goes where he wanted to go") {
    WebWorld web;
    const ServerResponse answer = try_to_sign_in(web, "ann", kGoodPassword);
    CHECK(answer.status == 303);
    CHECK(header_of(answer, "Location") == "/runs/1");
    const std::string cookie = cookie_of(answer, "heddle_session");
    REQUIRE(cookie.size() == 64);
    CHECK(cookie_line(answer, "heddle_session") ==
          "heddle_session=" + cookie + "; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax");
    CHECK(has(web.get("/", cookie).body, "<bdi>ann</bdi>"));
    CHECK(web.world().ask("SELECT count(*) FROM sessions WHERE token_hash = sha256('" + cookie + "')") ==
          "1");  // the cookie itself is nowhere
    CHECK(header_of(web.get("/signin", cookie), "Location") == "/");
}

TEST_CASE("a wrong password, an unknown user and one who may not sign in get the same answer") {
    WebWorld web;
    web.world().tell(
        "INSERT INTO users (login) VALUES ('robot');"
        "UPDATE users SET active = false WHERE login = 'bob'");
    const ServerResponse wrong = try_to_sign_in(web, "ann", "wrong");
    CHECK(wrong.status == 403);
    CHECK(has(wrong.body, "Login or password is wrong."));
    CHECK(cookie_line(wrong, "heddle_session").empty());
    for (const std::string login : {"nobody", "robot", "bob"}) {
        CAPTURE(login);
        std::string expected = without_tokens(wrong.body);
        expected.replace(expected.find("value=\"ann\""), 11, "value=\"" + login + "\"");
        const ServerResponse answer = try_to_sign_in(web, login, kGoodPassword);
        CHECK(answer.status == 403);
        CHECK(without_tokens(answer.body) == expected);
    }
    CHECK(try_to_sign_in(web, "ann%00x", kGoodPassword).status == 403);
    CHECK(try_to_sign_in(web, "%FF%FE", kGoodPassword).status == 403);
}

TEST_CASE("a one-time password lets nobody in but for another one, and is good for that once") {
    WebWorld web;
    web.world().tell("UPDATE users SET one_time = true WHERE login = 'root'");
    const auto asks = [&](const std::string& more, const std::string& problem) {
        const ServerResponse answer = try_to_sign_in(web, "root", kGoodPassword, more);
        CHECK(answer.status == 200);
        CHECK(has(answer.body, "name=\"new_password\""));
        CHECK(has(answer.body, "The new password must be another one") == !problem.empty());
        CHECK(cookie_line(answer, "heddle_session").empty());
    };
    CHECK_FALSE(has(web.get("/signin").body, "new_password"));
    CHECK(try_to_sign_in(web, "root", "wrong", "&new_password=my+own+password").status == 403);
    asks("", "");
    asks("&new_password=short", "problem");
    asks("&new_password=" + kGoodPassword, "problem");
    asks("&new_password=with+a%00in+the+middle", "problem");
    asks("&new_password=" + std::string(1025, 'x'), "problem");
    const ServerResponse answer = try_to_sign_in(web, "root", kGoodPassword, "&new_password=my+own+password");
    CHECK(answer.status == 303);
    CHECK(header_of(answer, "Location") == "/runs/1");
    CHECK(has(web.get("/", cookie_of(answer, "heddle_session")).body, "<bdi>root</bdi>"));
    CHECK(try_to_sign_in(web, "root", kGoodPassword, "&new_password=another+password").status == 403);
    CHECK(try_to_sign_in(web, "root", "my+own+password").status == 303);
    CHECK(web.world().ask("SELECT login, action, object FROM audit_log") == "root|user.password|user root");
    // Who has a password of his own is not given another one by a form.
    CHECK(try_to_sign_in(web, "ann", kGoodPassword, "&new_password=my+own+password").status == 303);
    CHECK(try_to_sign_in(web, "ann", "my+own+password").status == 403);
}

TEST_CASE("a sign-in form counts only from the browser that it was shown to") {
    WebWorld web;
    const ServerResponse mine = web.get("/signin");
    const ServerResponse theirs = web.get("/signin");
    const std::string fields = "&login=ann&password=" + kGoodPassword;
    const std::string token = hidden_field(mine.body, "csrf");
    const auto post = [&](const std::string& field, const std::string& cookie) {
        return web.post("/signin", "csrf=" + field + fields, {{"heddle_form", cookie}}).status;
    };
    CHECK(post(token, cookie_of(theirs, "heddle_form")) == 403);
    CHECK(post(token, "") == 403);
    CHECK(post("", "") == 403);
    CHECK(post("", cookie_of(mine, "heddle_form")) == 403);
    CHECK(web.world().ask("SELECT count(*) FROM sessions") == "0");
    CHECK(post(token, cookie_of(mine, "heddle_form")) == 303);
}

TEST_CASE("cookies are for https only where people come by https") {
    ServerConfig server;
    server.public_url = "https://ci.example.org/heddle";
    WebWorld web(server);
    const ServerResponse form = web.get("/signin");
    CHECK(has(cookie_line(form, "heddle_form"), "; Path=/heddle/; "));
    CHECK(has(cookie_line(form, "heddle_form"), "; HttpOnly; SameSite=Lax; Secure"));
    const ServerResponse answer = try_to_sign_in(web, "ann", kGoodPassword);
    CHECK(has(cookie_line(answer, "heddle_session"), "; HttpOnly; SameSite=Lax; Secure"));
    CHECK(header_of(answer, "Location") == "/heddle/runs/1");
    CHECK(has(form.body, "href=\"/heddle/style.css?v="));
}

TEST_CASE("signing in leads back to where it was asked for, and never to another site") {
    WebWorld web;
    const auto next = [&](const std::string& referer) {
        ServerRequest request;
        request.method = "GET";
        request.path = "/signin";
        request.headers = {{"Host", "ci.example.org"}, {"Referer", referer}};
        return hidden_field(web.ask(request).body, "next");
    };
    CHECK(next("https://ci.example.org/runs/12?x=1") == "/runs/12?x=1");
    CHECK(next("https://ci.example.org/signin") == "/");
    CHECK(next("https://evil.example.org/runs/12") == "/");
    CHECK(next("https://ci.example.org//evil.example.org") == "/");
    CHECK(next("https://ci.example.org/\\evil.example.org") == "/");
    CHECK(next("https://ci.example.org") == "/");
    CHECK(next("nonsense") == "/");
    const ServerResponse form = web.get("/signin");
    const ServerResponse answer =
        web.post("/signin",
                 "csrf=" + hidden_field(form.body, "csrf") +
                     "&next=https%3A%2F%2Fevil.example.org&login=ann&password=" + kGoodPassword,
                 {{"heddle_form", cookie_of(form, "heddle_form")}});
    CHECK(header_of(answer, "Location") == "/");
}

TEST_CASE("a session ends by time, by signing out, and with its user") {
    WebWorld web;
    const auto is_in = [&](const std::string& session) {
        return has(web.get("/", session).body, "Sign out");
    };
    const std::string session = web.sign_in("ann");
    const std::string late = web.sign_in("ann", -1);
    CHECK(is_in(session));
    CHECK_FALSE(is_in(late));
    CHECK_FALSE(is_in(""));
    CHECK_FALSE(is_in(std::string(64, '0')));
    web.world().tell("UPDATE users SET active = false WHERE login = 'ann'");
    CHECK_FALSE(is_in(session));
    web.world().tell("UPDATE users SET active = true WHERE login = 'ann'");
    CHECK(is_in(session));

    const std::string token = hidden_field(web.get("/", session).body, "csrf");
    const ServerResponse answer = web.post("/signout", "csrf=" + token, {{"heddle_session", session}});
    CHECK(answer.status == 303);
    CHECK(has(cookie_line(answer, "heddle_session"), "heddle_session=; Path=/; Max-Age=0"));
    CHECK_FALSE(is_in(session));
}

TEST_CASE("nobody else's page can sign somebody out") {
    WebWorld web;
    const std::string session = web.sign_in("ann");
    const std::string other = hidden_field(web.get("/", web.sign_in("ann")).body, "csrf");
    REQUIRE(other.size() == 64);
    for (const std::string& body : {std::string(), std::string("csrf="), "csrf=" + other})
        CHECK(web.post("/signout", body, {{"heddle_session", session}}).status == 403);
    CHECK(has(web.get("/", session).body, "Sign out"));
    CHECK(web.post("/signout", "").status == 303);  // a stranger has nothing to lose
}

TEST_CASE("what is no form is refused") {
    WebWorld web;
    ServerRequest request;
    request.method = "POST";
    request.path = "/signin";
    request.headers = {{"Content-Type", "application/json"}};
    request.body = "{}";
    CHECK(web.ask(request).status == 400);
}

TEST_CASE("a crowd that wants to sign in takes few threads") {
    PasswordGate gate;
    std::atomic<int> busy{0};
    std::vector<std::jthread> crowd;
    for (int i = 0; i < 16; ++i)
        crowd.emplace_back([&] { busy += gate.check("x", "") == PasswordGate::Answer::Busy; });
    crowd.clear();
    CHECK(busy >= 1);
    CHECK(gate.check("x", "") == PasswordGate::Answer::Wrong);  // and later it goes on
}

TEST_CASE("expired sessions are swept away") {
    WebWorld web;
    const std::string session = web.sign_in("ann");
    web.sign_in("ann", -10);
    web.sign_in("bob", -20);
    CHECK(sweep(web.world().pool(), {}).sessions == 2);
    CHECK(has(web.get("/", session).body, "Sign out"));
}
