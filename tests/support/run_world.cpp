// SPDX-License-Identifier: Apache-2.0
#include "tests/support/run_world.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "app/postgres/repository_store.hpp"
#include "app/postgres/run_store.hpp"
#include "app/postgres/token_store.hpp"

namespace heddle::testing {

RunWorld::RunWorld() : pool_(database_.url(), 16) {
    in_transaction(pool_, [&](pqxx::work& tx) {
        forge_id_ = ensure_forge(tx, "here", "git");
        repository_id_ = ensure_repository(tx, forge_id_, {"/srv/demo.git", "demo", "/srv/demo.git", ""});
    });
    token_id_ = add_token();
}

std::int64_t RunWorld::add_token() {
    static const std::string kAddToken = R"sql(
        WITH known AS (INSERT INTO secret_keys (key_id) VALUES ('0123456789abcdef') ON CONFLICT DO NOTHING),
             someone AS (INSERT INTO users (login) VALUES ('ann')
                         ON CONFLICT (login) DO UPDATE SET login = excluded.login RETURNING id)
        INSERT INTO tokens (kind, executor_id, forge_id, secret, secret_digest, secret_key_id, description)
        SELECT 'workflow', id, $1, 'x', sha256(convert_to(random()::text, 'UTF8')), '0123456789abcdef', 'tests'
        FROM someone RETURNING id)sql";
    return in_transaction(
        pool_, [&](pqxx::work& tx) { return tx.exec_params1(kAddToken, forge_id_)[0].as<std::int64_t>(); });
}

ScmEvent RunWorld::pull_request(std::int64_t number, const std::string& commit_sha, PullRequestKind kind) {
    ScmEvent event;
    event.forge = "here";
    event.event_class = EventClass::PullRequest;
    event.kind = kind;
    event.action = std::string(to_string(kind));
    event.repository = {"demo", "", "demo", "", "/srv/demo.git", "/srv/demo.git"};
    event.source = {"demo", "feature", "/srv/demo.git"};
    event.target = {"demo", "main", "/srv/demo.git"};
    event.number = number;
    event.commit_sha = commit_sha;
    return event;
}

std::int64_t RunWorld::start(const ScmEvent& event) {
    return in_transaction(pool_, [&](pqxx::work& tx) {
        return start_run(tx, {token_id_, repository_id_, "manual", std::nullopt, event});
    });
}

StatusKey RunWorld::status_key(const std::string& commit_sha, const std::string& context) const {
    return {forge_id_, repository_id_, commit_sha, context, token_id_};
}

std::string RunWorld::ask(const std::string& sql) {
    return in_transaction(pool_, [&](pqxx::work& tx) {
        std::string out;
        const pqxx::result rows = tx.exec(sql);
        for (const pqxx::row& row : rows) {
            if (row.rownumber() > 0) out += ';';
            std::string line;
            for (const pqxx::field& field : row) {
                if (field.num() > 0) line += '|';
                line += field.is_null() ? "NULL" : field.c_str();
            }
            out += line;
        }
        return out;
    });
}

void RunWorld::tell(const std::string& sql) {
    in_transaction(pool_, [&](pqxx::work& tx) { tx.exec(sql); });
}

std::string RunWorld::status(const std::string& commit_sha, const std::string& context) {
    return in_transaction(pool_, [&](pqxx::work& tx) -> std::string {
        const pqxx::result rows = tx.exec_params(
            "SELECT state || ' ' || text FROM commit_statuses WHERE commit_sha = $1 AND context = $2",
            commit_sha,
            context);
        return rows.empty() ? "" : rows[0][0].as<std::string>();
    });
}

Job RunWorld::claim(const std::string& kind) {
    const std::vector<Job> jobs = in_transaction(pool_, [&](pqxx::work& tx) {
        return claim_jobs(tx, 1'000'000, {kind}, 1, std::chrono::seconds(30));
    });
    REQUIRE_MESSAGE(jobs.size() == 1, "no job of kind " << kind);
    return jobs.front();
}

BuildEvent a_build_event(BuildEventType type,
                         const PackageRef& package,
                         const std::string& rev,
                         std::chrono::microseconds started) {
    BuildEvent event;
    event.type = type;
    event.package = package;
    event.repository = "local";
    event.architecture = "x86_64";
    event.revision = {rev, ""};
    if (started.count() > 0) event.started_at = TimePoint(started);
    return event;
}

std::chrono::microseconds now_in_microseconds() {
    return std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch());
}

bool eventually(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));  // asking costs what is waited for
    }
    return true;
}

}  // namespace heddle::testing
