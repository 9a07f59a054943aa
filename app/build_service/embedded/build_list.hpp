// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "workflows/model/package_ref.hpp"

namespace heddle {

/// One build as people ask for it.
struct ListedBuild {
    std::int64_t id = 0;
    std::string repository;
    std::string architecture;
    std::string state;  // as in bs_builds
    std::string details;

    bool goes_on() const { return state == "scheduled" || state == "building"; }
};

/// The newest build of each repository and architecture of a package, in order of these.
std::vector<ListedBuild> newest_builds(pqxx::transaction_base& tx, const PackageRef& package);

/// nullopt: it is gone, with its package.
std::optional<ListedBuild> find_build(pqxx::transaction_base& tx, std::int64_t build_id);

}  // namespace heddle
