// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/local_repository.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <system_error>

#include "app/forges/git/repository_access.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kLongestFolderName = 60;  // a project name of 200 has to have room for more

bool holds_repository(const fs::path& folder) {
    std::error_code problem;
    if (fs::exists(folder / ".git", problem)) return true;
    if (problem == std::errc::permission_denied)
        throw WrongUse(folder.string() + ": no permission to enter it");
    std::error_code
        ignored;  // a bare one that can't be looked at is refused with its reason when it is opened
    return fs::is_directory(folder / "objects", ignored) && fs::is_directory(folder / "refs", ignored) &&
           fs::exists(folder / "HEAD", ignored);
}

dev_t device_of(const fs::path& folder) {
    struct stat found {};
    return stat(folder.c_str(), &found) == 0 ? found.st_dev : 0;
}

/// As git does: this folder, then those above it on the same file system.
fs::path find_repository(const fs::path& start) {
    for (fs::path folder = start;; folder = folder.parent_path()) {
        if (holds_repository(folder)) return folder.filename() == ".git" ? folder.parent_path() : folder;
        if (folder == folder.parent_path() || device_of(folder.parent_path()) != device_of(start)) break;
    }
    throw WrongUse(start.string() + ": it is no git repository, nor is a folder above it");
}

fs::path canonical_folder(const fs::path& path) {
    std::error_code problem;
    const fs::path found = fs::canonical(path, problem);
    if (problem == std::errc::permission_denied)
        throw WrongUse(path.string() + ": no permission to enter it");
    if (problem || !fs::is_directory(found, problem))
        throw WrongUse(path.string() + ": there is no such folder");
    return found;
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// "local/hello": fit for a part of a project name (reference 5.6), whatever the folder is called.
std::string full_name_of(const fs::path& path) {
    std::string folder = path.filename();
    if (folder.ends_with(".git")) folder.resize(folder.size() - 4);
    std::string name;
    for (const char c : folder) {
        const bool good = is_letter_or_digit(c) || c == '_' || c == '.' || c == '+';
        if (good)
            name += c;
        else if (!name.empty() && name.back() != '-')
            name += '-';
    }
    name.erase(name.begin(), std::find_if(name.begin(), name.end(), is_letter_or_digit));
    name.resize(std::min(name.size(), kLongestFolderName));
    while (!name.empty() && !is_letter_or_digit(name.back())) name.pop_back();
    return "local/" + (name.empty() ? "repository" : name);
}

bool is_shallow(::git_repository* repository) { return git_repository_is_shallow(repository) == 1; }

}  // namespace

LocalRepository open_local_repository(const fs::path& path) {
    const fs::path root = find_repository(canonical_folder(path));
    try {
        const RepositoryAccess access(root, root.string());
        LocalRepository found;
        found.path = root;
        found.url = file_url(root);
        found.full_name = full_name_of(root);
        found.owner = access.owner().uid;
        found.group = access.owner().gid;
        found.bare = git_repository_is_bare(access.get()) == 1;
        found.shallow = is_shallow(access.get());
        return found;
    } catch (const RemoteError& error) {
        throw WrongUse(error.what());
    }
}

}  // namespace heddle
