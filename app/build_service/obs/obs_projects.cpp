// SPDX-License-Identifier: Apache-2.0
// Projects, and who may change them. A backend checks nothing itself: no right, no lock.
#include <algorithm>
#include <map>
#include <set>

#include "app/build_service/obs/obs_build_service.hpp"
#include "app/build_service/obs/obs_meta.hpp"
#include "workflows/model/names.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

/// The removal of a project's packages goes on behind the answer to DELETE. An undelete in that time is
/// refused, or answered with ok and lost, or brings back some of the packages (reference, section 4): so who
/// deletes waits for the end, and who restores looks, and tries again.
constexpr int kMostRestores = 5;
constexpr int kMostLooks = 200;  // a look takes some 10 ms, the removal of 50 packages 70

[[noreturn]] void give_up(const std::string& doing, const std::string& why) {
    throw RemoteError(RemoteError::Kind::GiveUp, doing, why);
}

void check_name(NameKind kind, const std::string& name, const std::string& doing) {
    if (const auto reason = why_refused(kind, name)) give_up(doing, *reason);
}

/// The packages of a project, without the flavours of multibuild packages.
std::set<std::string> packages_in(const pugi::xml_document& directory) {
    std::set<std::string> names;
    for (const pugi::xml_node entry : directory.document_element().children("entry")) {
        const std::string name = entry.attribute("name").as_string();
        if (name.front() == '_' || name.find(':') == std::string::npos) names.insert(name);
    }
    return names;
}

/// Where a package is kept: in the project that was asked, or in one that it links to.
std::string origin_of(const pugi::xml_document& package, const PackageRef& asked) {
    return package.document_element().attribute("project").as_string(asked.project.c_str());
}

std::string meta_target(const std::string& project, const ObsQuery& query = {}) {
    return obs_target({"source", project, "_meta"}, query);
}

}  // namespace

ObsBuildService::ObsBuildService(ObsClient& client, Dialect dialect, std::string account, ObsActor actor)
    : client_(client), dialect_(dialect), account_(std::move(account)), actor_(std::move(actor)) {}

ObsQuery ObsBuildService::telling(const std::string& comment) const {
    // A frontend knows who asks, and takes nobody's word for it.
    if (!is_backend()) return {{"comment", comment}};
    return {{"user", actor_.login}, {"comment", comment}};
}

void ObsBuildService::require_grant(const std::string& project, const std::string& doing) const {
    check_name(NameKind::Project, project, doing);
    if (const auto reason = actor_.why_not(project)) give_up(doing, "no permission: " + *reason);
}

std::optional<ObsBuildService::Meta> ObsBuildService::find_project(const std::string& project,
                                                                   const std::string& doing) {
    check_name(NameKind::Project, project, doing);
    return client_.find(meta_target(project), doing);
}

std::optional<ObsBuildService::Meta> ObsBuildService::find_package(const PackageRef& package,
                                                                   const std::string& doing) {
    auto meta = find_package_by_links(package, doing);
    // OBS shows a linked project's package as if it were there; the meta tells where it is.
    if (meta && origin_of(*meta, package) != package.project) return std::nullopt;
    return meta;
}

std::optional<ObsBuildService::Meta> ObsBuildService::find_package_by_links(const PackageRef& package,
                                                                            const std::string& doing) {
    check_name(NameKind::Project, package.project, doing);
    check_name(NameKind::Package, package.package, doing);
    return client_.find(obs_target({"source", package.project, package.package, "_meta"}), doing);
}

ObsBuildService::Meta ObsBuildService::writable_project(const std::string& project,
                                                        const std::string& doing) {
    require_grant(project, doing);
    auto meta = find_project(project, doing);
    if (!meta) give_up(doing, "project " + project + " does not exist");
    require_unlocked(project, *meta, doing);
    return std::move(*meta);
}

void ObsBuildService::require_unlocked(const std::string& project,
                                       const Meta& meta,
                                       const std::string& doing) {
    if (is_locked(meta.document_element())) give_up(doing, "project " + project + " is locked");
}

void ObsBuildService::require_unlocked(const PackageRef& package,
                                       const Meta& project_meta,
                                       const Meta& meta,
                                       const std::string& doing) {
    if (is_locked(project_meta.document_element(), meta.document_element()))
        give_up(doing, "package " + to_string(package) + " is locked");
}

ObsBuildService::PackageMeta ObsBuildService::present_package(const PackageRef& package,
                                                              const std::string& doing) {
    auto project = find_project(package.project, doing);
    if (!project) give_up(doing, "project " + package.project + " does not exist");
    auto meta = find_package_by_links(package, doing);
    if (!meta) give_up(doing, "package " + to_string(package) + " does not exist");
    return {std::move(*project), std::move(*meta)};
}

ObsBuildService::PackageMeta ObsBuildService::writable_package(const PackageRef& package,
                                                               const std::string& doing) {
    require_grant(package.project, doing);
    PackageMeta found = present_package(package, doing);
    if (origin_of(found.package, package) != package.project)
        give_up(doing, "package " + to_string(package) + " does not exist");
    require_unlocked(package, found.project, found.package, doing);
    return found;
}

ObsBuildService::PackageMeta ObsBuildService::readable_package(const PackageRef& package,
                                                               const std::string& doing) {
    PackageMeta found = present_package(package, doing);
    require_visible(package, found, doing);
    return found;
}

void ObsBuildService::require_visible(const PackageRef& package,
                                      const PackageMeta& meta,
                                      const std::string& doing) {
    const std::string origin = origin_of(meta.package, package);
    const auto holder = origin == package.project ? std::nullopt : find_project(origin, doing);
    if (is_hidden((holder ? *holder : meta.project).document_element(), meta.package.document_element()))
        require_grant(origin, doing);
}

void ObsBuildService::require_rebuildable(const PackageRef& package, const std::string& doing) {
    require_grant(package.project, doing);
    const PackageMeta found = present_package(package, doing);
    if (origin_of(found.package, package) == package.project)
        return require_unlocked(package, found.project, found.package, doing);
    // A linked project's package is built in this one, too.
    require_unlocked(package.project, found.project, doing);
    require_visible(package, found, doing);
}

void ObsBuildService::put_project(const std::string& project, const Meta& meta, const std::string& doing) {
    client_.put(meta_target(project, telling(doing)), xml_text(meta), doing);
}

void ObsBuildService::put_package(const PackageRef& package, const Meta& meta, const std::string& doing) {
    client_.put(obs_target({"source", package.project, package.package, "_meta"}, telling(doing)),
                xml_text(meta),
                doing);
}

bool ObsBuildService::project_exists(const std::string& project) {
    return find_project(project, "look for project " + project).has_value();
}

void ObsBuildService::create_project(const NewProject& project) {
    const std::string doing = "create project " + project.name;
    require_grant(project.name, doing);
    if (find_project(project.name, doing)) return;
    put_project(project.name, project_meta(project, is_backend() ? actor_.login : account_), doing);
}

bool ObsBuildService::delete_project(const std::string& project, const std::string& comment) {
    const std::string doing = "delete project " + project;
    require_grant(project, doing);
    const auto meta = find_project(project, doing);
    if (!meta) return false;
    require_unlocked(project, *meta, doing);
    const auto packages = packages_in(client_.get(obs_target({"source", project}), doing));
    const auto answer = client_.ask("DELETE", obs_target({"source", project}, telling(comment)), "", doing);
    if (answer.status == 404) return false;  // somebody was quicker
    ObsClient::require_success(answer, doing);
    wait_until_deleted(project, packages, doing);
    return true;
}

void ObsBuildService::wait_until_deleted(const std::string& project,
                                         const std::set<std::string>& packages,
                                         const std::string& doing) {
    const std::string history =
        obs_target({"source", project, "_project", "_history"}, {{"deleted", "1"}, {"meta", "1"}});
    int finds = 0;
    // The last package is seen a moment before its last file: it is looked once more.
    for (int looks = 0; finds < 2 && looks < kMostLooks; ++looks) {
        const auto gone = client_.ask("GET", obs_target({"source", project}, {{"deleted", "1"}}), "", doing);
        const auto told = client_.ask("GET", history, "", doing);
        // Who may not look at what is deleted can't wait for it.
        if (!gone.ok() || !told.ok()) return;
        const auto moved = packages_in(gone.document);
        const bool all = std::includes(moved.begin(), moved.end(), packages.begin(), packages.end());
        if (all && told.document.document_element().first_child()) ++finds;
    }
}

bool ObsBuildService::restore_project(const std::string& project) {
    const std::string doing = "restore project " + project;
    require_grant(project, doing);
    for (int tries = 0; tries < kMostRestores; ++tries) {
        if (find_project(project, doing)) return true;
        ObsQuery query{{"cmd", "undelete"}};
        for (auto& pair : telling(doing)) query.push_back(std::move(pair));
        const auto answer = client_.ask("POST", obs_target({"source", project}, query), "", doing);
        if (answer.status != 404) {
            ObsClient::require_success(answer, doing);
            continue;
        }
        // It was never there, or somebody was quicker.
        return find_project(project, doing).has_value();
    }
    if (find_project(project, doing)) return true;
    throw RemoteError(RemoteError::Kind::Retry, doing, "the build service is still deleting it");
}

void ObsBuildService::configure_repositories(const std::string& project,
                                             const std::vector<RepositoryConfig>& repositories) {
    const std::string doing = "configure the repositories of " + project;
    Meta meta = writable_project(project, doing);
    const std::string before = xml_text(meta);
    std::set<std::string> bases;
    for (const RepositoryConfig& repository : repositories)
        for (const RepositoryPath& path : repository.paths) bases.insert(path.project);
    // Who builds against a project sees its binaries.
    for (const std::string& base : bases)
        if (const auto found = find_project(base, doing); found && is_secret(found->document_element()))
            require_grant(base, doing);
    for (const RepositoryConfig& repository : repositories)
        put_repository(meta.document_element(), repository);
    if (xml_text(meta) != before) put_project(project, meta, doing);
}

void ObsBuildService::set_flags(const std::vector<FlagSetting>& flags) {
    std::map<PackageRef, std::vector<FlagSetting>> targets;
    for (const FlagSetting& flag : flags) targets[{flag.project, flag.package}].push_back(flag);
    const auto doing = [](const PackageRef& target) {
        return "set flags of " + (target.package.empty() ? target.project : to_string(target));
    };
    std::map<std::string, std::optional<Meta>> projects;
    for (const auto& [target, settings] : targets) {
        require_grant(target.project, doing(target));
        const auto [at, is_new] = projects.try_emplace(target.project);
        std::optional<Meta>& project = at->second;
        if (is_new) project = find_project(target.project, doing(target));
        if (!project) give_up(doing(target), "project " + target.project + " does not exist");
        std::optional<Meta> package;
        if (!target.package.empty() && !(package = find_package(target, doing(target))))
            give_up(doing(target), "package " + to_string(target) + " does not exist");
        // Locked things take nothing but the end of the lock.
        const bool only_locks = std::all_of(
            settings.begin(), settings.end(), [](const FlagSetting& flag) { return flag.type == "lock"; });
        const bool locked = package ? is_locked(project->document_element(), package->document_element())
                                    : is_locked(project->document_element());
        if (locked && !only_locks) give_up(doing(target), "it is locked");
    }
    for (const auto& [target, settings] : targets) set_flags_of(settings, doing(target));
}

void ObsBuildService::set_flags_of(const std::vector<FlagSetting>& flags, const std::string& doing) {
    const PackageRef target{flags.front().project, flags.front().package};
    const bool whole = target.package.empty();
    if (!is_backend()) {
        for (const FlagSetting& flag : flags) {
            ObsQuery query{{"cmd", "set_flag"}, {"flag", flag.type}, {"status", flag.status}};
            if (!flag.repository.empty()) query.emplace_back("repository", flag.repository);
            if (!flag.architecture.empty()) query.emplace_back("arch", flag.architecture);
            client_.post(whole ? obs_target({"source", target.project}, query)
                               : obs_target({"source", target.project, target.package}, query),
                         doing);
        }
        return;
    }
    // Read anew, so that what others changed since then stays.
    auto meta = whole ? find_project(target.project, doing) : find_package(target, doing);
    if (!meta) give_up(doing, "it was deleted meanwhile");
    const std::string before = xml_text(*meta);
    for (const FlagSetting& flag : flags) put_flag(meta->document_element(), flag);
    if (xml_text(*meta) == before) return;
    if (whole)
        put_project(target.project, *meta, doing);
    else
        put_package(target, *meta, doing);
}

}  // namespace heddle
