// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/support/git_repository.hpp"
#include "tests/support/program.hpp"

namespace heddle::test {

/// `heddle try` as a user runs it: one data directory per test program, a repository per test.
class TryWorld {
public:
    TryWorld() : TryWorld("hello") {}
    explicit TryWorld(const std::string& folder);

    GitRepository repository;

    /// Commits the files on main.
    void base(const std::map<std::string, std::string>& files,
              const std::vector<std::string>& executables = {});
    /// Commits the files on a new branch `change` that starts at main.
    void head(const std::map<std::string, std::string>& files,
              const std::vector<std::string>& executables = {});

    /// heddle ARGUMENTS with the data directory of this program.
    Ended heddle(const std::vector<std::string>& arguments) const;
    /// heddle try REPOSITORY --base main --head change ARGUMENTS.
    Ended try_change(const std::vector<std::string>& arguments = {}) const;
    RunOptions options() const;

    /// The lines of the note at a revision; context -> state.
    std::map<std::string, std::string> statuses(const std::string& revision = "change") const;
    /// `heddle VERB... --json --try REPOSITORY`, parsed by the caller.
    std::string json(const std::vector<std::string>& arguments) const;

private:
    void commit(const std::map<std::string, std::string>& files, const std::vector<std::string>& executables);
};

/// A file with one workflow for pull requests: branch_package of each package of `demo` into `demo:CI`.
std::string workflow_for(const std::vector<std::string>& packages);

/// The data directory of all worlds of this program; others may enter it.
const std::filesystem::path& data_directory();

}  // namespace heddle::test
