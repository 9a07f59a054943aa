// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "reporters/reporter.hpp"
#include "tests/fakes/call_journal.hpp"

namespace heddle::test {

/// A forge in memory that shows what it was told last, per commit and context. Each call goes into the
/// journal ("report <commit> <context>: <state> <text>", "shown ..."), where a test can stop it or break it:
/// a failure at the end of "report" is a lost answer.
class FakeReporter final : public Reporter {
public:
    CallJournal& journal() { return journal_; }
    /// "state text" as the forge shows it; "" where there is nothing.
    std::string showing(const std::string& commit_sha, const std::string& context) const;

    void report(const CommitStatus& status, const ForgeAccess& access) override;
    std::optional<CommitStatus> shown(const CommitStatus& status, const ForgeAccess& access) override;
    bool shows(const CommitStatus& shown, const CommitStatus& wanted) const override;

private:
    using Place = std::tuple<std::string, std::string, std::string>;  // repository, commit, context

    CallJournal journal_;
    mutable std::mutex mutex_;
    std::map<Place, CommitStatus> shown_;
};

}  // namespace heddle::test
