// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/source_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "app/build_service/embedded/service_verbs.hpp"
#include "app/config/wrong_use.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr int kDeepestFolder = 64;

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }
    bool is_open() const { return fd_ >= 0; }
    int release() { return std::exchange(fd_, -1); }

private:
    int fd_;
};

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

/// Opens what a path below `root` leads to; the kernel refuses to leave `root` on the way.
int open_beneath(int root, const std::string& path) {
    open_how how{};
    how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    return static_cast<int>(::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how));
}

class FolderReader {
public:
    explicit FolderReader(const std::string& folder)
        : folder_(folder), root_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
        if (!root_.is_open()) refuse("", std::strerror(errno));
    }

    std::vector<SourceFile> read() {
        Descriptor again(::openat(root_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        read_folder(again.release(), "", 0);
        std::sort(files_.begin(), files_.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
        return std::move(files_);
    }

private:
    [[noreturn]] void refuse(const std::string& name, const std::string& why) const {
        throw WrongUse(one_line(folder_ + (name.empty() ? "" : "/" + name)) + ": " + why);
    }

    /// Takes over `fd`.
    void read_folder(int fd, const std::string& prefix, int depth) {
        if (depth > kDeepestFolder) refuse(prefix, "the folders are too deep");
        const std::unique_ptr<DIR, CloseFolder> folder(::fdopendir(fd));
        if (!folder) refuse(prefix, std::strerror(errno));
        while (const dirent* entry = ::readdir(folder.get())) {
            const std::string name = entry->d_name;
            if (name == "." || name == ".." || (prefix.empty() && name == ".git")) continue;
            read_entry(::dirfd(folder.get()), name, prefix + name, depth);
        }
    }

    void read_entry(int in, const std::string& name, const std::string& path, int depth) {
        struct stat entry {};
        if (::fstatat(in, name.c_str(), &entry, AT_SYMLINK_NOFOLLOW) != 0) refuse(path, std::strerror(errno));
        if (S_ISDIR(entry.st_mode)) {
            Descriptor below(::openat(in, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
            if (!below.is_open()) refuse(path, std::strerror(errno));
            read_folder(below.release(), path + "/", depth + 1);
            return;
        }
        const Descriptor file(
            S_ISLNK(entry.st_mode)
                ? open_beneath(root_.get(), path)
                : ::openat(in, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        if (!file.is_open() && S_ISLNK(entry.st_mode))
            refuse(path, "the symlink does not lead to a file of this folder");
        if (!file.is_open()) refuse(path, std::strerror(errno));
        read_file(file.get(), path);
    }

    void read_file(int fd, const std::string& path) {
        struct stat about {};
        if (::fstat(fd, &about) != 0) refuse(path, std::strerror(errno));
        if (!S_ISREG(about.st_mode)) refuse(path, "it is no file, so it can't be kept");
        if (const auto reason = why_refused_file(path)) refuse("", *reason);
        if (files_.size() == kMaxFolderFiles)
            refuse("", "it has more than " + std::to_string(kMaxFolderFiles) + " files");
        SourceFile file{path, "", (about.st_mode & S_IXUSR) != 0};
        char buffer[65536];
        for (ssize_t got = 0; (got = ::read(fd, buffer, sizeof buffer)) != 0;) {
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) refuse(path, std::strerror(errno));
            bytes_ += static_cast<std::uint64_t>(got);
            if (bytes_ > kMaxFolderBytes)
                refuse("", "its files are larger than " + std::to_string(kMaxFolderBytes >> 20) + " MiB");
            file.content.append(buffer, static_cast<std::size_t>(got));
        }
        files_.push_back(std::move(file));
    }

    std::string folder_;
    Descriptor root_;
    std::vector<SourceFile> files_;
    std::uint64_t bytes_ = 0;
};

}  // namespace

std::vector<SourceFile> read_source_folder(const std::string& folder) { return FolderReader(folder).read(); }

}  // namespace heddle
