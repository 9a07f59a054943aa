// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/references.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using Kind = NamedCommit::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 3> kFolders{{
    {"refs/heads/", Kind::Branch},
    {"refs/tags/", Kind::Tag},
    {"refs/remotes/", Kind::RemoteBranch},
}};

NamedCommit name_commit(const git_oid& id, const std::string& reference) {
    for (const auto& [folder, kind] : kFolders)
        if (reference.starts_with(folder)) return {id, kind, reference.substr(folder.size())};
    return {id, Kind::OtherReference, reference};
}

std::optional<NamedCommit> find_abbreviated(::git_repository* repository,
                                            const std::string& name,
                                            const std::string& doing) {
    const bool is_hex = name.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
    if (!is_hex || name.size() < GIT_OID_MINPREFIXLEN || name.size() >= GIT_OID_HEXSZ) return std::nullopt;
    git_oid prefix{};
    if (git_oid_fromstrn(&prefix, name.c_str(), name.size()) < 0) return std::nullopt;
    GitCommitHandle commit;
    const int rc = make_handle(commit, git_commit_lookup_prefix, repository, &prefix, name.size());
    if (rc == GIT_ENOTFOUND) return std::nullopt;
    if (rc == GIT_EAMBIGUOUS)
        throw RemoteError(
            RemoteError::Kind::GiveUp, doing, heddle::quoted(name) + " stands for more than one object");
    check_git(rc, doing);
    return NamedCommit{*git_commit_id(commit.get()), Kind::Id, name};
}

/// A full id may also be that of an annotated tag.
std::optional<NamedCommit> find_by_id(::git_repository* repository, const git_oid& id) {
    GitObjectHandle object;
    GitObjectHandle commit;
    if (make_handle(object, git_object_lookup, repository, &id, GIT_OBJECT_ANY) < 0) return std::nullopt;
    if (make_handle(commit, git_object_peel, object.get(), GIT_OBJECT_COMMIT) < 0) return std::nullopt;
    return NamedCommit{*git_object_id(commit.get()), Kind::Id, to_hex(id)};
}

}  // namespace

CommitIsGone commit_is_gone(const std::string& doing) { return CommitIsGone(doing); }

RemoteError no_such_reference(const std::string& name, const std::string& doing) {
    return {RemoteError::Kind::GiveUp,
            doing,
            name.empty() ? "the repository has no commit yet"
                         : "there is no branch, tag or commit " + heddle::quoted(name)};
}

bool has_commit(::git_repository* repository, const git_oid& id) {
    GitCommitHandle commit;
    return make_handle(commit, git_commit_lookup, repository, &id) == 0;
}

std::optional<NamedCommit> find_reference(::git_repository* repository,
                                          const std::string& reference,
                                          const std::string& doing) {
    if (reference.find('\0') != std::string::npos) return std::nullopt;
    GitReferenceHandle named;
    GitReferenceHandle found;
    int rc = make_handle(named, git_reference_lookup, repository, reference.c_str());
    if (rc == 0) rc = make_handle(found, git_reference_resolve, named.get());
    // A name that git forbids can't be there; nor can "a" where "a/b" is, nor HEAD before the first commit.
    if (rc == GIT_ENOTFOUND || rc == GIT_EINVALIDSPEC) return std::nullopt;
    check_git(rc, doing);
    GitObjectHandle commit;
    const int peeled = make_handle(commit, git_reference_peel, found.get(), GIT_OBJECT_COMMIT);
    if (peeled == GIT_ENOTFOUND) throw commit_is_gone(doing);
    if (peeled < 0)
        throw RemoteError(
            RemoteError::Kind::GiveUp, doing, heddle::quoted(reference) + " does not lead to a commit");
    return name_commit(*git_object_id(commit.get()), reference);
}

std::optional<NamedCommit> find_commit(::git_repository* repository,
                                       const std::string& name,
                                       const std::string& doing) {
    git_oid id{};
    if (is_full_id(name, id)) return find_by_id(repository, id);
    if (name.starts_with("refs/")) return find_reference(repository, name, doing);
    for (const auto& [folder, kind] : kFolders)
        if (auto found = find_reference(repository, std::string(folder) + name, doing)) return found;
    return find_abbreviated(repository, name, doing);
}

}  // namespace heddle
