// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <deque>
#include <memory>
#include <string>
#include <system_error>

#include "app/build_service/embedded/workspace.hpp"

// Walks over trees that a stranger's build made, and may still be changing. Nothing here recurses, follows a
// link, or builds a path that the stranger can make too long.

namespace heddle {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxDepth = 200;
constexpr std::uint64_t kLeastPerFile = 4096;  // a file without content still takes an inode

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

Folder as_folder(int fd) {
    if (fd < 0) return nullptr;
    DIR* folder = ::fdopendir(fd);
    if (folder == nullptr) ::close(fd);
    return Folder(folder);
}

bool is_self_or_parent(const char* name) {
    return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

/// Every part of `path` is looked at: none may be a link or another file system.
int open_beneath(int root, const std::string& path) {
    open_how how = {};
    how.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV;
    return static_cast<int>(::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how));
}

struct Waiting {
    std::string path;
    int depth = 0;
};

/// Adds up one folder and puts its sub-folders into `waiting`.
std::uint64_t add_folder(DIR* folder, const Waiting& at, std::deque<Waiting>& waiting) {
    std::uint64_t bytes = 0;
    while (const dirent* entry = ::readdir(folder)) {
        struct stat file = {};
        if (is_self_or_parent(entry->d_name) ||
            ::fstatat(::dirfd(folder), entry->d_name, &file, AT_SYMLINK_NOFOLLOW) < 0)
            continue;
        bytes += std::max(kLeastPerFile, static_cast<std::uint64_t>(file.st_blocks) * 512);
        if (S_ISDIR(file.st_mode)) waiting.push_back({at.path + "/" + entry->d_name, at.depth + 1});
    }
    return bytes;
}

/// Empties a tree level by level. Nothing runs in it any more.
class Remover {
public:
    explicit Remover(int top) : top_(top) {}

    /// Deletes the files directly below the top, and the folders there after their sub-folders were brought
    /// up to the top. True: it got on, look again. Else errno says what stands in the way.
    bool pass() {
        const Folder list = as_folder(::openat(top_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        bool any = false;
        error_ = 0;
        while (const dirent* entry = list ? ::readdir(list.get()) : nullptr) {
            if (is_self_or_parent(entry->d_name)) continue;
            any = remove(top_, entry->d_name) || any;
            if (const Folder inner = open_inner(entry->d_name)) any = flatten(inner.get()) || any;
        }
        errno = error_;
        return any;
    }

private:
    bool note() {
        error_ = errno;
        return false;
    }
    bool remove(int at, const char* name) {
        return ::unlinkat(at, name, 0) == 0 || ::unlinkat(at, name, AT_REMOVEDIR) == 0 || note();
    }
    Folder open_inner(const char* name) const {
        open_up(top_, name);
        return as_folder(::openat(top_, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    }
    /// A folder can be read, emptied and moved only when it is open to us.
    static void open_up(int at, const char* name) {
        struct stat file = {};
        if (::fstatat(at, name, &file, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(file.st_mode))
            ::fchmodat(at, name, 0700, 0);
    }
    bool flatten(DIR* folder) {
        bool any = false;
        while (const dirent* entry = ::readdir(folder)) {
            const char* name = entry->d_name;
            if (is_self_or_parent(name)) continue;
            any = remove(::dirfd(folder), name) || bring_up(::dirfd(folder), name) || any;
        }
        return any;
    }
    bool bring_up(int at, const char* name) {
        open_up(at, name);
        do {
            const std::string number = ".remove-" + std::to_string(number_++);
            if (::renameat2(at, name, top_, number.c_str(), RENAME_NOREPLACE) == 0) return true;
        } while (errno == EEXIST);
        return note();
    }

    int top_;
    int error_ = 0;
    std::uint64_t number_ = 0;
};

}  // namespace

std::optional<std::uint64_t> disk_used(const fs::path& folder) {
    const Descriptor root(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!root) return 0;
    std::uint64_t bytes = 0;
    std::deque<Waiting> waiting{{".", 0}};
    for (; !waiting.empty(); waiting.pop_front()) {
        const Waiting& at = waiting.front();
        if (at.depth > kMaxDepth) return std::nullopt;
        const Folder open = as_folder(open_beneath(root.get(), at.path));
        if (!open && errno == ENAMETOOLONG) return std::nullopt;
        if (open) bytes += add_folder(open.get(), at, waiting);
    }
    return bytes;
}

void remove_tree(const fs::path& folder) {
    struct stat found = {};
    if (::lstat(folder.c_str(), &found) < 0 && errno == ENOENT) return;
    if (!S_ISDIR(found.st_mode)) {
        fs::remove(folder);
        return;
    }
    ::chmod(folder.c_str(), 0700);
    const Descriptor top(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!top) throw std::system_error(errno, std::generic_category(), folder.string());
    Remover remover(top.get());
    while (::rmdir(folder.c_str()) < 0)
        if (!remover.pass()) throw std::system_error(errno, std::generic_category(), folder.string());
}

}  // namespace heddle
