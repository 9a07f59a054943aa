// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/acting_as.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

// glibc's setgroups() changes all threads of the process; the system call changes one.
bool set_groups_of_thread(const std::vector<gid_t>& groups) {
    return syscall(SYS_setgroups, groups.size(), groups.data()) == 0;
}

std::vector<gid_t> groups_of_thread() {
    std::vector<gid_t> groups(static_cast<std::size_t>(std::max(getgroups(0, nullptr), 0)));
    const int count = getgroups(static_cast<int>(groups.size()), groups.data());
    groups.resize(static_cast<std::size_t>(std::max(count, 0)));
    return groups;
}

// setfsuid() and setfsgid() tell of no failure: an impossible id changes nothing and answers what holds now.
uid_t file_user() { return static_cast<uid_t>(setfsuid(static_cast<uid_t>(-1))); }
gid_t file_group() { return static_cast<gid_t>(setfsgid(static_cast<gid_t>(-1))); }

bool set_file_group(gid_t gid) {
    setfsgid(gid);
    return file_group() == gid;
}

bool set_file_user(uid_t uid) {
    setfsuid(uid);
    return file_user() == uid;
}

}  // namespace

FileOwner look_up_owner(uid_t uid, gid_t gid) {
    FileOwner owner{uid, gid, {}, "user " + std::to_string(uid)};
    std::vector<char> buffer(16384);
    passwd entry{};
    passwd* found = nullptr;
    if (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) != 0 || !found) return owner;
    owner.gid = found->pw_gid;
    owner.name = found->pw_name;
    int count = 64;
    owner.groups.resize(64);
    if (getgrouplist(found->pw_name, found->pw_gid, owner.groups.data(), &count) < 0) {
        owner.groups.resize(static_cast<std::size_t>(count));
        if (getgrouplist(found->pw_name, found->pw_gid, owner.groups.data(), &count) < 0) count = 0;
    }
    owner.groups.resize(static_cast<std::size_t>(count));
    return owner;
}

FileOwner ourselves() {
    FileOwner self = look_up_owner(geteuid(), getegid());
    self.gid = getegid();
    return self;
}

ActingAs::ActingAs(const FileOwner& owner, const std::string& doing) {
    if (owner.uid == file_user()) return;
    before_ = {file_user(), file_group(), groups_of_thread(), ""};
    dumpable_ = prctl(PR_GET_DUMPABLE);
    changed_ = true;
    if (set_groups_of_thread(owner.groups) && set_file_group(owner.gid) && set_file_user(owner.uid)) return;
    go_back();
    throw RemoteError(RemoteError::Kind::GiveUp, doing, "we may not act as " + owner.name);
}

ActingAs::~ActingAs() {
    if (changed_) go_back();
}

void ActingAs::go_back() const {
    // A thread that went on with the wrong permissions would break something else later.
    if (!set_file_user(before_.uid) || !set_file_group(before_.gid)) std::abort();
    if (groups_of_thread() != before_.groups && !set_groups_of_thread(before_.groups)) std::abort();
    // The kernel forbids core dumps and tracing after such a change; it is undone, so is that.
    if (before_.uid == geteuid()) prctl(PR_SET_DUMPABLE, dumpable_ == 1 ? 1 : 0);
}

}  // namespace heddle
