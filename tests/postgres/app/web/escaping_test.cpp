// SPDX-License-Identifier: Apache-2.0
// Everything from a payload, a file or a build is a stranger's text: no page may take it for its own.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "app/postgres/run_store.hpp"
#include "tests/postgres/app/web/web_world.hpp"

using namespace heddle;
using heddle::testing::has;
using heddle::testing::header_of;
using heddle::testing::RunWorld;
using heddle::testing::WebWorld;

namespace {

/// A text that would do harm in four ways, with a word that says where it came from.
std::string hostile(const std::string& word) {
    return word + "<script>alert(1)</script>\"' onload='x\"&amp;\x1b[31m\x07\u202E\u2066\u0085" + word;
}

std::string quote(pqxx::work& tx, const std::string& text) { return tx.quote(text); }

ScmEvent hostile_event() {
    ScmEvent event = RunWorld::pull_request(7, hostile("sha"));
    event.title = hostile("title");
    event.repository.full_name = hostile("repository");
    event.repository.is_public = true;
    event.source.branch = hostile("branch");
    event.source.full_name = hostile("fork");
    event.target.branch = hostile("base");
    event.labels = {hostile("label")};
    event.sender = hostile("sender");
    event.url = "https://forge.example/" + hostile("url");
    return event;
}

std::string hostile_plan() {
    nlohmann::json step{{"step", "rebuild_package"},
                        {"line", 2},
                        {"does", "rebuild"},
                        {"target", {{"project", hostile("target")}, {"package", nullptr}}},
                        {"subscribes", true}};
    return nlohmann::json::array({{{"name", hostile("workflow")},
                                   {"line", 1},
                                   {"runs", true},
                                   {"because", hostile("because")},
                                   {"steps", nlohmann::json::array({step})}}})
        .dump();
}

std::int64_t hostile_run(WebWorld& web) {
    const auto run = web.world().start(hostile_event());
    web.world().tell(
        "UPDATE repositories SET public = true;"
        "UPDATE forges SET web_url = 'https://forge.example'");
    in_transaction(web.world().pool(), [&](pqxx::work& tx) {
        store_run_configuration(
            tx, run, {hostile("file") + "\n", {{1, 1, hostile("warning")}}, hostile_plan()});
        end_run(tx, run, RunStatus::Fail, hostile("message"), {{1, 2, hostile("problem")}});
        const std::string id = std::to_string(run);
        const auto q = [&](const std::string& word) { return quote(tx, hostile(word)); };
        tx.exec(
            "INSERT INTO deliveries (token_id, delivery_id, event_name, verdict, reason, run_id, answer_code)"
            " SELECT token_id, " +
            q("delivery") + ", " + q("event") + ", 'accepted', " + q("reason") +
            ", id, 200 FROM workflow_runs");
        for (const std::string attempt : {"1", "2"})
            tx.exec(
                "INSERT INTO run_steps (run_id, attempt, step_index, workflow, step, line, status, message,"
                " finished_at) VALUES (" +
                id + ", " + attempt + ", 0, " + q("workflow") + ", 'rebuild_package', 2, 'fail', " +
                q("step" + attempt) + ", now())");
        tx.exec("UPDATE workflow_runs SET attempt = 2");
        tx.exec("INSERT INTO bs_projects (name) VALUES (" + q("project") + ")");
        tx.exec("INSERT INTO bs_packages (project_id, name) SELECT id, " + q("package") +
                " FROM bs_projects");
        tx.exec("INSERT INTO bs_revisions (package_id, rev, srcmd5) SELECT id, 2, 'abc' FROM bs_packages");
        tx.exec(
            "INSERT INTO bs_builds (package_id, revision_id, repository, architecture, details)"
            " SELECT package_id, id, " +
            q("where") + ", 'x86_64', " + q("details") + " FROM bs_revisions");
        tx.exec(
            "INSERT INTO package_revisions (run_id, token_id, attempt, step_index, project, package,"
            " commit_sha, kind, rev, completed_at) SELECT r.id, token_id, 1, 0, p.name, k.name, commit_sha,"
            " 'source', '2', now() FROM workflow_runs r, bs_projects p, bs_packages k");
        tx.exec(
            "INSERT INTO commit_statuses (forge_id, repository_id, token_id, commit_sha, context, state, "
            "text)"
            " SELECT forge_id, repository_id, r.token_id, commit_sha, " +
            q("context") + ", 'failure', " + q("text") +
            " FROM workflow_runs r JOIN repositories p ON p.id = repository_id");
        tx.exec(
            "INSERT INTO status_contributions (status_id, producer, cause, state, run_id)"
            " SELECT id, 'x', '{1,1,1}', 'failure', " +
            id + " FROM commit_statuses");
        tx.exec(
            "INSERT INTO status_reports (status_id, version, state, sent_state, sent_text, message, "
            "finished_at)"
            " SELECT id, 1, 'failed', 'failure', " +
            q("sent") + ", " + q("refused") + ", now() FROM commit_statuses");
    });
    return run;
}

void check_harmless(const std::string& html) {
    for (const std::string danger :
         {"<script", "\" onload", "' onload", "\x1b", "\x07", "\u202E", "\u2066", "\u0085"})
        CHECK_MESSAGE(!has(html, danger), "found " << danger);
    CHECK_FALSE(has(html, "javascript:"));
}

}  // namespace

TEST_CASE("markup and control characters stay text on the page of a run") {
    WebWorld web;
    const std::string id = std::to_string(hostile_run(web));
    const std::string html = web.get("/runs/" + id).body;
    check_harmless(html);
    // The page shows all of it: what is not there could not have done harm.
    for (const std::string word :
         {"sha",     "title",  "repository", "branch",  "fork",    "base",  "label",
          "sender",  "file",   "warning",    "message", "problem", "event", "delivery",
          "reason",  "target", "workflow",   "because", "step1",   "step2", "project",
          "package", "where",  "details",    "context", "text",    "sent",  "refused"})
        CHECK_MESSAGE(has(html, word + "&lt;script&gt;alert(1)&lt;/script&gt;&quot;"), "missing: " << word);
    CHECK_FALSE(has(html, "href=\"https://forge.example"));  // a link that is no plain address is none
}

TEST_CASE("markup and control characters stay text in the list, the form and the refusals") {
    WebWorld web;
    hostile_run(web);
    web.world().tell("UPDATE users SET login = '<b>ann</b>' WHERE login = 'ann'");
    const std::string list = web.get("/runs", web.sign_in("<b>ann</b>")).body;
    check_harmless(list);
    for (const std::string word : {"title", "repository", "message"})
        CHECK_MESSAGE(has(list, word + "&lt;script&gt;"), "missing: " << word);
    CHECK(has(list, "<bdi>&lt;b&gt;ann&lt;/b&gt;</bdi>"));

    ServerRequest request;
    request.method = "GET";
    request.path = "/runs";
    request.query = {{"repository", hostile("asked")}};
    const std::string filtered = web.ask(request).body;
    check_harmless(filtered);
    CHECK(has(filtered, "value=\"asked&lt;script&gt;"));

    const ServerResponse form = web.post("/signin", "login=%22%3E%3Cscript%3E%1B&password=x&csrf=x");
    check_harmless(form.body);
    CHECK(has(form.body, "value=\"&quot;&gt;&lt;script&gt;\""));
}

TEST_CASE("files and logs are text and nothing else, whatever stands in them") {
    WebWorld web;
    const std::string id = std::to_string(hostile_run(web));
    const auto build = std::stoll(web.world().ask("SELECT id FROM bs_builds"));
    web.logs()[build] = "<html><script>alert(1)</script>\x1b\xFF";
    const ServerResponse log = web.get("/runs/" + id + "/builds/" + std::to_string(build) + "/log");
    CHECK(log.body == web.logs()[build]);  // as the build wrote it
    const ServerResponse file = web.get("/runs/" + id + "/configuration");
    CHECK(file.body == hostile("file") + "\n");
    for (const ServerResponse& response : {log, file}) {
        CHECK(response.content_type == "text/plain; charset=utf-8");
        CHECK(header_of(response, "X-Content-Type-Options") == "nosniff");
    }
}

TEST_CASE("every answer says what a browser may do with it") {
    WebWorld web;
    const std::string id = std::to_string(web.start_run(true));
    for (const std::string& path : {std::string("/"),
                                    std::string("/runs"),
                                    "/runs/" + id,
                                    std::string("/runs/999"),
                                    std::string("/signin"),
                                    std::string("/style.css")}) {
        CAPTURE(path);
        const ServerResponse response = web.get(path);
        CHECK(header_of(response, "Content-Security-Policy") ==
              "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
              "'none'");
        CHECK(header_of(response, "X-Content-Type-Options") == "nosniff");
        CHECK(header_of(response, "X-Frame-Options") == "DENY");
        CHECK(header_of(response, "Referrer-Policy") == "same-origin");
    }
}

TEST_CASE("links lead to the forge and nowhere else") {
    WebWorld web;
    web.world().tell(
        "UPDATE forges SET web_url = 'https://forge.example'; UPDATE repositories SET public = true");
    const auto page_with = [&](const std::string& url) {
        ScmEvent event = RunWorld::pull_request(7, "c0ffee0");
        event.repository.is_public = true;
        event.url = url;
        return web.get("/runs/" + std::to_string(web.world().start(event))).body;
    };
    CHECK(has(page_with("https://forge.example/ann/demo/pull/7"),
              "href=\"https://forge.example/ann/demo/pull/7\""));
    for (const std::string url : {"https://forge.example.evil.org/",
                                  "https://evil.org/",
                                  "javascript:alert(1)",
                                  "https://forge.example@evil.org/",
                                  "https://forge.example/a b"})
        CHECK_FALSE_MESSAGE(has(page_with(url), "At the forge"), url);
}
