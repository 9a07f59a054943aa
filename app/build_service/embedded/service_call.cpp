// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/service_call.hpp"

#include <optional>

#include "app/build_service/embedded/flag_store.hpp"
#include "app/build_service/embedded/project_link_store.hpp"
#include "app/build_service/embedded/repository_paths.hpp"
#include "workflows/model/names.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

void check_maintainer(const ServiceCall& call, const StoredProject& project) {
    if (!may_change_project(call.tx, project.id, call.login))
        refuse(call, "no permission: " + call.login + " is no maintainer of " + project.name);
}

void check_reader(const ServiceCall& call,
                  std::int64_t project_id,
                  const Flags& flags,
                  const std::string& what) {
    if (is_on(flags, "sourceaccess", "", "") && is_on(flags, "access", "", "")) return;
    if (!may_change_project(call.tx, project_id, call.login))
        refuse(call, "no permission: the sources of " + what + " are for its maintainers only");
}

/// The closest project that `name` lies below: "a:b" for "a:b:c:d" where "a:b:c" does not exist.
std::optional<StoredProject> project_above(pqxx::transaction_base& tx, std::string name) {
    for (auto colon = name.rfind(':'); colon != std::string::npos; colon = name.rfind(':')) {
        name.resize(colon);
        if (auto project = find_project(tx, name)) return project;
    }
    return std::nullopt;
}

}  // namespace

void refuse(const ServiceCall& call, const std::string& why) {
    throw RemoteError(RemoteError::Kind::GiveUp, call.doing, why);
}

StoredProject writable_project(const ServiceCall& call, const std::string& name) {
    const auto project = lock_project(call.tx, name);
    if (!project) refuse(call, "project " + name + " does not exist");
    check_maintainer(call, *project);
    if (is_locked(flags_of(call.tx, project->id, std::nullopt)))
        refuse(call, "project " + name + " is locked");
    return *project;
}

StoredPackage writable_package(const ServiceCall& call, const PackageRef& ref) {
    const StoredProject project = writable_project(call, ref.project);
    const auto package = find_package(call.tx, ref);
    if (!package) refuse(call, "package " + to_string(ref) + " does not exist");
    if (is_locked(flags_of(call.tx, project.id, package->id)))
        refuse(call, "package " + to_string(ref) + " is locked");
    return *package;
}

StoredProject readable_project(const ServiceCall& call, const std::string& name) {
    auto project = find_project(call.tx, name);
    if (!project) refuse(call, "project " + name + " does not exist");
    check_reader(call, project->id, flags_of(call.tx, project->id, std::nullopt), name);
    return std::move(*project);
}

StoredPackage readable_package(const ServiceCall& call, const PackageRef& ref) {
    if (!find_project(call.tx, ref.project)) refuse(call, "project " + ref.project + " does not exist");
    auto package = find_package_by_links(call.tx, ref);
    if (!package) refuse(call, "package " + to_string(ref) + " does not exist");
    const Flags flags = flags_of(call.tx, package->project_id, package->id);
    check_reader(call, package->project_id, flags, to_string(package->ref));
    return std::move(*package);
}

StoredProject create_writable_project(const ServiceCall& call, const NewProject& project) {
    if (const auto reason = why_refused(NameKind::Project, project.name)) refuse(call, *reason);
    if (project.name == kLocalRepository.project)
        refuse(call, "the name " + project.name + " is taken by the built-in project");
    if (const auto above = project_above(call.tx, project.name)) check_maintainer(call, *above);
    const std::int64_t id = insert_project(call.tx, project, call.login);
    return {id, project.name, project.title, project.description, project.url};
}

SourceRevision commit_sources(const ServiceCall& call,
                              const StoredPackage& package,
                              const Sources& sources,
                              const std::string& run,
                              const std::string& comment,
                              int delay_ms) {
    const auto latest = latest_revision(call.tx, package.id);
    if (latest && latest->run == run && latest->srcmd5 == srcmd5_of(sources, package.link))
        return latest->ref();
    const StoredRevision revision = insert_revision(call.tx, package, sources, {comment, run, call.login});
    ScheduleRequest request = schedule_request(call);
    request.delay_ms = delay_ms;
    schedule_with_links(call.tx, package, request);
    return revision.ref();
}

ScheduleRequest schedule_request(const ServiceCall& call) { return {call.host_architecture, false, 0}; }

}  // namespace heddle
