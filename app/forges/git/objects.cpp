// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/objects.hpp"

namespace heddle {

GitTreeHandle tree_of(::git_repository* repository, const git_oid& id, const std::string& doing) {
    GitTreeHandle tree;
    check_object(make_handle(tree, git_tree_lookup, repository, &id), doing);
    return tree;
}

GitTreeHandle tree_of_commit(::git_repository* repository, const git_oid& id, const std::string& doing) {
    GitCommitHandle commit;
    check_object(make_handle(commit, git_commit_lookup, repository, &id), doing);
    return tree_of(repository, *git_commit_tree_id(commit.get()), doing);
}

std::uint64_t size_of_object(git_odb* objects, const git_oid& id, const std::string& doing) {
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    git_error_clear();
    check_object(git_odb_read_header(&size, &type, objects, &id), doing);
    return size;
}

std::uint64_t size_of_object(::git_repository* repository, const git_oid& id, const std::string& doing) {
    GitOdbHandle objects;
    check_git(make_handle(objects, git_repository_odb, repository), doing);
    return size_of_object(objects.get(), id, doing);
}

std::string text_of_blob(::git_repository* repository, const git_oid& id, const std::string& doing) {
    GitBlobHandle blob;
    check_object(make_handle(blob, git_blob_lookup, repository, &id), doing);
    return {static_cast<const char*>(git_blob_rawcontent(blob.get())),
            static_cast<std::size_t>(git_blob_rawsize(blob.get()))};
}

}  // namespace heddle
