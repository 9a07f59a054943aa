// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"

namespace heddle::test {

/// Runs the git program in `folder` without the user's and the system's configuration, with a fixed author
/// and date. Returns its stdout without the last line end; throws std::runtime_error with its output when it
/// fails.
std::string run_git(const std::filesystem::path& folder, const std::vector<std::string>& arguments);

/// A git repository in a temporary folder, its branch is `main`, without a commit.
class GitRepository {
public:
    GitRepository() : GitRepository("repository") {}
    /// `name`: of its folder.
    explicit GitRepository(const std::string& name);

    const std::filesystem::path& path() const { return path_; }
    std::string git(const std::vector<std::string>& arguments) const { return run_git(path_, arguments); }

    /// Writes a file into the work tree, folders included.
    void write(const std::string& file, const std::string& text, bool executable = false) const;
    /// Commits everything that stands in the work tree; returns the commit's id.
    std::string commit(const std::string& message) const;
    /// Writes files and commits them.
    std::string commit(const std::string& message, const std::map<std::string, std::string>& files) const;
    /// Makes a branch at the current commit and switches to it.
    void branch(const std::string& name) const;
    /// Switches to a branch.
    void check_out(const std::string& name) const;
    /// The id that a revision stands for.
    std::string id_of(const std::string& revision) const;

private:
    TemporaryFolder folder_;
    std::filesystem::path path_;
};

}  // namespace heddle::test
