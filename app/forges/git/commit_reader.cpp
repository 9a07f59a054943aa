// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/commit_reader.hpp"

#include "app/forges/git/objects.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

[[noreturn]] void give_up(const std::string& doing, const std::string& why) {
    throw RemoteError(RemoteError::Kind::GiveUp, doing, why);
}

std::string why_no_file(git_filemode_t mode, const std::string& path) {
    if (mode == GIT_FILEMODE_TREE) return heddle::quoted(path) + " is a folder";
    if (mode == GIT_FILEMODE_LINK) return heddle::quoted(path) + " is a symlink, only plain files are read";
    if (mode == GIT_FILEMODE_COMMIT)
        return heddle::quoted(path) + " is a submodule, only plain files are read";
    return {};
}

/// The entry at a path; null: none. GiveUp where the way leads through a symlink or submodule.
GitTreeEntryHandle entry_at(::git_repository* repository,
                            GitTreeHandle tree,
                            const std::string& path,
                            const std::string& doing) {
    for (std::size_t begin = 0;;) {
        const auto end = path.find('/', begin);
        const std::string name = path.substr(begin, end - begin);
        const git_tree_entry* entry = git_tree_entry_byname(tree.get(), name.c_str());
        if (!entry) return nullptr;
        GitTreeEntryHandle copy;
        if (end == std::string::npos) {
            check_git(make_handle(copy, git_tree_entry_dup, entry), doing);
            return copy;
        }
        const git_filemode_t mode = git_tree_entry_filemode(entry);
        if (mode != GIT_FILEMODE_TREE) {
            const std::string why = why_no_file(mode, path.substr(0, end));
            if (why.empty()) return nullptr;
            give_up(doing, why);
        }
        tree = tree_of(repository, *git_tree_entry_id(entry), doing);
        begin = end + 1;
    }
}

}  // namespace

std::optional<std::string> read_commit_file(::git_repository* repository,
                                            const git_oid& commit,
                                            const std::string& path,
                                            std::uint64_t max_bytes,
                                            const std::string& doing) {
    const GitTreeEntryHandle entry =
        entry_at(repository, tree_of_commit(repository, commit, doing), path, doing);
    if (!entry) return std::nullopt;
    const std::string why = why_no_file(git_tree_entry_filemode(entry.get()), path);
    if (!why.empty()) give_up(doing, why);
    const git_oid& id = *git_tree_entry_id(entry.get());
    const std::uint64_t size = size_of_object(repository, id, doing);
    if (size > max_bytes)
        give_up(doing,
                heddle::quoted(path) + " has " + std::to_string(size) + " bytes, more than the " +
                    std::to_string(max_bytes) + " allowed");
    return text_of_blob(repository, id, doing);
}

}  // namespace heddle
