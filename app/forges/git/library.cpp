// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/library.hpp"

#include <cerrno>
#include <cstring>
#include <mutex>
#include <stdexcept>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

// libgit2's own default of 256 MiB is more than the whole program may have.
constexpr ssize_t kObjectCacheBytes = 16 << 20;

void require(int rc, const char* what) {
    if (rc < 0) throw std::runtime_error(std::string("libgit2 can't be used: ") + what);
}

void set_up() {
    require(git_libgit2_init(), "init");
    require(git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0), "owner validation");
    for (const int level : {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL})
        require(git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, ""), "search path");
    require(git_libgit2_opts(GIT_OPT_SET_TEMPLATE_PATH, ""), "template path");
    require(git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, kObjectCacheBytes), "cache size");
}

// libgit2 keeps no errno; where one was the cause, its text ends the message.
int errno_of(const std::string& message) {
    for (const int number : {ENOSPC, EDQUOT, EFBIG, EACCES, EPERM, EROFS, EMFILE, ENFILE, ENOMEM, EIO})
        if (message.ends_with(std::strerror(number))) return number;
    return 0;
}

std::string last_message(int rc) {
    const git_error* error = git_error_last();
    const std::string message = error && error->message ? one_line(error->message) : "";
    return message.empty() ? "libgit2 answered " + std::to_string(rc) : message;
}

}  // namespace

void use_git_library() {
    static std::once_flag once;
    std::call_once(once, set_up);
}

RemoteError git_failure(int rc, const std::string& doing) {
    using Kind = RemoteError::Kind;
    const std::string message = last_message(rc);
    // First the cause, since libgit2 says "locked" for a missing permission, too.
    switch (errno_of(message)) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG: return {Kind::Retry, doing, "there is no space left on the disk (" + message + ")"};
        case EMFILE:
        case ENFILE:
        case ENOMEM:
        case EIO: return {Kind::Retry, doing, message};
        case EACCES:
        case EPERM: return {Kind::GiveUp, doing, "no permission (" + message + ")"};
        case EROFS: return {Kind::GiveUp, doing, "the file system is read-only (" + message + ")"};
        default: break;
    }
    if (rc == GIT_ELOCKED || rc == GIT_EMODIFIED)
        return {Kind::Retry, doing, "somebody else is writing there (" + message + ")"};
    return {Kind::GiveUp, doing, message};
}

void check_git(int rc, const std::string& doing) {
    if (rc < 0) throw git_failure(rc, doing);
}

void check_object(int rc, const std::string& doing) {
    if (rc >= 0) return;
    const std::string message = last_message(rc);
    const int cause = errno_of(message);
    if (cause != 0 && cause != EIO) throw git_failure(rc, doing);
    throw DamagedRepository(doing, message);
}

std::string to_hex(const git_oid& id) {
    char text[GIT_OID_HEXSZ + 1];
    return git_oid_tostr(text, sizeof text, &id);
}

bool is_full_id(const std::string& text, git_oid& id) {
    const bool hex = text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
    return hex && text.size() == GIT_OID_HEXSZ && git_oid_fromstr(&id, text.c_str()) == 0;
}

}  // namespace heddle
