// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "app/build_service/embedded/flag_store.hpp"
#include "app/build_service/embedded/repository_store.hpp"
#include "app/build_service/embedded/service_verbs.hpp"
#include "workflows/model/names.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr std::array<std::string_view, 4> kRebuild{"", "transitive", "direct", "local"};
constexpr std::array<std::string_view, 6> kLinkedBuild{
    "", "off", "localdep", "all", "alldirect", "alldirect_or_localdep"};

void check_name(const ServiceCall& call, NameKind kind, const std::string& name) {
    if (const auto reason = why_refused(kind, name)) refuse(call, *reason);
}

template <class Words>
void check_word(const ServiceCall& call, const char* what, const Words& words, const std::string& word) {
    if (std::find(words.begin(), words.end(), word) == words.end())
        refuse(call, quoted(word) + " is no value of " + what);
}

void check_repository(const ServiceCall& call, const RepositoryConfig& repository) {
    check_name(call, NameKind::Repository, repository.name);
    for (const std::string& architecture : repository.architectures)
        check_name(call, NameKind::Architecture, architecture);
    for (const RepositoryPath& path : repository.paths) {
        check_name(call, NameKind::Project, path.project);
        check_name(call, NameKind::Repository, path.repository);
    }
    check_word(call, "rebuild", kRebuild, repository.rebuild);
    check_word(call, "linkedbuild", kLinkedBuild, repository.linkedbuild);
}

void check_setting(const ServiceCall& call, const FlagSetting& setting) {
    if (!is_flag_type(setting.type)) refuse(call, quoted(setting.type) + " is no flag");
    if (setting.status != "enable" && setting.status != "disable")
        refuse(call, quoted(setting.status) + " is no status of a flag: it is enable or disable");
    if (!setting.repository.empty()) check_name(call, NameKind::Repository, setting.repository);
    if (!setting.architecture.empty()) check_name(call, NameKind::Architecture, setting.architecture);
}

/// What one setting is about. Locked things take nothing but the end of the lock.
struct FlagTarget {
    StoredProject project;
    std::optional<std::int64_t> package_id;
};

FlagTarget target_of(const ServiceCall& call, const FlagSetting& setting) {
    const auto project = lock_project(call.tx, setting.project);
    if (!project) refuse(call, "project " + setting.project + " does not exist");
    if (!may_change_project(call.tx, project->id, call.login))
        refuse(call, "no permission: " + call.login + " is no maintainer of " + project->name);
    FlagTarget target{*project, std::nullopt};
    if (!setting.package.empty()) {
        const PackageRef ref{setting.project, setting.package};
        const auto package = find_package(call.tx, ref);
        if (!package) refuse(call, "package " + to_string(ref) + " does not exist");
        target.package_id = package->id;
    }
    if (setting.type != "lock" && is_locked(flags_of(call.tx, project->id, target.package_id)))
        refuse(call, setting.project + (setting.package.empty() ? "" : "/" + setting.package) + " is locked");
    return target;
}

}  // namespace

void configure_repositories(const ServiceCall& call,
                            const std::string& name,
                            const std::vector<RepositoryConfig>& repositories) {
    for (const RepositoryConfig& repository : repositories) check_repository(call, repository);
    const StoredProject project = writable_project(call, name);
    for (const RepositoryConfig& repository : repositories) put_repository(call.tx, project.id, repository);
    schedule_project(call.tx, project.id, schedule_request(call));
}

void set_flags(const ServiceCall& call, const std::vector<FlagSetting>& settings) {
    std::set<std::string> projects;
    for (const FlagSetting& setting : settings) {
        check_setting(call, setting);
        projects.insert(setting.project);
    }
    // Always in the same order, so that two of these never wait for each other.
    for (const std::string& project : projects) lock_project(call.tx, project);
    std::set<std::int64_t> changed;
    for (const FlagSetting& setting : settings) {
        const FlagTarget target = target_of(call, setting);
        put_flag(call.tx,
                 target.project.id,
                 target.package_id,
                 {setting.type, setting.status == "enable", setting.repository, setting.architecture});
        if (setting.type == "build" || setting.type == "lock") changed.insert(target.project.id);
    }
    for (const std::int64_t id : changed) schedule_project(call.tx, id, schedule_request(call));
}

}  // namespace heddle
