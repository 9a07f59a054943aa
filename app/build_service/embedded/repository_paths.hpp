// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <pqxx/pqxx>
#include <string>
#include <utility>
#include <vector>

#include "workflows/ports/build_service.hpp"

namespace heddle {

/// The built-in repository that stands for this machine: packages come from the host's own installation.
inline const RepositoryPath kLocalRepository{"local", "local"};

/// Finds out which repositories can be built here, by following their paths. Lives as long as a transaction
/// and remembers what it read.
class BuildPaths {
public:
    explicit BuildPaths(pqxx::transaction_base& tx) : tx_(tx) {}

    /// Empty: it can be built, since every path ends in `local/local` or in a repository without paths.
    /// Otherwise why not, in one sentence.
    std::string why_not_built(const RepositoryPath& repository);

private:
    using Repositories = std::map<std::string, std::vector<RepositoryPath>>;  // name -> paths

    std::string follow(const RepositoryPath& repository, std::vector<RepositoryPath>& above);
    const Repositories* repositories_in(const std::string& project);

    pqxx::transaction_base& tx_;
    std::map<std::string, std::pair<bool, Repositories>> projects_;  // name -> (exists, repositories)
    std::map<std::pair<std::string, std::string>, std::string> known_;
};

}  // namespace heddle
