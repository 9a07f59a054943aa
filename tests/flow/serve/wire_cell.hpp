// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/support/forge_payloads.hpp"

namespace heddle::test {

using Words = std::vector<std::string>;

/// The commits of the package's repository.
struct Commits {
    std::string first;  // fails to build; the packages are made of it
    std::string past;
    std::string now;
};

/// One cell of the matrix of forges, steps and events. Each has a repository and a base project of its own.
struct Cell {
    ForgeKind forge;
    std::string step;
    std::string event;
    int number;  // unique; of the pull request, too

    std::string name() const;
    std::string base() const { return "base:" + name(); }
    std::string repository() const { return "team/" + step + "-" + event; }
    /// How the forge's API is asked: GitLab's by number.
    std::string target() const;
    /// Where statuses go: GitLab takes those of a merge request from a fork in the fork only.
    std::string home() const;
    /// Where the file is read: of a tag it is the tagged commit, but Gitea's API is asked for the tag.
    std::string ref(const Commits& commits) const;

    Happening happening(const std::string& what, const std::string& commit) const;
    /// What happened to the pull request before, at the past commit, and the file of that time.
    Words past() const;
    std::string past_file() const;
    /// The file with the cell's step alone.
    std::string file() const;
};

/// All 162.
std::vector<Cell> all_cells();

/// Repository, commit and context of a status.
using Place = std::vector<std::string>;

/// Place -> all that may be said there, in order, in the forge's words.
std::map<Place, Words> expected_statuses(const Cell& cell, const Commits& commits);

/// Is that all of `life`, or less, but with its end?
bool is_life(const Words& said, const Words& life);

}  // namespace heddle::test
