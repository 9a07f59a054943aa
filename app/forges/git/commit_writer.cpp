// SPDX-License-Identifier: Apache-2.0
// Not git_checkout_tree(): here every file is made anew relative to its open folder, so that no symlink of
// the tree can lead a write elsewhere, and no attribute, filter or index has a say.
#include "app/forges/git/commit_writer.hpp"

#include <fcntl.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "app/forges/git/disk_failure.hpp"
#include "app/forges/git/object_copy.hpp"
#include "app/forges/git/objects.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void give_up(const std::string& doing, const std::string& why) {
    throw RemoteError(RemoteError::Kind::GiveUp, doing, why);
}

class OpenFile {
public:
    explicit OpenFile(int number) : number_(number) {}
    ~OpenFile() {
        if (number_ >= 0) close(number_);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    int number() const { return number_; }
    /// Some file systems tell of a full disk only here.
    int close_now() { return close(std::exchange(number_, -1)); }

private:
    int number_;
};

/// How many files and folders a tree comes to; a tree that stands in several places is read once. Counted
/// before anything is written: a few objects can stand for more files than any disk has.
class EntryCount {
public:
    EntryCount(::git_repository* repository, const std::string& doing)
        : repository_(repository), doing_(doing) {}

    std::uint64_t of(const git_oid& tree_id, int depth) {
        if (depth > kMaxTreeDepth) give_up(doing_, "its folders are nested too deep");
        const auto known = counts_.find(to_hex(tree_id));
        if (known != counts_.end()) return known->second;
        const GitTreeHandle tree = tree_of(repository_, tree_id, doing_);
        std::uint64_t count = git_tree_entrycount(tree.get());
        for (std::size_t i = 0; i < git_tree_entrycount(tree.get()); ++i) {
            const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), i);
            if (git_tree_entry_type(entry) == GIT_OBJECT_TREE)
                count += of(*git_tree_entry_id(entry), depth + 1);
            if (count > Mirrors::kMaxCheckOutFiles)
                give_up(doing_, "it has more than " + std::to_string(Mirrors::kMaxCheckOutFiles) + " files");
        }
        counts_.emplace(to_hex(tree_id), count);
        return count;
    }

private:
    ::git_repository* repository_;
    const std::string& doing_;
    std::unordered_map<std::string, std::uint64_t> counts_;
};

class CommitWriter {
public:
    CommitWriter(::git_repository* repository, std::uint64_t max_bytes, const std::string& doing)
        : repository_(repository), max_bytes_(max_bytes), doing_(doing) {}

    // The depth is checked here once more: the count does not look twice into a folder that stands elsewhere.
    void write_folder(git_tree* tree, int folder, const std::string& path, int depth) {
        if (depth > kMaxTreeDepth)
            give_up(doing_, "its folders are nested too deep at " + heddle::quoted(path));
        for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i)
            write_entry(git_tree_entry_byindex(tree, i), folder, path, depth);
    }

    CheckedOut take() { return std::move(made_); }

private:
    void write_entry(const git_tree_entry* entry, int folder, const std::string& parent, int depth) {
        const std::string name = git_tree_entry_name(entry);
        const std::string path = parent.empty() ? name : parent + "/" + name;
        const bool leads_out = name.empty() || name == "." || name == ".." || name.find('/') != name.npos;
        if (leads_out || strcasecmp(name.c_str(), ".git") == 0)
            give_up(doing_, "a commit may not contain the path " + heddle::quoted(path));
        ++made_.files;
        const git_oid& id = *git_tree_entry_id(entry);
        switch (git_tree_entry_filemode(entry)) {
            case GIT_FILEMODE_TREE: return enter_folder(id, folder, name, path, depth);
            case GIT_FILEMODE_LINK: return write_symlink(id, folder, name, path);
            case GIT_FILEMODE_COMMIT: return make_submodule(folder, name, path);
            case GIT_FILEMODE_BLOB: return write_file(id, folder, name, path, 0644);
            case GIT_FILEMODE_BLOB_EXECUTABLE: return write_file(id, folder, name, path, 0755);
            case GIT_FILEMODE_UNREADABLE: break;
        }
        give_up(doing_, "the path " + heddle::quoted(path) + " is of a kind that git does not know");
    }

    void make_folder(int folder, const std::string& name, const std::string& path) {
        if (mkdirat(folder, name.c_str(), 0755) != 0) fail_at(path);
    }

    void enter_folder(
        const git_oid& id, int folder, const std::string& name, const std::string& path, int depth) {
        make_folder(folder, name, path);
        const OpenFile inner(openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (inner.number() < 0 || fchmod(inner.number(), 0755) != 0) fail_at(path);
        write_folder(tree_of(repository_, id, doing_).get(), inner.number(), path, depth + 1);
    }

    void make_submodule(int folder, const std::string& name, const std::string& path) {
        make_folder(folder, name, path);
        made_.submodules.push_back(path);
    }

    std::string counted_text(const git_oid& id, const std::string& path) {
        made_.bytes += size_of_object(repository_, id, doing_);
        if (made_.bytes > max_bytes_)
            give_up(doing_,
                    "its files have more than " + std::to_string(max_bytes_) +
                        " bytes, the limit is met at " + heddle::quoted(path));
        return text_of_blob(repository_, id, doing_);
    }

    void write_symlink(const git_oid& id, int folder, const std::string& name, const std::string& path) {
        const std::string target = counted_text(id, path);
        if (target.empty() || target.size() >= PATH_MAX || target.find('\0') != std::string::npos)
            give_up(doing_, "the symlink " + heddle::quoted(path) + " has no possible target");
        if (symlinkat(target.c_str(), folder, name.c_str()) != 0) fail_at(path);
    }

    void write_file(
        const git_oid& id, int folder, const std::string& name, const std::string& path, mode_t mode) {
        const std::string text = counted_text(id, path);
        OpenFile file(
            openat(folder, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
        if (file.number() < 0 || fchmod(file.number(), mode) != 0) fail_at(path);
        for (std::size_t at = 0; at < text.size();) {
            const ssize_t written = write(file.number(), text.data() + at, text.size() - at);
            if (written < 0 && errno != EINTR) fail_at(path);
            if (written > 0) at += static_cast<std::size_t>(written);
        }
        if (file.close_now() != 0) fail_at(path);
    }

    [[noreturn]] void fail_at(const std::string& path) const {
        const int number = errno;
        if (number == EEXIST) give_up(doing_, "the commit has the path " + heddle::quoted(path) + " twice");
        // Names that this file system can't have, whatever room it has.
        if (number == ENAMETOOLONG || number == EINVAL || number == EILSEQ)
            give_up(doing_, heddle::quoted(path) + ": " + std::strerror(number));
        throw disk_failure(number, doing_, path);
    }

    ::git_repository* repository_;
    std::uint64_t max_bytes_;
    const std::string& doing_;
    CheckedOut made_;
};

/// The folder that is written to; empties it again unless keep() is called.
class Target {
public:
    Target(const fs::path& path, const std::string& doing) : path_(path) {
        if (!path.is_absolute()) throw std::logic_error("a check-out needs an absolute path");
        std::error_code problem;
        made_ = fs::create_directories(path, problem);
        if (problem) throw disk_failure(problem.value(), doing, path.string());
        const bool empty = fs::is_empty(path, problem);
        if (problem) throw disk_failure(problem.value(), doing, path.string());
        if (!empty) give_up(doing, "the folder " + heddle::quoted(path.string()) + " is not empty");
    }
    ~Target() {
        if (kept_) return;
        std::error_code ignored;  // on the way out of another failure, which is the one to tell
        for (const auto& entry : fs::directory_iterator(path_, ignored))
            fs::remove_all(entry.path(), ignored);
        if (made_) fs::remove(path_, ignored);
    }
    Target(const Target&) = delete;
    Target& operator=(const Target&) = delete;
    void keep() { kept_ = true; }

private:
    fs::path path_;
    bool made_ = false;
    bool kept_ = false;
};

}  // namespace

CheckedOut write_commit_files(::git_repository* repository,
                              const git_oid& commit,
                              const fs::path& target,
                              std::uint64_t max_bytes,
                              const std::string& doing) {
    const GitTreeHandle tree = tree_of_commit(repository, commit, doing);
    EntryCount(repository, doing).of(*git_tree_id(tree.get()), 0);
    Target made(target, doing);
    const OpenFile folder(open(target.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (folder.number() < 0) throw disk_failure(errno, doing, target.string());
    CommitWriter writer(repository, max_bytes, doing);
    writer.write_folder(tree.get(), folder.number(), "", 0);
    made.keep();
    return writer.take();
}

}  // namespace heddle
