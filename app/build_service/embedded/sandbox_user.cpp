// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/sandbox_user.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace heddle {
namespace {

constexpr std::uint32_t kNumbersTried = 256;
constexpr const char* kLockFolder = "/run/heddle";

bool has_password_entry(std::uint32_t uid) {
    passwd entry = {};
    passwd* found = nullptr;
    char buffer[16 * 1024];
    return ::getpwuid_r(uid, &entry, buffer, sizeof buffer, &found) != 0 || found != nullptr;
}

std::optional<std::string> refuse_number(std::uint32_t uid) {
    const std::string builds = "builds can't run as user " + std::to_string(uid) + ": ";
    if (uid == 0) return builds + "that is root";
    if (uid == ::geteuid()) return builds + "that is Heddle's own user";
    if (has_password_entry(uid))
        return builds +
               "it belongs to somebody (it has an entry in the password database); set "
               "builder.first_uid to a range that nobody uses";
    return std::nullopt;
}

}  // namespace

std::variant<BuildUser, std::string> BuildUser::acquire(std::uint32_t first_uid) {
    ::mkdir(kLockFolder, 0755);
    for (std::uint32_t uid = first_uid; uid < first_uid + kNumbersTried; ++uid) {
        if (auto refused = refuse_number(uid)) return *refused;
        const std::string path = std::string(kLockFolder) + "/build-user-" + std::to_string(uid);
        Descriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!lock) return path + ": " + std::strerror(errno);
        if (::flock(lock.get(), LOCK_EX | LOCK_NB) < 0) continue;
        kill_all_of(uid);  // what a killed Heddle may have left
        return BuildUser(uid, std::move(lock));
    }
    return "no free user for builds from " + std::to_string(first_uid) + " on: all " +
           std::to_string(kNumbersTried) + " are in use";
}

std::optional<std::string> refuse_identity(const Identity& identity) {
    if (identity.uid == 0 || identity.gid == 0) return "builds never run as root";
    return std::nullopt;
}

}  // namespace heddle
