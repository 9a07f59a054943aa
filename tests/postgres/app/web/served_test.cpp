// SPDX-License-Identifier: Apache-2.0
// The pages through the real server, as a browser meets them.
#include <doctest/doctest.h>

#include "app/http/http_server.hpp"
#include "tests/postgres/app/web/web_world.hpp"
#include "tests/support/raw_client.hpp"

using namespace heddle;
using heddle::test::RawAnswer;
using heddle::test::RawClient;
using heddle::testing::has;
using heddle::testing::hidden_field;
using heddle::testing::WebWorld;

namespace {

class Browser {
public:
    explicit Browser(int port) : port_(port) {}

    RawAnswer get(const std::string& target) { return ask("GET " + target + " HTTP/1.1\r\n", ""); }
    RawAnswer post(const std::string& target, const std::string& form) {
        return ask("POST " + target + " HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n",
                   form);
    }

private:
    RawAnswer ask(const std::string& begin, const std::string& body) {
        RawClient client(port_);
        const RawAnswer answer =
            client.ask(begin + "Host: localhost\r\nCookie: " + cookies_ +
                       "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
        const std::string line = answer.header("Set-Cookie");
        if (!line.empty()) cookies_ = line.substr(0, line.find(';'));
        return answer;
    }

    int port_;
    std::string cookies_ = "none=1";
};

}  // namespace

TEST_CASE("a browser signs in, sees its run, and signs out") {
    WebWorld web;
    const std::string run = "/runs/" + std::to_string(web.start_run(false));
    HttpServerOptions options;
    options.server.port = 0;
    HttpServer server(options, web.routes());
    server.start();
    Browser browser(server.port());
    CHECK(browser.get(run).status == 404);
    const RawAnswer form = browser.get("/signin");
    const RawAnswer in = browser.post(
        "/signin", "login=ann&password=correct+horse+battery+staple&csrf=" + hidden_field(form.body, "csrf"));
    CHECK(in.status == 303);
    CHECK(in.header("Location") == "/");
    const RawAnswer page = browser.get(run);
    CHECK(page.status == 200);
    CHECK(page.header("Content-Type") == "text/html; charset=utf-8");
    CHECK(page.header("X-Content-Type-Options") == "nosniff");
    CHECK(has(page.body, "pull request #7 opened"));
    CHECK(browser.get("/?status=queued&repository=de%6Do").status == 200);
    CHECK(browser.post("/signout", "csrf=" + hidden_field(page.body, "csrf")).status == 303);
    CHECK(browser.get(run).status == 404);
}

TEST_CASE("a form that is too large is not read, and a style that is known is not sent") {
    WebWorld web;
    HttpServerOptions options;
    options.server.port = 0;
    HttpServer server(options, web.routes());
    server.start();
    Browser browser(server.port());
    CHECK(browser.post("/signin", "login=" + std::string(9000, 'x')).status == 413);
    CHECK(browser.post("/runs", "").status == 405);
    const std::string tag = browser.get("/style.css").header("ETag");
    RawClient client(server.port());
    const RawAnswer again =
        client.ask("GET /style.css HTTP/1.1\r\nHost: x\r\nIf-None-Match: " + tag + "\r\n\r\n");
    CHECK(again.status == 304);
    CHECK(again.body.empty());
}
