// SPDX-License-Identifier: Apache-2.0
#include "tests/postgres/app/build_service/service_world.hpp"

#include "app/build_service/embedded/source_url.hpp"
#include "tests/support/results_of.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle::testing {

std::string FakeRefs::resolve(const std::string& repository, const std::string& ref) {
    const std::lock_guard lock(mutex_);
    asked_.push_back(repository + " " + ref);
    const auto found = commits_.find(asked_.back());
    if (found == commits_.end())
        throw RemoteError(RemoteError::Kind::GiveUp, "resolve " + ref, "there is no such ref");
    return found->second;
}

void FakeRefs::set(const std::string& repository, const std::string& ref, const std::string& commit) {
    const std::lock_guard lock(mutex_);
    commits_[repository + " " + ref] = commit;
}

std::vector<std::string> FakeRefs::asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
}

std::string commit_of(char digit) { return std::string(40, digit); }

TestWorker::TestWorker(const std::string& url) : connection_(open_connection(url)) {
    pqxx::work tx(*connection_);
    id_ = tx.exec1("INSERT INTO workers (host, pid) VALUES ('test', 1) RETURNING id")[0].as<std::int32_t>();
    tx.exec_params1("SELECT pg_advisory_lock(1214599249, $1)", id_);
    tx.commit();
}

void TestWorker::die() {
    {
        pqxx::nontransaction tx(*connection_);
        tx.exec_params1("SELECT pg_advisory_unlock(1214599249, $1)", id_);
    }
    connection_.reset();
}

EmbeddedBuildService ServiceWorld::service_of(const std::string& login) {
    return EmbeddedBuildService(pool, refs, login, "x86_64");
}

void ServiceWorld::add_project(const std::string& name) {
    service.create_project({name, "", "", ""});
    service.configure_repositories(name, {a_repository("standard")});
}

void ServiceWorld::add_git_package(const PackageRef& ref) {
    const std::string url = "https://forge.test/" + ref.package;
    refs.set(url, "main", commit_of('1'));
    service.create_git_package(ref, url + "#main");
}

void ServiceWorld::add_file_package(const PackageRef& ref) {
    service.create_file_package(ref, {{"Makefile", "all:\n\ttrue\n", false}, {"run", "#!/bin/sh\n", true}});
}

std::vector<std::string> ServiceWorld::builds(const PackageRef& ref) {
    static const std::string kBuilds = R"sql(
        SELECT format('r%s %s/%s %s', r.rev, b.repository, b.architecture, b.state)
        FROM bs_builds b
        JOIN bs_revisions r ON r.id = b.revision_id
        JOIN bs_packages k ON k.id = b.package_id
        JOIN bs_projects p ON p.id = k.project_id
        WHERE p.name = $1 AND k.name = $2 ORDER BY b.id)sql";
    return in_transaction(pool, [&](pqxx::transaction_base& tx) {
        std::vector<std::string> lines;
        for (const auto& row : tx.exec_params(kBuilds, ref.project, ref.package))
            lines.push_back(row[0].as<std::string>());
        return lines;
    });
}

std::vector<std::string> ServiceWorld::events() {
    static const std::string kEvents = R"sql(
        SELECT type || ' ' || project || '/' || package
               || CASE WHEN rev = '' THEN '' ELSE ' r' || rev || ' ' || repository || '/' || architecture END
               || CASE WHEN reason = '' THEN '' ELSE ': ' || reason END
        FROM build_events WHERE sender = 'embedded' ORDER BY id)sql";
    return in_transaction(pool, [&](pqxx::transaction_base& tx) {
        std::vector<std::string> lines;
        for (const auto& row : tx.exec(kEvents)) lines.push_back(row[0].as<std::string>());
        return lines;
    });
}

void ServiceWorld::forget_events() {
    in_transaction(pool, [](pqxx::transaction_base& tx) { tx.exec0("DELETE FROM build_events"); });
}

std::vector<std::string> ServiceWorld::results(const PackageRef& ref) {
    std::vector<std::string> lines;
    for (const BuildResult& result : test::results_of(service, ref))
        lines.push_back(result.repository + "/" + result.architecture + " " +
                        std::string(to_string(result.state)) + " r" + result.revision.rev +
                        (result.details.empty() ? "" : ": " + result.details));
    return lines;
}

void ServiceWorld::make_everything_due() {
    in_transaction(pool, [](pqxx::transaction_base& tx) {
        tx.exec0("UPDATE bs_builds SET not_before = requested_at WHERE state = 'scheduled'");
    });
}

std::optional<ClaimedBuild> ServiceWorld::claim(const TestWorker& worker) {
    return in_transaction(pool, [&](pqxx::transaction_base& tx) { return claim_build(tx, worker.id()); });
}

bool ServiceWorld::finish(const ClaimedBuild& build, BuildState state, const std::string& details) {
    return in_transaction(pool, [&](pqxx::transaction_base& tx) {
        return finish_build(tx, build, {state, details});
    });
}

int ServiceWorld::count(const std::string& sql) {
    return in_transaction(pool, [&](pqxx::transaction_base& tx) { return tx.exec1(sql)[0].as<int>(); });
}

RepositoryConfig a_repository(const std::string& name,
                              const std::vector<RepositoryPath>& paths,
                              const std::vector<std::string>& architectures) {
    return {name, paths, architectures, "", ""};
}

}  // namespace heddle::testing
