// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <regex>
#include <set>

#include "app/postgres/run_store.hpp"
#include "tests/postgres/app/web/web_world.hpp"

using namespace heddle;
using heddle::testing::has;
using heddle::testing::WebWorld;

namespace {

std::vector<std::int64_t> runs_on(const std::string& html) {
    static const std::regex kRun(R"re(<li><a href="/runs/(\d+)">)re");
    std::vector<std::int64_t> ids;
    for (std::sregex_iterator it(html.begin(), html.end(), kRun), end; it != end; ++it)
        ids.push_back(std::stoll((*it)[1]));
    return ids;
}

/// The path behind the link with that relation; "" when there is none.
std::string link(const std::string& html, const std::string& relation) {
    const std::regex pattern("<a href=\"([^\"]*)\" rel=\"" + relation + "\">");
    std::smatch match;
    if (!std::regex_search(html, match, pattern)) return "";
    return std::regex_replace(match[1].str(), std::regex("&amp;"), "&");
}

std::vector<std::int64_t> walk(WebWorld& web, std::string path, const std::string& session) {
    std::vector<std::int64_t> seen;
    while (!path.empty()) {
        const std::string html = web.get(path, session).body;
        CHECK(html.size() < 20'000);
        for (const std::int64_t id : runs_on(html)) seen.push_back(id);
        path = link(html, "next");
        REQUIRE(seen.size() < 1000);
    }
    return seen;
}

}  // namespace

TEST_CASE("page by page everybody sees each of his runs once, newest first") {
    WebWorld web;
    std::vector<std::int64_t> all;
    std::vector<std::int64_t> open;
    for (int i = 0; i < 70; ++i) {
        const bool is_public = i % 2 == 0;
        all.insert(all.begin(), web.start_run(is_public));
        if (is_public) open.insert(open.begin(), all.front());
    }
    CHECK(walk(web, "/runs", web.sign_in("root")) == all);
    CHECK(walk(web, "/runs", web.sign_in("ann")) == all);
    CHECK(walk(web, "/runs", web.sign_in("bob")) == open);
    CHECK(walk(web, "/", "") == open);
}

TEST_CASE("a page stays where it is while new runs come in") {
    WebWorld web;
    for (int i = 0; i < 40; ++i) web.start_run(true);
    const std::string second = link(web.get("/runs").body, "next");
    const auto before = runs_on(web.get(second).body);
    CHECK(before.size() == 10);
    web.start_run(true);
    const std::string html = web.get(second).body;
    CHECK(runs_on(html) == before);
    CHECK(runs_on(web.get(link(html, "first")).body).size() == 30);
}

TEST_CASE("the list is filtered by status and repository") {
    WebWorld web;
    const auto failed = web.start_run(true);
    const auto queued = web.start_run(true);
    in_transaction(web.world().pool(),
                   [&](pqxx::work& tx) { end_run(tx, failed, RunStatus::Fail, "no such package"); });
    CHECK(runs_on(web.get("/runs?status=fail").body) == std::vector{failed});
    CHECK(runs_on(web.get("/runs?status=queued&repository=demo").body) == std::vector{queued});
    CHECK(runs_on(web.get("/runs?status=&repository=").body) == std::vector{queued, failed});
    const std::string none = web.get("/runs?repository=other").body;
    CHECK(has(none, "There are no such runs that everybody may see."));
    CHECK(has(web.get("/runs?status=fail").body, "<option selected>fail</option>"));
    CHECK(has(web.get("/runs?repository=demo").body, "name=\"repository\" value=\"demo\""));
    CHECK(web.get("/runs?status=lost").status == 404);
    CHECK(web.get("/runs?before=x").status == 404);
}

TEST_CASE("a filter goes along to the next page") {
    WebWorld web;
    std::vector<std::int64_t> all;
    for (int i = 0; i < 35; ++i) all.insert(all.begin(), web.start_run(true));
    CHECK(walk(web, "/runs?status=queued&repository=demo", "") == all);
    CHECK(link(web.get("/runs?status=queued&repository=demo").body, "next") ==
          "/runs?status=queued&repository=demo&before=" + std::to_string(all[29]));
}

TEST_CASE("a page that takes too long is given up, and nothing of it stays behind") {
    WebWorld web({}, std::chrono::milliseconds(100));
    const std::string run = "/runs/" + std::to_string(web.start_run(true));
    {
        const Pool::Lease lease = web.world().pool().acquire();
        pqxx::work busy(*lease);
        busy.exec0("LOCK TABLE workflow_runs");
        for (const std::string& path : {std::string("/runs?status=cancelled"), run, run + "/configuration"}) {
            const ServerResponse answer = web.get(path);
            CHECK_MESSAGE(answer.status == 503, path);
            CHECK(has(answer.body, "The database was asked for too much or is busy."));
        }
    }
    CHECK(web.get(run).status == 200);
    CHECK(web.world().ask("SHOW statement_timeout") == "0");
}

TEST_CASE("a line of the list says what happened") {
    WebWorld web;
    const auto run = web.start_run(true, "Mend the greeting");
    in_transaction(web.world().pool(),
                   [&](pqxx::work& tx) { end_run(tx, run, RunStatus::Fail, "no such package"); });
    const std::string html = web.get("/").body;
    CHECK(
        has(html,
            "<span class=\"state bad\">fail</span> <b><bdi>demo</bdi></b> <bdi>pull request #7 opened</bdi>: "
            "<q><bdi>Mend the greeting</bdi></q> <code>c0ffee0</code>"));
    CHECK(has(html, "no such package"));
    CHECK(std::regex_search(html, std::regex(R"(<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ</time>)")));
    web.world().tell("DELETE FROM workflow_runs");
    CHECK(has(web.get("/").body, "There are no runs that everybody may see."));
    CHECK(has(web.get("/", web.sign_in("ann")).body, "There are no runs."));
}
