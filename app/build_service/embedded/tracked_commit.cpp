// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/tracked_commit.hpp"

#include "app/build_service/embedded/source_url.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

std::string branch_name(const std::string& ref) {
    static const std::string kHeads = "refs/heads/";
    return ref.starts_with(kHeads) ? ref.substr(kHeads.size()) : ref;
}

/// A package without a revision tracks the default branch, which git names by its commit only.
bool is_default_branch(RefResolver& refs,
                       const std::string& repository,
                       const std::string& branch,
                       const std::string& head) {
    try {
        return refs.resolve(repository, "refs/heads/" + branch) == head;
    } catch (const RemoteError& error) {
        if (error.kind != RemoteError::Kind::GiveUp) throw;
        return false;  // the branch is gone: not the one that HEAD names
    }
}

std::string short_hash(const std::string& commit) { return commit.substr(0, 12); }

}  // namespace

TriggeredCommit triggered_commit(RefResolver& refs,
                                 const std::string& scmsync,
                                 const ServiceTrigger& trigger) {
    const SourceUrl url = parse_source_url(scmsync);
    if (is_full_commit(url.fragment))
        return {url.fragment, "the package is fixed to commit " + short_hash(url.fragment)};
    const bool own = same_repository(trigger.clone_url, url.repository) && is_full_commit(trigger.commit_sha);
    const bool on_branch = own && !trigger.branch.empty();
    if (on_branch && branch_name(url.fragment) == trigger.branch) return {trigger.commit_sha, ""};

    const std::string head = refs.resolve(url.repository, url.fragment);
    if (own && head == trigger.commit_sha) return {head, ""};
    if (on_branch && url.fragment.empty() && is_default_branch(refs, url.repository, trigger.branch, head))
        return {trigger.commit_sha, ""};
    const std::string tracked = url.fragment.empty() ? "the default branch" : url.fragment;
    return {head,
            "built commit " + short_hash(head) + ", the head of " + tracked +
                " that the package tracks, not " + short_hash(trigger.commit_sha)};
}

}  // namespace heddle
