// SPDX-License-Identifier: Apache-2.0
// What each step leaves in the tables of the embedded build service for each kind of event (reference 6.1 and
// 6.2): real definitions, the real engine, a real database.
#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "tests/fakes/fake_run_log.hpp"
#include "tests/postgres/app/build_service/event_matrix_table.hpp"
#include "tests/postgres/app/build_service/service_world.hpp"
#include "tests/support/events.hpp"
#include "tests/support/forge_payloads.hpp"
#include "workflows/definition/definition.hpp"
#include "workflows/engine.hpp"
#include "workflows/webhooks/webhook.hpp"

using namespace heddle;
using namespace heddle::testing;

namespace {

const std::string kUrl = "https://forge.example/openSUSE/repo123";

/// The rows of living projects as lines, where B is the base project, PR that of the pull request, and
/// commits are told by their first digit.
Lines rows_of(ServiceWorld& world, const std::string& base) {
    static const std::string kRows = R"sql(
        WITH living AS (SELECT id, replace(replace(name, $1 || ':openSUSE:repo123:PR-1', 'PR'), $1, 'B') AS name
                        FROM bs_projects WHERE deleted_at IS NULL AND (name = $1 OR name LIKE $1 || ':%')),
             packages AS (SELECT k.*, p.name || '/' || k.name AS ref
                          FROM bs_packages k JOIN living p ON p.id = k.project_id)
        SELECT 'project ' || name FROM living
        UNION ALL
        SELECT concat_ws(' ', 'package', ref, 'at ' || left(split_part(scmsync, '#', 2), 4),
                         'links to ' || replace(link_project, $1, 'B') || '/' || link_package)
        FROM packages
        UNION ALL
        SELECT concat_ws(' ', 'repository', p.name || '/' || r.name, array_to_string(r.architectures, ','),
                         'on ' || replace(path.project, $1, 'B') || '/' || path.repository)
        FROM living p JOIN bs_repositories r ON r.project_id = p.id
        LEFT JOIN bs_repository_paths path ON path.repository_id = r.id
        UNION ALL
        SELECT 'request of ' || replace(source_project, $1, 'B') || '/' || source_package || ' to '
               || replace(target_project, $1 || '.linked', 'L') || '/' || target_package || ' ' || state
        FROM bs_requests WHERE source_project = $1
        UNION ALL
        SELECT 'link from ' || p.name || ' to ' || replace(link.linked_project, $1 || '.linked', 'L')
        FROM living p JOIN bs_project_links link ON link.project_id = p.id
        UNION ALL
        SELECT concat_ws(' ', 'flag', p.name, k.name, f.type, f.status)
        FROM living p JOIN bs_flags f ON f.project_id = p.id LEFT JOIN bs_packages k ON k.id = f.package_id
        UNION ALL
        SELECT concat_ws(' ', 'revision', k.ref, 'r' || r.rev, 'of commit ' || left(r.git_commit, 1),
                         'for ' || nullif(r.run, ''))
        FROM packages k JOIN bs_revisions r ON r.package_id = k.id
        UNION ALL
        SELECT concat_ws(' ', 'build', k.ref, 'r' || r.rev, b.repository || '/' || b.architecture, b.state)
        FROM packages k JOIN bs_builds b ON b.package_id = k.id JOIN bs_revisions r ON r.id = b.revision_id)sql";
    return in_transaction(world.pool, [&](pqxx::transaction_base& tx) {
        Lines lines;
        for (const auto& row : tx.exec_params(kRows, base)) lines.push_back(row[0].as<std::string>());
        std::sort(lines.begin(), lines.end());
        return lines;
    });
}

Lines changes(const Lines& before, const Lines& after) {
    Lines gone, come, lines;
    std::set_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(gone));
    std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(come));
    for (const std::string& line : gone) lines.push_back("- " + line);
    for (const std::string& line : come) lines.push_back("+ " + line);
    return lines;
}

/// A workflow file with one step. BASE stands for the base project. Labels count where a filter names them.
std::string file_with(const std::string& step, const std::string& base, const ScmEvent& event) {
    static const std::map<std::string, std::string> kInstructions{
        {"branch_package", "{source_project: BASE, source_package: hello, target_project: BASE}"},
        {"link_package", "{source_project: BASE, source_package: files, target_project: BASE}"},
        {"configure_repositories",
         "{project: BASE, repositories: [{name: extra, paths: [{target_project: local, "
         "target_repository: local}], architectures: [x86_64]}]}"},
        {"rebuild_package", "{project: BASE, package: hello}"},
        {"trigger_services", "{project: BASE, package: hello}"},
        {"set_flags", "{flags: [{type: publish, status: disable, project: BASE, package: hello}]}"},
        {"link_project", "{source_project: BASE.linked, target_project: BASE}"},
        {"submit_request", "{source_project: BASE, source_package: hello, target_project: BASE.linked}"}};
    std::string text = "main:\n  steps:\n    - " + step + ": " + kInstructions.at(step) + "\n";
    if (!event.label.empty()) text += "  filters:\n    labels:\n      only: [" + event.label + "]\n";
    for (auto at = text.find("BASE"); at != std::string::npos; at = text.find("BASE"))
        text.replace(at, 4, base);
    return text;
}

class Case {
public:
    Case(ServiceWorld& world,
         const std::string& step,
         const test::NamedEvent& named,
         const std::string& whose)
        : world_(world), step_(step), base_(whose + step + "." + named.name), event_(named.event) {
        event_.commit_sha = commit_of('5');
        world.refs.set(kUrl, "main", commit_of('1'));
        world.add_project(base_);
        world.service.create_project({base_ + ".linked", "", "", ""});
        world.service.create_git_package({base_, "hello"}, kUrl + "#main");
        world.service.create_file_package({base_, "files"}, {{"Makefile", "", false}});
        finish_all();
        world.refs.set(kUrl, "main", commit_of('3'));  // somebody pushed meanwhile
        make_past();
    }

    Lines run() {
        const Lines before = rows_of(world_, base_);
        const RunReport report = run_step(step_, event_, "now");
        CHECK_MESSAGE(report.ok, base_ << ": " << report.message);
        return changes(before, rows_of(world_, base_));
    }

private:
    /// What happened before: the pull request was opened for commit 4, and perhaps closed.
    void make_past() {
        const bool settings = step_ == "configure_repositories" || step_ == "set_flags";
        const bool own = step_ == "link_package" || step_ == "link_project" || step_ == "submit_request";
        const std::string first = own ? step_ : "branch_package";
        if (event_.event_class != EventClass::PullRequest) {
            if (step_ == "set_flags") run_step(first, event_, "past");
            return;
        }
        const bool begins = event_.kind == PullRequestKind::Opened || event_.kind == PullRequestKind::Labeled;
        if (begins && !settings) return;
        ScmEvent opened = test::a_pull_request(PullRequestKind::Opened);
        opened.commit_sha = commit_of('4');
        run_step(first, opened, "past");
        if (event_.kind == PullRequestKind::Reopened && !settings)
            run_step(first, test::a_pull_request(PullRequestKind::Closed), "past");
    }

    RunReport run_step(const std::string& step, const ScmEvent& event, const std::string& run) {
        const ParsedDefinition parsed = parse_definition(file_with(step, base_, event), event);
        REQUIRE(parsed.definition);
        log_.commit_sha = event.commit_sha;
        delete_projects_of_closed(event, world_.service, log_);
        return run_workflows(event, *parsed.definition, world_.service, log_, run, "");
    }

    void finish_all() {
        const TestWorker worker(world_.db.url());
        while (const auto build = world_.claim(worker)) world_.finish(*build, BuildState::Succeeded);
    }

    ServiceWorld& world_;
    std::string step_;
    std::string base_;
    ScmEvent event_;
    test::FakeRunLog log_;
};

const Lines* expected_of(const std::string& step, const std::string& event) {
    for (const MatrixRow& row : kMatrix)
        if (row.step == step && std::find(row.events.begin(), row.events.end(), event) != row.events.end())
            return &row.expected;
    return nullptr;
}

}  // namespace

namespace {

void check_matrix(ServiceWorld& world,
                  const std::vector<test::NamedEvent>& events,
                  const std::string& whose) {
    for (const std::string step : {"branch_package",
                                   "link_package",
                                   "configure_repositories",
                                   "rebuild_package",
                                   "trigger_services",
                                   "set_flags",
                                   "link_project",
                                   "submit_request"})
        for (const test::NamedEvent& event : events) {
            CAPTURE(step);
            CAPTURE(event.name);
            const Lines* expected = expected_of(step, event.name);
            const Lines found = Case(world, step, event, whose).run();
            std::string text;
            for (const std::string& line : found) text += "\n    " + line;
            INFO(text);
            if (!expected) {
                FAIL_CHECK("no row");
                continue;
            }
            CHECK(found == *expected);
        }
}

/// The nine kinds of events as one forge's webhooks tell them.
std::vector<test::NamedEvent> events_of(test::ForgeKind forge) {
    std::vector<test::NamedEvent> events;
    for (const test::NamedEvent& named : test::all_events()) {
        test::Happening it;
        it.what = named.name;
        it.commit = commit_of('5');
        it.repository = named.event.repository.full_name;
        it.source_repository = "contributor/repo123";
        it.source_repository_id = 78;
        it.base = named.event.target.branch;
        it.tag = named.event.tag;
        it.label = named.event.label;
        const test::Delivery delivery = test::a_delivery(forge, it, "https://forge.example", "secret", "id");
        const ParsedWebhook parsed = parse_webhook(delivery.headers, delivery.body);
        REQUIRE_MESSAGE(parsed.verdict == Verdict::Accepted, named.name << ": " << parsed.reason);
        events.push_back({named.name, parsed.event});
    }
    return events;
}

}  // namespace

TEST_CASE("every step leaves for every kind of event what the matrix says") {
    ServiceWorld world;
    check_matrix(world, test::all_events(), "");
}

TEST_CASE("every step leaves for every kind of event of every forge what the matrix says") {
    ServiceWorld world;
    for (const test::ForgeKind forge :
         {test::ForgeKind::Github, test::ForgeKind::Gitlab, test::ForgeKind::Gitea}) {
        const std::string name = test::to_string(forge);
        CAPTURE(name);
        check_matrix(world, events_of(forge), name + ".");
    }
}
