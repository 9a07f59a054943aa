// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <pqxx/pqxx>
#include <string>

#include "app/build_service/embedded/package_store.hpp"

namespace heddle {

/// Why builds are looked at.
struct ScheduleRequest {
    std::string host_architecture;
    bool again = false;  // a rebuild was asked for: what has a result is built once more
    int delay_ms = 0;    // a new branch waits a moment: mostly another commit follows at once
};

/// Brings the builds of a package in line with its sources, repositories and flags: schedules what is
/// missing, withdraws or stops what an older revision wanted, says about the rest why it is not built.
/// Repeating it changes nothing. Writes a build event for each end. A package of a deleted project is left
/// alone.
void schedule_package(pqxx::transaction_base& tx, std::int64_t package_id, const ScheduleRequest& request);

/// The same for all packages of a project and of the projects that build against it.
void schedule_project(pqxx::transaction_base& tx, std::int64_t project_id, const ScheduleRequest& request);

/// After a new revision: the package and all that link to it.
void schedule_with_links(pqxx::transaction_base& tx,
                         const StoredPackage& package,
                         const ScheduleRequest& request);

/// The machine's own architecture in the words of OBS.
std::string host_architecture();

}  // namespace heddle
