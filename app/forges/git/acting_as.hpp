// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace heddle {

/// A user as far as access to files goes.
struct FileOwner {
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;
    std::string name;  // "ada", or "user 1234" where there is no such account
};

/// Who we are.
FileOwner ourselves();

/// The account of `uid`; `gid` is its group where it has no account.
FileOwner look_up_owner(uid_t uid, gid_t gid);

/// While it lives, the calling thread (only it) has the file permissions of `owner`, and what it makes
/// belongs to them: so that root, asked to work on a user's repository, neither reads what that user may not
/// nor leaves files behind that they can't touch. Scopes may be nested: ActingAs(ourselves(), ...) inside one
/// of a user is us again. Does nothing where nothing changes. Linux only. Throws RemoteError GiveUp where we
/// may not.
class ActingAs {
public:
    ActingAs(const FileOwner& owner, const std::string& doing);
    ~ActingAs();
    ActingAs(const ActingAs&) = delete;
    ActingAs& operator=(const ActingAs&) = delete;

private:
    void go_back() const;

    bool changed_ = false;
    int dumpable_ = 0;
    FileOwner before_;
};

}  // namespace heddle
