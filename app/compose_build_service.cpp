// SPDX-License-Identifier: Apache-2.0
#include "app/compose_build_service.hpp"

#include <pwd.h>
#include <unistd.h>

#include <filesystem>

#include "app/build_service/embedded/build_list.hpp"
#include "app/build_service/embedded/embedded_build_service.hpp"
#include "app/build_service/embedded/log_store.hpp"
#include "app/build_service/embedded/mirror_refs.hpp"
#include "app/build_service/embedded/project_link_store.hpp"
#include "app/build_service/embedded/project_store.hpp"
#include "app/build_service/embedded/repository_store.hpp"
#include "app/build_service/embedded/request_store.hpp"
#include "app/build_service/embedded/revision_store.hpp"
#include "app/build_service/embedded/service_verbs.hpp"
#include "app/build_service/embedded/source_folder.hpp"
#include "app/build_service/embedded/source_url.hpp"
#include "app/compose_database.hpp"
#include "app/config/wrong_use.hpp"
#include "app/forges/git/configured_access.hpp"
#include "app/forges/git/local_repository.hpp"
#include "app/net/http_client.hpp"
#include "app/net/url.hpp"

namespace heddle {
namespace {

constexpr int kShownRevisions = 20;

std::string login_of(uid_t uid) {
    const passwd* entry = ::getpwuid(uid);
    return entry ? entry->pw_name : "uid-" + std::to_string(uid);
}

std::string acting_login(const std::optional<std::string>& try_repository) {
    return login_of(try_repository ? open_local_repository(*try_repository).owner : ::geteuid());
}

/// Paths of this machine become URLs, so that every character of theirs is safe in front of a "#".
std::string source_url(const std::string& source) {
    if (std::filesystem::exists(source)) return open_local_repository(source).url;
    const SourceUrl parts = parse_source_url(source);
    if (const std::string reason = why_refused_source(parts); !reason.empty())
        throw WrongUse("--git: " + reason);
    // It is not said again: a password may stand in it.
    if (!is_local_source(parts) && !parse_url(parts.repository))
        throw WrongUse(
            "--git: it is no plain http or https URL of a repository; user and password can't be in it");
    if (!is_local_source(parts) || parts.repository.starts_with("file://")) return source;
    const std::string url = open_local_repository(parts.repository).url;
    return parts.fragment.empty() ? url : url + "#" + parts.fragment;
}

RepositoryView view_of(const RepositoryConfig& repository) {
    RepositoryView view{repository.name, {}, repository.architectures};
    for (const RepositoryPath& path : repository.paths)
        view.paths.push_back(path.project + "/" + path.repository);
    return view;
}

RequestView view_of(const StoredRequest& request) {
    return {request.number,
            request.state,
            request.comment,
            request.source,
            std::to_string(request.source_rev),
            request.target,
            request.description,
            request.login,
            request.created_at,
            request.superseded_by,
            {}};
}

ProjectView view_of(pqxx::transaction_base& tx, const StoredProject& project) {
    ProjectView view{project.name, project.title, project.description, project.url, {}, {}, {}, {}};
    view.maintainers = maintainers_of(tx, project.id);
    for (const RepositoryConfig& repository : repositories_of(tx, project.id))
        view.repositories.push_back(view_of(repository));
    view.links = project_links_of(tx, project.id);
    for (const StoredPackage& package : packages_of(tx, project.id))
        view.packages.push_back(package.ref.package);
    return view;
}

PackageView view_of(pqxx::transaction_base& tx, const StoredPackage& package) {
    PackageView view;
    view.ref = package.ref;
    view.scmsync = package.scmsync.value_or("");
    if (package.link) view.link = to_string(*package.link);
    const auto revisions = revisions_of(tx, package.id, kShownRevisions);
    for (const StoredRevision& revision : revisions)
        view.history.push_back(
            {revision.ref(), revision.git_commit, revision.comment, revision.login, revision.created_at});
    if (!revisions.empty())
        for (const FileEntry& file : files_of(tx, revisions.front().id)) view.files.push_back(file.name);
    view.results = results_of(tx, package.ref.project, {package.ref.package})[package.ref.package];
    return view;
}

BuildView view_of(const ListedBuild& build) {
    return {build.id, build.repository, build.architecture, build.state, build.details, build.goes_on()};
}

struct Bell : pqxx::notification_receiver {
    using pqxx::notification_receiver::notification_receiver;
    void operator()(const std::string&, int) override {}
};

}  // namespace

struct BuildServiceDesk::Parts {
    Parts(const Config& given, const std::optional<std::string>& try_repository)
        : config(given),
          database(open_database(config, try_repository, 2)),
          mirrors(config.data_dir / "mirrors",
                  git_over_network(client, known_forges(config, *database.pool))),
          refs(mirrors),
          service(*database.pool, refs, acting_login(try_repository)) {}

    const Config config;
    OpenDatabase database;
    HttpClient client;
    Mirrors mirrors;
    MirrorRefs refs;
    EmbeddedBuildService service;
    std::unique_ptr<pqxx::connection> listening;
    std::unique_ptr<Bell> bell;
};

BuildServiceDesk::BuildServiceDesk(const Config& config, const std::optional<std::string>& try_repository) {
    // What `heddle try` makes is Heddle's own in any case.
    if (!try_repository && config.build_service.kind == BuildServiceConfig::Kind::Obs)
        throw WrongUse("projects and packages are kept by the Open Build Service at " +
                       config.build_service.api_url + ": change them there, with osc or its pages");
    parts_ = std::make_unique<Parts>(config, try_repository);
}

BuildServiceDesk::~BuildServiceDesk() = default;

void BuildServiceDesk::create_project(const std::string& name,
                                      const std::vector<RepositoryView>& repositories) {
    std::vector<RepositoryConfig> configured;
    for (const RepositoryView& repository : repositories)
        configured.push_back({repository.name, {}, repository.architectures, "", ""});
    parts_->service.create_project_by_hand(name, configured);
}

bool BuildServiceDesk::change_maintainers(const std::string& name,
                                          const std::vector<std::string>& joining,
                                          const std::vector<std::string>& leaving) {
    if (!parts_->service.project_exists(name)) return false;
    parts_->service.change_maintainers(name, {joining, leaving});
    return true;
}

std::vector<ProjectView> BuildServiceDesk::projects() {
    return in_transaction(*parts_->database.pool, [](pqxx::transaction_base& tx) {
        std::vector<ProjectView> views;
        for (const StoredProject& project : list_projects(tx)) views.push_back(view_of(tx, project));
        return views;
    });
}

std::optional<ProjectView> BuildServiceDesk::project(const std::string& name) {
    using Found = std::optional<ProjectView>;
    return in_transaction(*parts_->database.pool, [&](pqxx::transaction_base& tx) -> Found {
        const auto project = find_project(tx, name);
        return project ? Found(view_of(tx, *project)) : std::nullopt;
    });
}

bool BuildServiceDesk::delete_project(const std::string& name) {
    return parts_->service.delete_project_by_hand(name);
}

SourceRevision BuildServiceDesk::create_git_package(const PackageRef& ref, const std::string& source) {
    return parts_->service.create_git_package(ref, source_url(source));
}

SourceRevision BuildServiceDesk::create_folder_package(const PackageRef& ref, const std::string& folder) {
    return parts_->service.create_file_package(ref, read_source_folder(folder));
}

std::vector<PackageView> BuildServiceDesk::packages(const std::optional<std::string>& project) {
    return in_transaction(*parts_->database.pool, [&](pqxx::transaction_base& tx) {
        std::vector<PackageView> views;
        for (const StoredProject& stored : list_projects(tx))
            if (!project || stored.name == *project)
                for (const StoredPackage& package : packages_of(tx, stored.id))
                    views.push_back(view_of(tx, package));
        return views;
    });
}

std::optional<PackageView> BuildServiceDesk::package(const PackageRef& ref) {
    using Found = std::optional<PackageView>;
    return in_transaction(*parts_->database.pool, [&](pqxx::transaction_base& tx) -> Found {
        const auto package = find_package(tx, ref);
        return package ? Found(view_of(tx, *package)) : std::nullopt;
    });
}

bool BuildServiceDesk::delete_package(const PackageRef& ref) { return parts_->service.delete_package(ref); }

std::int64_t BuildServiceDesk::create_request(const PackageRef& source,
                                              const PackageRef& target,
                                              const std::string& description) {
    return parts_->service.create_request_by_hand({source, target, description, "", {}}).number;
}

std::vector<RequestView> BuildServiceDesk::requests(const std::string& project,
                                                    const std::string& state,
                                                    int limit) {
    return in_transaction(*parts_->database.pool, [&](pqxx::transaction_base& tx) {
        std::vector<RequestView> views;
        for (const StoredRequest& request : list_requests(tx, {project, state}, limit))
            views.push_back(view_of(request));
        return views;
    });
}

std::optional<RequestView> BuildServiceDesk::request(std::int64_t number) {
    using Found = std::optional<RequestView>;
    return in_transaction(*parts_->database.pool, [&](pqxx::transaction_base& tx) -> Found {
        const auto request = find_request(tx, number);
        if (!request) return std::nullopt;
        RequestView view = view_of(*request);
        for (const RequestChange& change : history_of_request(tx, number))
            view.history.push_back({change.state, change.comment, change.login, change.changed_at});
        return view;
    });
}

void BuildServiceDesk::accept_request(std::int64_t number, const std::string& comment) {
    parts_->service.decide_request_by_hand(number, RequestDecision::Accept, comment);
}

void BuildServiceDesk::decline_request(std::int64_t number, const std::string& comment) {
    parts_->service.decide_request_by_hand(number, RequestDecision::Decline, comment);
}

void BuildServiceDesk::revoke_request(std::int64_t number, const std::string& comment) {
    parts_->service.decide_request_by_hand(number, RequestDecision::Revoke, comment);
}

std::vector<BuildView> BuildServiceDesk::builds(const PackageRef& ref) {
    return in_transaction(*parts_->database.pool, [&](pqxx::transaction_base& tx) {
        std::vector<BuildView> views;
        for (const ListedBuild& build : newest_builds(tx, ref)) views.push_back(view_of(build));
        return views;
    });
}

std::optional<BuildView> BuildServiceDesk::build(std::int64_t id) {
    using Found = std::optional<BuildView>;
    return in_transaction(*parts_->database.pool, [&](pqxx::transaction_base& tx) -> Found {
        const auto build = find_build(tx, id);
        return build ? Found(view_of(*build)) : std::nullopt;
    });
}

std::string BuildServiceDesk::read_log(std::int64_t build_id, int& position) {
    return in_transaction(*parts_->database.pool, [&](pqxx::transaction_base& tx) {
        LogPart part = heddle::read_log(tx, build_id, position);
        position = part.next_seq;
        return part.text;
    });
}

void BuildServiceDesk::wait_for_news() {
    constexpr int kMicroseconds = 250'000;
    if (!parts_->bell) {
        parts_->listening = open_connection(parts_->database.pool->url());
        parts_->bell = std::make_unique<Bell>(*parts_->listening, "heddle_builds");
    }
    parts_->listening->await_notification(0, kMicroseconds);
}

}  // namespace heddle
