// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/embedded_build_service.hpp"

#include <utility>

#include "app/build_service/embedded/git_verbs.hpp"
#include "app/build_service/embedded/request_verbs.hpp"
#include "app/build_service/embedded/service_verbs.hpp"
#include "app/build_service/embedded/source_url.hpp"
#include "app/build_service/embedded/tracked_commit.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {

// One transaction. A database that is away or too busy is something to come back for.
template <class Body>
auto EmbeddedBuildService::call(const std::string& doing, Body&& body) {
    try {
        return in_transaction(pool_, [&](pqxx::transaction_base& tx) {
            return body(ServiceCall{tx, login_, host_architecture_, doing});
        });
    } catch (const pqxx::broken_connection& error) {
        throw RemoteError(
            RemoteError::Kind::Retry, doing, std::string("the database is away: ") + error.what());
    } catch (const pqxx::in_doubt_error&) {
        throw RemoteError(RemoteError::Kind::Retry, doing, "the database did not say whether it was stored");
    } catch (const pqxx::transaction_rollback&) {
        throw RemoteError(RemoteError::Kind::Retry, doing, "others kept changing the same things");
    }
}

EmbeddedBuildService::EmbeddedBuildService(Pool& pool, RefResolver& refs, std::string login)
    : EmbeddedBuildService(pool, refs, std::move(login), heddle::host_architecture()) {}

EmbeddedBuildService::EmbeddedBuildService(Pool& pool,
                                           RefResolver& refs,
                                           std::string login,
                                           std::string host_architecture)
    : pool_(pool), refs_(refs), login_(std::move(login)), host_architecture_(std::move(host_architecture)) {}

bool EmbeddedBuildService::project_exists(const std::string& project) {
    return call("look for project " + project,
                [&](const ServiceCall& in) { return find_project(in.tx, project).has_value(); });
}

bool EmbeddedBuildService::package_exists(const PackageRef& package) {
    return call("look for package " + to_string(package),
                [&](const ServiceCall& in) { return find_package(in.tx, package).has_value(); });
}

void EmbeddedBuildService::create_project(const NewProject& project) {
    call("create project " + project.name,
         [&](const ServiceCall& in) { heddle::create_project(in, project); });
}

bool EmbeddedBuildService::delete_project(const std::string& project, const std::string& comment) {
    return call("delete project " + project,
                [&](const ServiceCall& in) { return heddle::delete_project(in, project, comment); });
}

bool EmbeddedBuildService::restore_project(const std::string& project) {
    return call("restore project " + project,
                [&](const ServiceCall& in) { return heddle::restore_project(in, project); });
}

void EmbeddedBuildService::branch_package(const PackageRef& source,
                                          const PackageRef& target,
                                          const BranchOptions& options) {
    call("branch " + to_string(source) + " to " + to_string(target),
         [&](const ServiceCall& in) { heddle::branch_package(in, source, target, options); });
}

SourceRevision EmbeddedBuildService::link_package(const PackageRef& source,
                                                  const PackageRef& target,
                                                  const std::string& run) {
    return call("link " + to_string(source) + " to " + to_string(target),
                [&](const ServiceCall& in) { return heddle::link_package(in, source, target, run); });
}

void EmbeddedBuildService::link_project(const std::string& source, const std::string& target) {
    call("link project " + target + " to " + source,
         [&](const ServiceCall& in) { heddle::link_project(in, source, target); });
}

bool EmbeddedBuildService::unlink_project(const std::string& source, const std::string& target) {
    return call("unlink project " + target + " from " + source,
                [&](const ServiceCall& in) { return heddle::unlink_project(in, source, target); });
}

std::optional<std::string> EmbeddedBuildService::scmsync(const PackageRef& package) {
    return call("ask where " + to_string(package) + " is kept", [&](const ServiceCall& in) {
        const auto stored = find_package(in.tx, package);
        return stored ? stored->scmsync : std::nullopt;
    });
}

SourceRevision EmbeddedBuildService::set_scmsync(const PackageRef& package,
                                                 const std::string& url,
                                                 const std::string& run) {
    const std::string doing = "point " + to_string(package) + " at another revision";
    call(doing, [&](const ServiceCall& in) { check_scmsync(in, package, parse_source_url(url)); });
    const std::string commit = commit_for(url);
    return call(doing, [&](const ServiceCall& in) { return write_scmsync(in, package, url, commit, run); });
}

SourceRevision EmbeddedBuildService::write_file(const PackageRef& package,
                                                const std::string& name,
                                                const std::string& content,
                                                const std::string& run) {
    return call("write a file of " + to_string(package),
                [&](const ServiceCall& in) { return heddle::write_file(in, package, name, content, run); });
}

void EmbeddedBuildService::configure_repositories(const std::string& project,
                                                  const std::vector<RepositoryConfig>& repositories) {
    call("configure repositories of " + project,
         [&](const ServiceCall& in) { heddle::configure_repositories(in, project, repositories); });
}

void EmbeddedBuildService::set_flags(const std::vector<FlagSetting>& flags) {
    call("set flags", [&](const ServiceCall& in) { heddle::set_flags(in, flags); });
}

SourceRevision EmbeddedBuildService::rebuild_package(const PackageRef& package, const std::string&) {
    return call("rebuild " + to_string(package),
                [&](const ServiceCall& in) { return heddle::rebuild_package(in, package); });
}

ServiceRun EmbeddedBuildService::run_services(const PackageRef& package, const ServiceTrigger& trigger) {
    const std::string doing = "run the services of " + to_string(package);
    const TrackedPackage tracked =
        call(doing, [&](const ServiceCall& in) { return look_at_tracked(in, package, trigger.run); });
    if (tracked.done) return *tracked.done;
    const TriggeredCommit commit = triggered_commit(refs_, tracked.scmsync, trigger);
    return call(doing, [&](const ServiceCall& in) {
        return write_triggered(in, package, tracked.scmsync, commit, trigger);
    });
}

Request EmbeddedBuildService::create_request(const NewRequest& request) {
    return call("submit " + to_string(request.source) + " to " + to_string(request.target),
                [&](const ServiceCall& in) { return heddle::create_request(in, request); });
}

std::optional<Request> EmbeddedBuildService::find_request(std::int64_t number) {
    using Found = std::optional<Request>;
    return call("look for request " + std::to_string(number), [&](const ServiceCall& in) -> Found {
        const auto stored = heddle::find_request(in.tx, number);
        return stored ? Found({number, stored->state, stored->comment}) : std::nullopt;
    });
}

bool EmbeddedBuildService::supersede_request(std::int64_t number, std::int64_t by) {
    return call("supersede request " + std::to_string(number),
                [&](const ServiceCall& in) { return heddle::supersede_request(in, number, by); });
}

bool EmbeddedBuildService::revoke_request(std::int64_t number, const std::string& comment) {
    return call("revoke request " + std::to_string(number),
                [&](const ServiceCall& in) { return heddle::revoke_request(in, number, comment); });
}

Request EmbeddedBuildService::create_request_by_hand(const NewRequest& request) {
    return call("submit " + to_string(request.source) + " to " + to_string(request.target),
                [&](const ServiceCall& in) { return heddle::create_request_by_hand(in, request); });
}

void EmbeddedBuildService::decide_request_by_hand(std::int64_t number,
                                                  RequestDecision decision,
                                                  const std::string& comment) {
    call(std::string(to_string(decision)) + " request " + std::to_string(number),
         [&](const ServiceCall& in) { heddle::decide_request_by_hand(in, number, decision, comment); });
}

ResultsByPackage EmbeddedBuildService::results(const std::string& project,
                                               const std::vector<std::string>& packages) {
    return call("read the results of " + project,
                [&](const ServiceCall& in) { return results_of(in.tx, project, packages); });
}

std::vector<BuildEvent> EmbeddedBuildService::latest_events(const std::string& project,
                                                            const std::vector<std::string>& packages) {
    return call("read the last builds of " + project,
                [&](const ServiceCall& in) { return heddle::latest_events(in.tx, project, packages); });
}

std::optional<SourceRevision> EmbeddedBuildService::revision_of_run(const PackageRef& package,
                                                                    const std::string& run) {
    using Found = std::optional<SourceRevision>;
    return call("look for a revision of " + to_string(package), [&](const ServiceCall& in) -> Found {
        const auto stored = find_package(in.tx, package);
        if (!stored) return std::nullopt;
        const auto revision = find_revision_of_run(in.tx, stored->id, run);
        return revision ? Found(revision->ref()) : std::nullopt;
    });
}

void EmbeddedBuildService::create_project_by_hand(const std::string& project,
                                                  const std::vector<RepositoryConfig>& repositories) {
    call("create project " + project,
         [&](const ServiceCall& in) { heddle::create_project_by_hand(in, project, repositories); });
}

bool EmbeddedBuildService::delete_project_by_hand(const std::string& project) {
    return call("delete project " + project,
                [&](const ServiceCall& in) { return heddle::delete_project_by_hand(in, project); });
}

void EmbeddedBuildService::change_maintainers(const std::string& project, const MaintainerChanges& changes) {
    call("change the maintainers of " + project,
         [&](const ServiceCall& in) { heddle::change_maintainers(in, project, changes); });
}

SourceRevision EmbeddedBuildService::create_git_package(const PackageRef& package, const std::string& url) {
    const std::string doing = "create package " + to_string(package);
    const SourceUrl parts = parse_source_url(url);
    call(doing, [&](const ServiceCall& in) {
        if (const std::string reason = why_refused_source(parts); !reason.empty()) refuse(in, reason);
        writable_project(in, package.project);
    });
    const Sources sources{parts.without_fragment(), commit_for(url), {}};
    return call(doing,
                [&](const ServiceCall& in) { return create_package_by_hand(in, package, url, sources); });
}

SourceRevision EmbeddedBuildService::create_file_package(const PackageRef& package,
                                                         const std::vector<SourceFile>& files) {
    return call("create package " + to_string(package), [&](const ServiceCall& in) {
        Sources sources;
        for (const SourceFile& file : files) {
            if (const auto reason = why_refused_file(file.name)) refuse(in, *reason);
            sources.files.push_back({file.name, put_blob(in.tx, file.content), file.executable});
        }
        return create_package_by_hand(in, package, std::nullopt, sources);
    });
}

EnsuredPackage EmbeddedBuildService::ensure_git_package(const PackageRef& package, const std::string& url) {
    return call("make package " + to_string(package), [&](const ServiceCall& in) {
        if (const std::string reason = why_refused_source(parse_source_url(url)); !reason.empty())
            refuse(in, reason);
        return ensure_package(in, package, url);
    });
}

bool EmbeddedBuildService::has_sources(const PackageRef& package) {
    return call("read " + to_string(package), [&](const ServiceCall& in) {
        const auto stored = find_package(in.tx, package);
        return stored && latest_revision(in.tx, stored->id);
    });
}

bool EmbeddedBuildService::delete_package(const PackageRef& package) {
    return call("delete package " + to_string(package),
                [&](const ServiceCall& in) { return delete_package_by_hand(in, package); });
}

// A full hash needs no asking: whether the commit is there is for the builder to find out.
std::string EmbeddedBuildService::commit_for(const std::string& url) {
    const SourceUrl parts = parse_source_url(url);
    return is_full_commit(parts.fragment) ? parts.fragment : refs_.resolve(parts.repository, parts.fragment);
}

}  // namespace heddle
