// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "app/forges/git/conversation.hpp"
#include "app/forges/git/library.hpp"

namespace heddle {

/// Notes under refs/notes/heddle of one repository behind http, https or ssh: fetched into a repository of
/// ours, changed there, and pushed. Whoever pushes in between loses nothing: it is fetched, changed and
/// pushed again. Whether the server has the commit is not asked.
class RemoteNotes {
public:
    using Change = std::function<std::string(const std::string& present)>;

    /// Ours is kept in `repository.folder`, which is made when missing.
    explicit RemoteNotes(RemoteRepository repository);

    /// The note of a commit; nullopt: it has none. Throws RemoteError.
    std::optional<std::string> read(const git_oid& commit, const std::string& doing) const;
    /// Replaces the note by what `change` makes of the present one. Throws RemoteError; Retry when others
    /// push all the time.
    void update(const git_oid& commit, const Change& change, const std::string& doing) const;

private:
    using Clock = std::chrono::steady_clock;

    /// Ours, held alone.
    struct Copy;

    /// Calls `use` with our copy, and once more with a new one where it turns out to be damaged.
    template <class Use>
    auto with_copy(const std::string& doing, Use use) const;
    std::unique_ptr<GitConversation> conversation(Clock::time_point until, const std::string& doing) const;
    void fetch(::git_repository* copy, Clock::time_point until, const std::string& doing) const;

    RemoteRepository repository_;
};

}  // namespace heddle
