// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "reporters/commit_status.hpp"
#include "reporters/note_store.hpp"
#include "reporters/reporter.hpp"

namespace heddle {

/// Shows commit statuses as a git note: one line `state<TAB>context<TAB>text<TAB>url` per context, sorted by
/// context; lines that are none of ours follow, untouched and in their order.
class GitReporter : public Reporter {
public:
    explicit GitReporter(NoteStore& notes) : notes_(notes) {}

    void report(const CommitStatus& status, const ForgeAccess& access) override;
    std::optional<CommitStatus> shown(const CommitStatus& status, const ForgeAccess& access) override;
    bool shows(const CommitStatus& shown, const CommitStatus& wanted) const override;

private:
    NoteStore& notes_;
};

/// The note after `status` was put into it in place of the lines of its context. Pure.
std::string put_status(const std::string& note, const CommitStatus& status);

/// The status of a context in a note; repository and commit are left empty. Pure.
std::optional<CommitStatus> find_status(const std::string& note, const std::string& context);

}  // namespace heddle
