// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "app/postgres/run_store.hpp"
#include "tests/postgres/app/web/web_world.hpp"

using namespace heddle;
using heddle::testing::a_build_event;
using heddle::testing::has;
using heddle::testing::one_result;
using heddle::testing::RunWorld;
using heddle::testing::WebWorld;

namespace {

const PackageRef kHello{"demo", "hello"};

ScmEvent public_event() {
    ScmEvent event = RunWorld::pull_request(7, "c0ffee0");
    event.repository.is_public = true;
    event.labels = {"ready", "later"};
    event.sender = "carol";
    return event;
}

std::string page_of(WebWorld& web, std::int64_t run) {
    const ServerResponse response = web.get("/runs/" + std::to_string(run));
    REQUIRE(response.status == 200);
    return response.body;
}

/// A run whose build goes on.
std::int64_t start_building(WebWorld& web) {
    web.world().tell("UPDATE repositories SET public = true");
    web.stage().config().set_file(
        "build:\n  steps:\n    - trigger_services:\n        project: demo\n        package: hello\n"
        "other:\n  filters: {event: push}\n  steps:\n    - trigger_services: {project: demo, package: "
        "hello}\n");
    web.stage().builds().add_services(kHello);
    web.stage().builds().set_results(kHello, one_result(BuildState::Building));
    const auto run = web.stage().run(public_event());
    web.stage().perform_all();
    return run;
}

}  // namespace

TEST_CASE("the page of a run tells it from the event to the reports") {
    WebWorld web;
    const auto run = start_building(web);
    web.stage().reporter().journal().fail("report", {RemoteError::Kind::GiveUp, "report", "no such commit"});
    web.stage().happens(a_build_event(BuildEventType::BuildFail, kHello, "2"));
    web.stage().perform_all();
    const std::string html = page_of(web, run);
    for (const std::string part : {
             "<title>#1: pull request #7 opened in demo - Heddle</title>",
             "<h1><bdi>pull request #7 opened</bdi> in <bdi>demo</bdi></h1>",
             "<span class=\"state good\">success</span> <bdi>1 step of 1 workflow done</bdi>",
             "<dd><code>c0ffee0</code></dd>",
             "<bdi>feature</bdi> into <bdi>main</bdi>",
             "<bdi>ready and later</bdi>",
             "<bdi>carol</bdi>",
             "<a href=\"#statuses\">1 failure and 1 success</a>",
             "No webhook started this run.",
             "<li id=\"L1\"><bdi>build:</bdi>",
             "<li id=\"L3\"><bdi>    - trigger_services:</bdi>",
             "<h3><bdi>build</bdi> <small>line 1</small></h3>",
             "<span class=\"state good\">runs</span>",
             "trigger_services <small>line 3</small>",
             "<span class=\"state good\">done</span> <bdi>ran the services of demo/hello</bdi>",
             "<h3><bdi>other</bdi> <small>line 6</small></h3>",
             "<span class=\"state plain\">does not run</span>",
             "<h3><bdi>OBS: hello - local/x86_64</bdi></h3>",
             "<span class=\"state bad\">failure</span> <bdi>failed</bdi> <small>the forge could not be "
             "told</small>",
             "<span class=\"state good\">sent</span> pending, <bdi>building</bdi>",
             "<span class=\"state bad\">given up</span> failure, <bdi>failed</bdi>",
             "report: no such commit",
         })
        CHECK_MESSAGE(has(html, part), "missing: " << part << "\n" << html);
    CHECK_FALSE(has(html, "http-equiv=\"refresh\""));
    CHECK(html.size() < 20'000);
}

TEST_CASE("no page tells how the server is laid out") {
    WebWorld web;
    const auto run = start_building(web);
    web.stage().reporter().journal().fail(
        "report", {RemoteError::Kind::GiveUp, "write to /srv/git/report.git", "no permission"});
    web.stage().happens(a_build_event(BuildEventType::BuildFail, kHello, "2"));
    web.stage().perform_all();
    web.world().tell(
        "UPDATE workflow_runs SET message = 'look in file:///srv/git/message: gone';"
        "UPDATE run_steps SET message = '/srv/git/step: gone';"
        "UPDATE commit_statuses SET text = 'in \"/srv/git/status\"';"
        "UPDATE status_reports SET sent_text = '(/srv/git/sent)'");
    const std::string html = page_of(web, run) + web.get("/").body;
    CHECK_FALSE(has(html, "srv/git"));
    for (const std::string word : {"message", "step", "status", "sent", "report.git"})
        CHECK_MESSAGE(has(html, "\u2026/" + word), word);
}

TEST_CASE("the page of a run that waits for its next try says why") {
    WebWorld web;
    const auto run = start_building(web);
    CHECK_FALSE(has(page_of(web, run), ">waiting<"));
    web.world().tell(
        "INSERT INTO jobs (kind, key, payload, failures, max_attempts, error)"
        " SELECT 'run_workflows', queue_key, jsonb_build_object('run', id), 3, 15, 'read <b>: the answer is "
        "500'"
        " FROM workflow_runs");
    const std::string html = page_of(web, run);
    CHECK(has(html, "<span class=\"state busy\">waiting</span> <bdi>3 of 15 tries failed since "));
    CHECK(has(html, "; the last one: read &lt;b&gt;: the answer is 500</bdi>"));
}

TEST_CASE("the page of a run that goes on loads itself again") {
    WebWorld web;
    const auto run = start_building(web);
    const std::string html = page_of(web, run);
    CHECK(has(html, "<meta http-equiv=\"refresh\" content=\"5\">"));
    CHECK(has(html, "<span class=\"state busy\">pending</span> <bdi>building</bdi>"));
    CHECK(has(page_of(web, web.start_run(true)), "<p>None yet.</p>"));
}

TEST_CASE("steps that stand in one line keep their own outcomes") {
    WebWorld web;
    web.world().tell("UPDATE repositories SET public = true");
    web.stage().builds().add_package(kHello);
    const std::string good = "{rebuild_package: {project: demo, package: hello}}";
    const std::string bad = "{rebuild_package: {project: demo, package: gone}}";
    const auto outcomes = [&](const std::string& steps) {
        web.stage().config().set_file("build:\n  steps: [" + steps + "]\n");
        const std::string html = page_of(web, web.stage().run(public_event()));
        std::string found;
        const std::string cell = "<td data-label=\"Outcome\">";
        for (auto at = html.find(cell); at != std::string::npos; at = html.find(cell, at + 1)) {
            const std::string shown = html.substr(at + cell.size(), 30);
            found += has(shown, "good") ? "done " : has(shown, "bad") ? "fail " : "none ";
        }
        return found;
    };
    CHECK(outcomes(good + ", " + bad) == "done fail ");
    CHECK(outcomes(bad + ", " + good) == "fail none ");
    CHECK(outcomes(bad + ", {trigger_services: {project: demo, package: hello}}") == "fail none ");
}

TEST_CASE("problems of the file stand at their lines") {
    WebWorld web;
    web.world().tell("UPDATE repositories SET public = true");
    web.stage().config().set_file("build:\n  steps:\n    - brunch_package: {}\n");
    const auto run = web.stage().run(public_event());
    const std::string html = page_of(web, run);
    CHECK(has(html, "<span class=\"state bad\">fail</span>"));
    CHECK(has(html, "<p class=\"bad\">Problem in line <a href=\"#L3\">3</a>, column 7: <bdi>"));
    CHECK(has(html, "<li id=\"L3\" class=\"marked\"><bdi>    - brunch_package: {}</bdi>"));
    CHECK(has(html, "<details open>"));
}

TEST_CASE("deliveries, builds and earlier attempts of a run are listed") {
    WebWorld web;
    const auto run = web.start_run(true);
    const std::string id = std::to_string(run);
    web.world().tell(
        "INSERT INTO deliveries (token_id, delivery_id, event_name, verdict, reason, run_id, answer_code)"
        " SELECT token_id, 'd-1', 'push', 'accepted', '', id, 200 FROM workflow_runs;"
        "INSERT INTO deliveries (token_id, delivery_id, event_name, verdict, reason, duplicate_of, "
        "answer_code)"
        " SELECT token_id, 'd-1', 'push', 'duplicate', 'second delivery of 1', id, 200 FROM deliveries;"
        "INSERT INTO run_steps (run_id, attempt, step_index, workflow, step, line, status, message, "
        "finished_at)"
        " VALUES (" +
        id +
        ", 1, 0, 'build', 'rebuild_package', 4, 'fail', 'no such package', now());"
        "UPDATE workflow_runs SET attempt = 2;"
        "INSERT INTO bs_projects (name) VALUES ('demo');"
        "INSERT INTO bs_packages (project_id, name) SELECT id, 'hello' FROM bs_projects;"
        "INSERT INTO bs_revisions (package_id, rev, srcmd5) SELECT id, n, 'md5-' || n FROM bs_packages,"
        " generate_series(1, 3) n;"
        "INSERT INTO bs_builds (package_id, revision_id, repository, architecture, state, details, ended_at)"
        " SELECT package_id, id, 'local', 'arch' || rev, 'unresolvable', 'nothing provides gcc', now()"
        " FROM bs_revisions;"
        "INSERT INTO bs_log_chunks (build_id, seq, bytes, size) SELECT id, 0, '', 0 FROM bs_builds"
        " WHERE architecture = 'arch2';"
        "INSERT INTO package_revisions (run_id, token_id, attempt, step_index, project, package, commit_sha, "
        "kind,"
        " rev, completed_at) SELECT id, token_id, 1, 0, 'demo', 'hello', commit_sha, 'source', '2', now()"
        " FROM workflow_runs");
    const std::string html = page_of(web, run);
    CHECK(has(html, "<span class=\"state good\">accepted</span>"));
    CHECK(has(html, "<span class=\"state plain\">duplicate</span> <bdi>second delivery of 1</bdi>"));
    CHECK(has(html, "<summary>Attempt 1</summary>"));
    CHECK(has(html, "<span class=\"state bad\">fail</span> <bdi>no such package</bdi>"));
    CHECK(has(html, "<bdi>local/arch2</bdi>"));
    CHECK(has(html, "<tr id=\"demo/hello/local/arch2\">"));  // where the link of its status leads
    CHECK(has(html, "<span class=\"state bad\">unresolvable</span> <bdi>nothing provides gcc</bdi>"));
    CHECK_FALSE(has(html, "arch1"));  // of sources that are not this run's
    CHECK_FALSE(has(html, "arch3"));
    const std::string build = web.world().ask("SELECT id FROM bs_builds WHERE architecture = 'arch2'");
    const std::string log = "/runs/" + id + "/builds/" + build + "/log";
    CHECK(has(html, "<a href=\"" + log + "\">log</a>"));
    CHECK(web.get(log).body == "[heddle] no log: the build is unresolvable\n");
    web.logs()[std::stoll(build)] = "checking for gcc... no\n";
    CHECK(web.get(log).body == "checking for gcc... no\n");
}

TEST_CASE("of a long file the page shows the beginning") {
    WebWorld web;
    const auto run = web.start_run(true);
    std::string file;
    for (int i = 0; i < 2000; ++i) file += "# a line\r\n";
    in_transaction(web.world().pool(), [&](pqxx::work& tx) {
        store_run_configuration(tx, run, {file, {}, "[]"});
    });
    const std::string html = page_of(web, run);
    CHECK(has(html, "<summary>2000 lines</summary>"));
    CHECK(has(html, "<li id=\"L300\"><bdi># a line</bdi>"));
    CHECK_FALSE(has(html, "L301"));
    CHECK(has(html, "Only the beginning is shown."));
    CHECK(web.get("/runs/" + std::to_string(run) + "/configuration").body == file);
}
