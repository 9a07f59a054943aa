// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "app/config/wrong_use.hpp"
#include "workflows/model/scm_event.hpp"

namespace heddle {

/// A git repository of this machine, checked: it can be read, and it belongs to us or we are root.
struct LocalRepository {
    std::filesystem::path path;  // canonical: the root of its work tree, or the bare repository itself
    std::string url;             // the same as file:// URL, percent-encoded: its identity everywhere else
    std::string full_name;       // "local/<folder>", fit to be part of a project name
    uid_t owner = 0;             // of the repository; builds run as this user unless it is root
    gid_t group = 0;             // its primary group; that of the folder where the user has no account
    bool bare = false;
    bool shallow = false;
};

/// Finds the repository that `path` is in, as git does. Throws WrongUse.
LocalRepository open_local_repository(const std::filesystem::path& path);

/// The value of --event, understood.
struct LocalEvent {
    EventClass event_class = EventClass::PullRequest;
    std::optional<PullRequestKind> kind;  // exactly for a pull request
    std::string label;
    std::string tag;
};

/// opened updated reopened closed merged labeled:LABEL unlabeled:LABEL push tag_push:TAG. Throws WrongUse.
LocalEvent parse_local_event(const std::string& word);

/// The event that a forge would have sent. `head`: branch, tag or commit; absent: the current branch. `base`:
/// branch; absent: the default branch (what origin/HEAD names, else init.defaultBranch of the repository,
/// main or master where they exist; of a bare repository what HEAD names). Pushes have no base. The number of
/// a pull request follows from repository and head branch, so that a second try of the branch is the same
/// pull request. `target.clone_url` carries "#" and the commit that the configuration is read from; GitSource
/// understands it. Throws WrongUse.
ScmEvent make_local_event(const LocalRepository& repository,
                          const LocalEvent& event,
                          const std::optional<std::string>& base,
                          const std::optional<std::string>& head);

}  // namespace heddle
