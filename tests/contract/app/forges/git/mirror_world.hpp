// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "app/forges/git/mirror.hpp"
#include "tests/support/git_repository.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle::test {

namespace fs = std::filesystem;

/// A repository, mirrors, and a place to check out to.
struct MirrorWorld {
    TemporaryFolder folder;
    GitRepository repository;
    Mirrors mirrors{folder.path() / "mirrors"};
    fs::path target = folder.path() / "target";

    std::string url() const { return repository.path().string(); }
    CheckedOut check_out(const std::string& commit) { return mirrors.check_out(url(), commit, target); }
};

inline std::string text_of(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// The sentence of the RemoteError that `act` throws; "" when it throws none.
template <class Act>
std::string refusal(RemoteError::Kind kind, Act act) {
    try {
        act();
    } catch (const RemoteError& error) {
        CHECK(error.kind == kind);
        return error.what();
    }
    return "";
}
template <class Act>
std::string refusal(Act act) {
    return refusal(RemoteError::Kind::GiveUp, act);
}

/// A commit whose tree is made of these lines of `git mktree`, for what `git add` would refuse.
inline std::string commit_of_tree(const GitRepository& repository, const std::string& mktree_lines) {
    std::ofstream(repository.path() / ".git" / "lines") << mktree_lines;
    const std::string tree = repository.git({"-c", "alias.mk=!git mktree < .git/lines", "mk"});
    return repository.git({"commit-tree", tree, "-m", "hostile"});
}

}  // namespace heddle::test
