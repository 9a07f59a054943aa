// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/embedded_cluster_socket.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include "app/postgres/server_programs.hpp"

namespace heddle {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSocketName = "/.s.PGSQL.5432";
constexpr std::size_t kLongestPath = 107;  // sockaddr_un

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

// Both server and libpq take lists of directories here, so commas, quotes and spaces at the ends mean
// something.
bool is_usable(const fs::path& directory) {
    static constexpr std::string_view kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-.+";
    const std::string& text = directory.native();
    return text.size() + kSocketName.size() <= kLongestPath &&
           text.find_first_not_of(kPlain) == std::string::npos;
}

// lstat: a link planted in its place is not followed.
bool is_private(const fs::path& directory, uid_t owner) {
    struct stat found {};
    return lstat(directory.c_str(), &found) == 0 && S_ISDIR(found.st_mode) && found.st_uid == owner &&
           (found.st_mode & 07777) == 0700;
}

void give_to_server(const fs::path& directory, const ServerUser& user) {
    if (geteuid() == 0 && lchown(directory.c_str(), user.uid, user.gid) != 0)
        fail("can't give " + directory.string() + " to " + user.name);
}

fs::path short_base() {
    const fs::path ours = "/run/user/" + std::to_string(geteuid());
    if (geteuid() != 0 && is_private(ours, geteuid())) return ours;
    return geteuid() == 0 && access("/run", W_OK) == 0 ? "/run" : "/tmp";
}

fs::path make_short(const EmbeddedClusterFiles& files, const ServerUser& user) {
    std::string name = short_base() / "heddle-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) fail("can't make " + name);
    give_to_server(name, user);
    write_file(files.short_socket(), name + "\n", 0600);
    return name;
}

}  // namespace

fs::path prepare_socket_directory(const EmbeddedClusterFiles& files) {
    const ServerUser user = server_user();
    const fs::path directory = files.directory / "socket";
    if (!is_usable(directory)) {
        // After a killed keeper the same one again: who holds the cluster knows its URL.
        const fs::path before = read_line(files.short_socket());
        if (before.empty() || !is_private(before, user.uid)) return make_short(files, user);
        for (const auto& left : fs::directory_iterator(before)) fs::remove_all(left.path());
        return before;
    }
    remove_short_socket_directory(files);
    fs::remove_all(directory);
    if (mkdir(directory.c_str(), 0700) != 0) fail("can't make " + directory.string());
    give_to_server(directory, user);
    return directory;
}

void remove_short_socket_directory(const EmbeddedClusterFiles& files) {
    const fs::path directory = read_line(files.short_socket());
    if (!directory.empty() && is_private(directory, server_user().uid)) fs::remove_all(directory);
    fs::remove(files.short_socket());
}

}  // namespace heddle
