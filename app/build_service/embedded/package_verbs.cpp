// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "app/build_service/embedded/flag_store.hpp"
#include "app/build_service/embedded/repository_store.hpp"
#include "app/build_service/embedded/request_verbs.hpp"
#include "app/build_service/embedded/service_verbs.hpp"
#include "app/postgres/build_event_store.hpp"
#include "workflows/model/names.hpp"

namespace heddle {
namespace {

// Whoever branches mostly points the branch at another commit at once: what would be built in between is
// thrown away.
constexpr int kBranchDelayMs = 2'000;

StoredProject project_for_branch(const ServiceCall& call,
                                 const PackageRef& source,
                                 const PackageRef& target,
                                 const BranchOptions& options) {
    if (find_project(call.tx, target.project)) return writable_project(call, target.project);
    const NewProject wanted{target.project,
                            "Branch of " + to_string(source),
                            "Made to branch " + to_string(source),
                            options.project_url};
    const StoredProject project = create_writable_project(call, wanted);
    const StoredProject from = readable_project(call, source.project);
    copy_project_flags(call.tx, from.id, project.id);
    if (options.add_repositories) copy_repositories(call.tx, from.id, from.name, project.id);
    return project;
}

void check_package_name(const ServiceCall& call, const PackageRef& ref) {
    if (const auto reason = why_refused(NameKind::Package, ref.package)) refuse(call, *reason);
}

void check_no_circle(const ServiceCall& call, const PackageRef& source, const PackageRef& target) {
    if (source == target) refuse(call, "a package can't link to itself");
    const auto package = find_package(call.tx, source);
    const auto linking = packages_linking_to(call.tx, target);
    if (package && std::find(linking.begin(), linking.end(), package->id) != linking.end())
        refuse(call, "the links would run in a circle");
}

/// The target as a link to `source`, made or changed where needed.
StoredPackage linked_package(const ServiceCall& call, const PackageRef& source, const PackageRef& target) {
    if (!find_package(call.tx, target)) {
        const StoredProject project = writable_project(call, target.project);
        return insert_package_in(call, project, {0, 0, target, std::nullopt, source, false});
    }
    StoredPackage package = writable_package(call, target);
    if (package.scmsync) refuse(call, to_string(target) + " is kept in git, so it can't be a link");
    if (package.link != source) {
        package.link = source;
        set_link_of(call.tx, package.id, source);
    }
    return package;
}

}  // namespace

StoredPackage insert_package_in(const ServiceCall& call,
                                const StoredProject& project,
                                StoredPackage package) {
    check_package_name(call, package.ref);
    package.project_id = project.id;
    package.id = insert_package(call.tx, package);
    return package;
}

void branch_package(const ServiceCall& call,
                    const PackageRef& source_ref,
                    const PackageRef& target,
                    const BranchOptions& options) {
    lock_project_name(call.tx, target.project);
    const StoredPackage source = readable_package(call, source_ref);
    if (find_package(call.tx, target)) return;
    const StoredProject project = project_for_branch(call, source_ref, target, options);
    // Somebody may have made it before the project was ours.
    if (find_package(call.tx, target)) return;
    const StoredPackage branch =
        insert_package_in(call, project, {0, 0, target, source.scmsync, source.link, false});
    copy_package_flags(call.tx, source.id, project.id, branch.id);
    const auto revision = latest_revision(call.tx, source.id);
    if (!revision) return;
    commit_sources(call,
                   branch,
                   sources_of(call.tx, *revision),
                   "",
                   "branched from " + to_string(source_ref) + " revision " + std::to_string(revision->rev),
                   kBranchDelayMs);
}

SourceRevision link_package(const ServiceCall& call,
                            const PackageRef& source_ref,
                            const PackageRef& target,
                            const std::string& run) {
    lock_project_name(call.tx, target.project);
    const PackageRef source = readable_package(call, source_ref).ref;
    check_no_circle(call, source, target);
    const StoredPackage package = linked_package(call, source, target);
    const auto latest = latest_revision(call.tx, package.id);
    const Sources own = latest ? sources_of(call.tx, *latest) : Sources{};
    return commit_sources(call, package, own, run, "linked to " + to_string(source));
}

bool delete_package(const ServiceCall& call, const PackageRef& ref) {
    if (!find_package(call.tx, ref)) return false;
    const StoredPackage package = writable_package(call, ref);
    remove_package(call.tx, package.id);
    BuildEvent event = deletion_of(ref);
    event.reason = "package " + to_string(ref) + " was deleted";
    store_build_events(call.tx, "embedded", {event});
    revoke_requests_about(call, ref, event.reason);
    return true;
}

SourceRevision create_package(const ServiceCall& call,
                              const PackageRef& ref,
                              const std::optional<std::string>& scmsync,
                              const Sources& sources) {
    const StoredProject project = writable_project(call, ref.project);
    const auto present = find_package(call.tx, ref);
    if (!present)
        return commit_sources(call,
                              insert_package_in(call, project, {0, 0, ref, scmsync, std::nullopt, false}),
                              sources,
                              "",
                              "created");
    const auto latest = latest_revision(call.tx, present->id);
    const bool same_files = latest && latest->srcmd5 == srcmd5_of(sources, std::nullopt);
    if (latest && !present->link && present->scmsync == scmsync && (scmsync || same_files))
        return latest->ref();
    refuse(call, "package " + to_string(ref) + " exists already, with other sources");
}

EnsuredPackage ensure_package(const ServiceCall& call, const PackageRef& ref, const std::string& scmsync) {
    const StoredProject project = writable_project(call, ref.project);
    const auto present = find_package(call.tx, ref);
    if (!present) {
        insert_package_in(call, project, {0, 0, ref, scmsync, std::nullopt, true});
        return EnsuredPackage::Made;
    }
    if (!present->automatic || present->scmsync == scmsync) return EnsuredPackage::Present;
    set_scmsync_of(call.tx, present->id, scmsync);
    return EnsuredPackage::Moved;
}

}  // namespace heddle
