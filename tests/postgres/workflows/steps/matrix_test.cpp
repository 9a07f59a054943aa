// SPDX-License-Identifier: Apache-2.0
// The matrix of nine events and the steps as the rows of the embedded build service show it.
#include <doctest/doctest.h>

#include <memory>
#include <set>
#include <string>

#include "tests/fakes/fake_run_log.hpp"
#include "tests/postgres/app/build_service/service_world.hpp"
#include "tests/support/events.hpp"
#include "tests/support/step_world.hpp"

using namespace heddle;
using heddle::test::a_pull_request;
using heddle::test::a_step;
using heddle::test::FakeRunLog;
using heddle::test::list;
using heddle::test::map;
using heddle::test::text;
using heddle::testing::commit_of;
using heddle::testing::ServiceWorld;

namespace {

using Rows = std::set<std::string>;

const PackageRef kInPullRequest{"base:openSUSE:repo123:PR-1", "hello"};
const PackageRef kForPush{"base", "hello-" + commit_of('3')};
const PackageRef kForTag{"base", "hello-release_abc"};
const std::string kUrl = "https://forge.test/hello";  // where ServiceWorld keeps demo/hello

/// Everything that lives in the build service, a line for each row.
Rows rows_of(ServiceWorld& world) {
    static const std::string kRows = R"sql(
        WITH live AS (SELECT * FROM bs_projects WHERE deleted_at IS NULL),
             packages AS (SELECT k.*, p.name || '/' || k.name AS ref FROM bs_packages k
                          JOIN live p ON p.id = k.project_id)
        SELECT 'project ' || name FROM live
        UNION ALL SELECT 'package ' || ref || coalesce(' at ' || scmsync, '')
                         || coalesce(' links ' || link_project || '/' || link_package, '') FROM packages
        UNION ALL SELECT 'revision ' || ref || ' ' || rev || coalesce(' ' || left(git_commit, 3), '') || ' ' || run
                  FROM bs_revisions r JOIN packages k ON k.id = r.package_id
        UNION ALL SELECT 'scheduled ' || ref || ' ' || repository || '/' || architecture
                  FROM bs_builds b JOIN packages k ON k.id = b.package_id WHERE b.state = 'scheduled'
        UNION ALL SELECT 'repository ' || p.name || '/' || r.name || ' ' || array_to_string(architectures, ',')
                  FROM bs_repositories r JOIN live p ON p.id = r.project_id
        UNION ALL SELECT 'request ' || source_project || '/' || source_package || ' to ' || target_project
                         || '/' || target_package || ' ' || state FROM bs_requests
        UNION ALL SELECT 'project ' || p.name || ' links ' || l.linked_project
                  FROM bs_project_links l JOIN live p ON p.id = l.project_id
        UNION ALL SELECT 'flag ' || p.name || coalesce('/' || k.name, '') || ' ' || f.type || ' ' || f.status
                  FROM bs_flags f JOIN live p ON p.id = f.project_id
                  LEFT JOIN bs_packages k ON k.id = f.package_id)sql";
    return in_transaction(world.pool, [&](pqxx::transaction_base& tx) {
        Rows rows;
        for (const auto& row : tx.exec(kRows)) rows.insert(row[0].as<std::string>());
        return rows;
    });
}

/// "+line" for what came, "-line" for what went.
Rows change_between(const Rows& before, const Rows& after) {
    Rows change;
    for (const std::string& row : after)
        if (!before.contains(row)) change.insert("+" + row);
    for (const std::string& row : before)
        if (!after.contains(row)) change.insert("-" + row);
    return change;
}

void end_all_builds(ServiceWorld& world) {
    in_transaction(world.pool, [](pqxx::transaction_base& tx) {
        tx.exec0("UPDATE bs_builds SET state = 'succeeded', ended_at = now() WHERE state = 'scheduled'");
    });
}

std::shared_ptr<const Step> sample(const std::string& name) {
    if (name == "configure_repositories")
        return a_step(name,
                      {{"project", text("base")},
                       {"repositories",
                        list({map({{"name", text("extra")},
                                   {"paths", list({})},
                                   {"architectures", list({text("s390x")})}})})}});
    if (name == "set_flags")
        return a_step(name,
                      {{"flags",
                        list({map({{"type", text("debuginfo")},
                                   {"status", text("enable")},
                                   {"project", text("base")},
                                   {"package", text("hello")}})})}});
    if (name == "link_project")
        return a_step(name, {{"source_project", text("demo")}, {"target_project", text("base")}});
    if (name == "rebuild_package" || name == "trigger_services")
        return a_step(name, {{"project", text("demo")}, {"package", text("hello")}});
    return a_step(name,
                  {{"source_project", text("demo")},
                   {"source_package", text("hello")},
                   {"target_project", text("base")}});
}

/// demo/hello, kept in git at 111...; its branch "main" has moved to 222... since.
struct World : ServiceWorld {
    std::unique_ptr<FakeRunLog> log;

    void begin_anew() {
        log = std::make_unique<FakeRunLog>();
        in_transaction(pool, [](pqxx::transaction_base& tx) {
            tx.exec0("TRUNCATE bs_projects, bs_revision_counters, bs_requests CASCADE");
        });
        add_project("demo");
        add_git_package({"demo", "hello"});
        refs.set(kUrl, "main", commit_of('2'));
    }

    void run(const std::string& step, ScmEvent event, const std::string& commit, const std::string& mark) {
        event.commit_sha = commit;
        event.repository.clone_url = kUrl;
        log->commit_sha = commit;
        const StepPlace place{"ci", 0, step, 4};
        sample(step)->run({event, place, service, *log, mark, ""});
    }

    /// What the event finds: what earlier events of the pull request left, or what the step works on.
    void prepare(const std::string& step, const std::string& event) {
        if (step == "submit_request") service.create_project({"base", "", "", ""});
        if (step == "branch_package" || step == "link_package" || step == "link_project" ||
            step == "submit_request") {
            const std::set<std::string> first{"opened", "labeled", "push", "tag_push"};
            if (!first.contains(event)) run(step, a_pull_request(), commit_of('4'), "earlier");
            if (event == "reopened")
                run(step, a_pull_request(PullRequestKind::Closed), commit_of('4'), "earlier");
        }
        if (step == "set_flags" || step == "configure_repositories")
            for (const PackageRef& ref : {kInPullRequest, kForPush, kForTag}) {
                service.create_project({ref.project, "", "", ""});
                service.create_git_package(ref, kUrl + "#main");
            }
        end_all_builds(*this);
    }
};

/// A branch: copied at 111..., then pointed at the commit of this run.
Rows branched(const PackageRef& target) {
    const std::string ref = to_string(target);
    return {"+project " + target.project,
            "+repository " + target.project + "/standard x86_64",
            "+package " + ref + " at " + kUrl + "#" + commit_of('3'),
            "+revision " + ref + " 1 111 ",
            "+revision " + ref + " 2 333 now",
            "+scheduled " + ref + " standard/x86_64"};
}

Rows branch_rows(const std::string& event) {
    const std::string ref = to_string(kInPullRequest);
    const std::string at = "package " + ref + " at " + kUrl + "#";
    const std::string earlier = "revision " + ref + " 2 444 earlier";
    if (event == "push") return branched(kForPush);
    if (event == "tag_push") return branched(kForTag);
    if (event == "opened" || event == "labeled") return branched(kInPullRequest);
    if (event == "updated")
        return {"-" + at + commit_of('4'),
                "+" + at + commit_of('3'),
                "+revision " + ref + " 3 333 now",
                "+scheduled " + ref + " standard/x86_64"};
    if (event == "reopened") {
        Rows rows = branched(kInPullRequest);
        rows.erase("+revision " + ref + " 2 333 now");
        rows.insert({"+" + earlier, "+revision " + ref + " 3 333 now"});
        return rows;
    }
    return {"-project " + kInPullRequest.project,
            "-repository " + kInPullRequest.project + "/standard x86_64",
            "-" + at + commit_of('4'),
            "-revision " + ref + " 1 111 ",
            "-" + earlier};
}

Rows linked(const PackageRef& target) {
    const std::string ref = to_string(target);
    return {
        "+project " + target.project, "+package " + ref + " links demo/hello", "+revision " + ref + " 1 now"};
}

Rows link_rows(const std::string& event) {
    const std::string ref = to_string(kInPullRequest);
    if (event == "push") return linked(kForPush);
    if (event == "tag_push") return linked(kForTag);
    if (event == "opened" || event == "labeled") return linked(kInPullRequest);
    if (event == "updated") return {"+revision " + ref + " 2 now"};
    if (event == "reopened")
        return {"+project " + kInPullRequest.project,
                "+package " + ref + " links demo/hello",
                "+revision " + ref + " 1 earlier",
                "+revision " + ref + " 2 now"};
    return {"-project " + kInPullRequest.project,
            "-package " + ref + " links demo/hello",
            "-revision " + ref + " 1 earlier"};
}

Rows project_link_rows(const std::string& event) {
    if (event == "push" || event == "tag_push") return {"+project base", "+project base links demo"};
    const std::string& project = kInPullRequest.project;
    const std::string link = "project " + project + " links demo";
    if (event == "opened" || event == "labeled") return {"+project " + project, "+" + link};
    if (event == "updated") return {};
    // Nobody but the engine deletes the project, and this asks the step alone.
    if (event == "reopened") return {"+" + link};
    return {"-" + link};
}

Rows request_rows(const std::string& event) {
    const std::string request = "request demo/hello to base/hello ";
    if (event == "updated") return {"+" + request + "superseded"};
    for (const std::string end : {"closed", "merged", "unlabeled"})
        if (event == end) return {"-" + request + "new", "+" + request + "revoked"};
    return {"+" + request + "new"};
}

/// Of the steps that leave a pull request's end and return alone.
Rows rows_on_existing(const std::string& step, const std::string& event) {
    for (const std::string quiet : {"reopened", "closed", "merged", "unlabeled"})
        if (event == quiet) return {};
    const PackageRef target = event == "push" ? kForPush : event == "tag_push" ? kForTag : kInPullRequest;
    if (step == "configure_repositories") return {"+repository " + target.project + "/extra s390x"};
    if (step == "set_flags") return {"+flag " + to_string(target) + " debuginfo enable"};
    const std::string scheduled = "+scheduled demo/hello standard/x86_64";
    if (step == "rebuild_package") return {scheduled};
    // A push to the tracked branch is built exactly; anything else builds the head of that branch.
    return {"+revision demo/hello 2 " + std::string(event == "push" ? "333" : "222") + " now", scheduled};
}

Rows expected_rows(const std::string& step, const std::string& event) {
    if (step == "branch_package") return branch_rows(event);
    if (step == "link_package") return link_rows(event);
    if (step == "link_project") return project_link_rows(event);
    if (step == "submit_request") return request_rows(event);
    return rows_on_existing(step, event);
}

std::string in_lines(const Rows& rows) {
    std::string lines;
    for (const std::string& row : rows) lines += row + "\n";
    return lines;
}

}  // namespace

TEST_CASE("each step leaves for each event the rows that the matrix says, once and again") {
    World world;
    int cells = 0;
    for (const std::string step : {"branch_package",
                                   "link_package",
                                   "configure_repositories",
                                   "rebuild_package",
                                   "trigger_services",
                                   "set_flags",
                                   "link_project",
                                   "submit_request"})
        for (const auto& [name, event] : heddle::test::all_events()) {
            CAPTURE(step);
            CAPTURE(name);
            world.begin_anew();
            world.prepare(step, name);
            const Rows before = rows_of(world);
            world.run(step, event, commit_of('3'), "now");
            CHECK(in_lines(change_between(before, rows_of(world))) == in_lines(expected_rows(step, name)));
            world.run(step, event, commit_of('3'), "now");
            CHECK(in_lines(change_between(before, rows_of(world))) == in_lines(expected_rows(step, name)));
            ++cells;
        }
    CHECK(cells == 72);
}
