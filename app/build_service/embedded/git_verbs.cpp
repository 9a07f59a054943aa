// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/git_verbs.hpp"

#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

Sources commit_of(const std::string& url, const std::string& commit) {
    return {parse_source_url(url).without_fragment(), commit, {}};
}

StoredPackage git_package(const ServiceCall& call, const PackageRef& ref) {
    StoredPackage package = writable_package(call, ref);
    if (!package.scmsync) refuse(call, to_string(ref) + " is not kept in git");
    return package;
}

}  // namespace

void check_scmsync(const ServiceCall& call, const PackageRef& ref, const SourceUrl& url) {
    if (const std::string reason = why_refused_source(url); !reason.empty()) refuse(call, reason);
    const StoredPackage package = git_package(call, ref);
    // Only a command line may name a path of this machine; keeping one is fine.
    const SourceUrl present = parse_source_url(*package.scmsync);
    if (is_local_source(url) && url.repository != present.repository)
        refuse(call, "a repository of this machine can't be named here");
}

SourceRevision write_scmsync(const ServiceCall& call,
                             const PackageRef& ref,
                             const std::string& url,
                             const std::string& commit,
                             const std::string& run) {
    check_scmsync(call, ref, parse_source_url(url));
    const StoredPackage package = git_package(call, ref);
    if (package.scmsync != url) set_scmsync_of(call.tx, package.id, url);
    const std::string comment = (run.empty() ? "" : run + ": ") + "commit " + commit;
    return commit_sources(call, package, commit_of(url, commit), run, comment);
}

TrackedPackage look_at_tracked(const ServiceCall& call, const PackageRef& ref, const std::string& run) {
    const StoredPackage package = writable_package(call, ref);
    if (!package.scmsync) refuse(call, to_string(ref) + " has no source services: it is not kept in git");
    TrackedPackage tracked{*package.scmsync, std::nullopt};
    if (const auto revision = find_revision_of_run(call.tx, package.id, run))
        tracked.done = ServiceRun{revision->ref(), true, ""};
    return tracked;
}

ServiceRun write_triggered(const ServiceCall& call,
                           const PackageRef& ref,
                           const std::string& scmsync,
                           const TriggeredCommit& triggered,
                           const ServiceTrigger& trigger) {
    const StoredPackage package = git_package(call, ref);
    if (*package.scmsync != scmsync)
        throw RemoteError(RemoteError::Kind::Retry, call.doing, "its git source was changed meanwhile");
    if (const auto revision = find_revision_of_run(call.tx, package.id, trigger.run))
        return {revision->ref(), true, ""};
    const auto latest = latest_revision(call.tx, package.id);
    const Sources wanted = commit_of(scmsync, triggered.commit);
    if (latest && latest->srcmd5 == srcmd5_of(wanted, package.link))
        return {latest->ref(),
                false,
                "nothing changed: commit " + triggered.commit.substr(0, 12) + " is what " + to_string(ref) +
                    " is at already"};
    const std::string comment = trigger.run + (trigger.comment.empty() ? "" : ": " + trigger.comment);
    return {commit_sources(call, package, wanted, trigger.run, comment), true, triggered.instead};
}

}  // namespace heddle
