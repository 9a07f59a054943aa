// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/repository_access.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kFileScheme = "file://";

[[noreturn]] void give_up(const std::string& doing, const std::string& why) {
    throw RemoteError(RemoteError::Kind::GiveUp, doing, why);
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string percent_decoded(const std::string& text) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool code = text[at] == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 &&
                          hex_value(text[at + 2]) >= 0;
        decoded +=
            code ? static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2])) : text[at];
        if (code) at += 2;
    }
    return decoded;
}

bool stays_in_url(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/-._~+,=@:").find(c) != std::string_view::npos;
}

std::string why_not_local(const std::string& url) {
    for (const std::string_view scheme : {"http://", "https://"})
        if (url.starts_with(scheme)) return "it is not on this machine";
    if (url.starts_with("ssh://")) return "it is no plain ssh URL of a repository";
    for (const std::string_view scheme : {"git://", "git+ssh://", "ssh+git://"})
        if (url.starts_with(scheme))
            return "git is fetched over http, https and ssh only, not by " + std::string(scheme);
    return "it is neither an absolute path nor an http, https, ssh or file URL";
}

struct stat stat_of(const fs::path& path, const std::string& doing) {
    struct stat found {};
    if (stat(path.c_str(), &found) == 0) return found;
    if (errno == ENOENT || errno == ENOTDIR) give_up(doing, "there is no such folder");
    if (errno == EACCES) give_up(doing, "no permission to enter it");
    give_up(doing, std::strerror(errno));
}

void require_same_owner(const char* folder, const FileOwner& owner, const std::string& doing) {
    if (!folder) return;
    if (stat_of(folder, doing).st_uid != owner.uid)
        give_up(doing, "its folder " + heddle::quoted(folder) + " does not belong to " + owner.name);
}

/// libgit2 finds no repository where it may not look into one.
bool may_not_read(const fs::path& path) {
    for (const fs::path& part : {path, path / ".git", path / ".git" / "HEAD", path / "HEAD"}) {
        const int file = open(part.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (file < 0 && errno == EACCES) return true;
        if (file >= 0) close(file);
    }
    return false;
}

}  // namespace

fs::path local_path(const std::string& url, const std::string& doing) {
    if (url.find('\0') != std::string::npos) give_up(doing, "the URL contains a NUL");
    if (url.starts_with('/')) return url;
    const std::string prefix(kFileScheme);
    if (!url.starts_with(prefix)) give_up(doing, why_not_local(url));
    std::string rest = url.substr(prefix.size());
    if (rest.starts_with("localhost/")) rest = rest.substr(std::strlen("localhost"));
    if (!rest.starts_with('/')) give_up(doing, "a file:// URL names no other machine");
    const std::string path = percent_decoded(rest);
    if (path.find('\0') != std::string::npos) give_up(doing, "the URL contains a NUL");
    return path;
}

std::string file_url(const fs::path& path) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string url(kFileScheme);
    for (const char c : path.string()) {
        if (stays_in_url(c)) {
            url += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        url += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return url;
}

FileOwner owner_of_repository(const fs::path& path, const std::string& doing) {
    const struct stat folder = stat_of(path, doing);
    struct stat inside {};
    const bool has_git_folder = stat((path / ".git").c_str(), &inside) == 0;
    const struct stat& repository = has_git_folder ? inside : folder;
    const FileOwner owner = look_up_owner(repository.st_uid, repository.st_gid);
    const uid_t we = geteuid();
    if (we == 0) return owner;
    for (const struct stat* part : {&repository, &folder})
        if (part->st_uid != we)
            give_up(doing,
                    "it belongs to " + look_up_owner(part->st_uid, part->st_gid).name + ", and we run as " +
                        look_up_owner(we, getegid()).name);
    return owner;
}

RepositoryAccess::RepositoryAccess(const fs::path& path, const std::string& doing)
    : owner_(owner_of_repository(path, doing)), acting_(owner_, doing) {
    use_git_library();
    const int rc = make_handle(repository_,
                               git_repository_open_ext,
                               path.c_str(),
                               static_cast<unsigned>(GIT_REPOSITORY_OPEN_NO_SEARCH),
                               static_cast<const char*>(nullptr));
    if (rc < 0) {
        const RemoteError failure = git_failure(rc, doing);
        if (may_not_read(path)) give_up(doing, owner_.name + " has no permission to read it");
        if (rc == GIT_ENOTFOUND) give_up(doing, "it is no git repository");
        throw failure;
    }
    // A .git file may lead to another user's folders.
    require_same_owner(git_repository_path(get()), owner_, doing);
    require_same_owner(git_repository_commondir(get()), owner_, doing);
}

}  // namespace heddle
