// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <regex>

#include "app/web/embedded_files.hpp"
#include "app/web/shown_text.hpp"
#include "app/web/values.hpp"
#include "tests/postgres/app/web/web_world.hpp"

using namespace heddle;
using heddle::testing::has;
using heddle::testing::header_of;
using heddle::testing::WebWorld;

TEST_CASE("templates escape everything, quote every attribute, and bring no script or style of their own") {
    static const std::regex kUnescaped(R"(\{\{\{|\{\{\s*&|\{\{=)");
    static const std::regex kBareAttribute(R"re([a-z-]=(\{\{|[^"\s=]))re");
    static const std::regex kScript(R"(<script|<style|\sstyle=|\son[a-z]+=|javascript:)", std::regex::icase);
    int templates = 0;
    for (const EmbeddedFile& file : embedded_files()) {
        if (!file.name.ends_with(".mustache")) continue;
        ++templates;
        CHECK_MESSAGE(!std::regex_search(file.text, kUnescaped), file.name);
        CHECK_MESSAGE(!std::regex_search(file.text, kScript), file.name);
        // Inside of tags only: "?v={{style}}" stands within quotes.
        static const std::regex kTag(R"re(<[a-z][^>]*>)re");
        static const std::regex kQuoted(R"re("[^"]*")re");
        for (std::sregex_iterator it(file.text.begin(), file.text.end(), kTag), end; it != end; ++it)
            CHECK_MESSAGE(!std::regex_search(std::regex_replace(it->str(), kQuoted, "\"\""), kBareAttribute),
                          file.name << ": " << it->str());
    }
    CHECK(templates >= 6);
}

TEST_CASE("what a template is filled with is one harmless line") {
    const std::string html =
        render("refusal", Values().text("title", "a\n<b>\x1b\u202E").text("why", "\"&'"));
    CHECK(has(html, "<h1>a &lt;b&gt; \uFFFD</h1>"));
    CHECK(has(html, "<p>&quot;&amp;&apos;</p>"));
    CHECK_THROWS_AS(render("nothing", {}), std::logic_error);
    CHECK(shown_text("  - a\r") == "  - a");
    CHECK(shown_text("äöü", 4) == "äö...");
    CHECK(shown_lines("a\r\n\n  b") == std::vector<std::string>{"a", "", "  b"});
    CHECK(url_part("a b/ü&") == "a%20b%2F%C3%BC%26");
}

TEST_CASE("the style sheet is sent once") {
    WebWorld web;
    const std::string digest = embedded_file("style.css").digest;
    const ServerResponse first = web.get("/style.css?v=" + digest);
    CHECK(first.status == 200);
    CHECK(first.content_type == "text/css; charset=utf-8");
    CHECK(first.body == embedded_file("style.css").text);
    CHECK(header_of(first, "Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(header_of(first, "ETag") == "\"" + digest + "\"");
    CHECK(header_of(web.get("/style.css"), "Cache-Control") == "public, max-age=60");
    ServerRequest again;
    again.method = "GET";
    again.path = "/style.css";
    again.headers = {{"If-None-Match", "\"" + digest + "\""}};
    const ServerResponse second = web.ask(again);
    CHECK(second.status == 304);
    CHECK(second.body.empty());
    CHECK(has(web.get("/signin").body, "/style.css?v=" + digest));
}
