// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <pqxx/pqxx>
#include <string>
#include <vector>

namespace heddle {

/// A build that an attempt of a run asked for, as `heddle try` shows it.
struct TriedBuild {
    std::int64_t id = 0;
    std::string project;
    std::string package;
    std::string repository;
    std::string architecture;
    std::string state;  // as in bs_builds
    std::string details;
    int tries = 0;          // more than one: a worker vanished
    double seconds = 0;     // it took, or takes so far
    bool replaced = false;  // the package has a newer one for this repository and architecture

    bool goes_on() const { return state == "scheduled" || state == "building"; }
};

/// In the order in which they were asked for.
std::vector<TriedBuild> builds_of_run(pqxx::transaction_base& tx, std::int64_t run_id, int attempt);

}  // namespace heddle
