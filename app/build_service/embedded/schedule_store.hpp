// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <utility>

#include "workflows/model/build_event.hpp"
#include "workflows/model/package_ref.hpp"

namespace heddle {

/// Where one build of a package belongs.
struct BuildPlace {
    std::string repository;
    std::string architecture;

    auto operator<=>(const BuildPlace&) const = default;
};

/// A row of bs_builds as the scheduler sees it.
struct StoredBuild {
    std::int64_t id = 0;
    std::int64_t revision_id = 0;
    std::optional<std::int64_t> source_id;
    std::string state;
    std::string details;
    bool began = false;    // a worker had it in hands
    bool stopped = false;  // told to stop
};

/// What there is for one place: at most one waits, and normally at most one runs.
struct PlaceBuilds {
    std::optional<StoredBuild> scheduled;
    std::optional<StoredBuild> building;
    std::optional<StoredBuild> ended;  // the newest one that was not withdrawn
};

/// The builds of a package, kept from workers and other schedulers until the transaction ends.
std::map<BuildPlace, PlaceBuilds> lock_builds(pqxx::transaction_base& tx, std::int64_t package_id);

/// What is to be built, and where.
struct WantedBuild {
    std::int64_t package_id = 0;
    std::int64_t revision_id = 0;
    std::optional<std::int64_t> source_id;
    BuildPlace place;
};

/// A build that waits for a worker, `delay_ms` at least.
void insert_scheduled(pqxx::transaction_base& tx, const WantedBuild& build, int delay_ms);
/// A build that will not be: disabled, unresolvable or broken. Stores its build event.
void insert_ended(pqxx::transaction_base& tx,
                  const WantedBuild& build,
                  const std::string& state,
                  const std::string& details);
/// A waiting build ends without having begun: withdrawn, disabled ... Stores its build event.
void end_scheduled(pqxx::transaction_base& tx,
                   std::int64_t build_id,
                   const std::string& state,
                   const std::string& details);
/// A waiting build is made of newer sources of the package that it links to.
void change_sources(pqxx::transaction_base& tx, std::int64_t build_id, std::int64_t source_id);
/// Tells the worker that nobody wants this build any more.
void stop_building(pqxx::transaction_base& tx, std::int64_t build_id, const std::string& reason);

/// Everything of a project or package that waits or runs ends for one reason.
void withdraw_builds_of_project(pqxx::transaction_base& tx,
                                std::int64_t project_id,
                                const std::string& reason);

/// What became of a build that ended. `judged`: the end counts as its start where it never began: a verdict
/// is given on request too.
BuildEvent end_event(pqxx::transaction_base& tx, std::int64_t build_id, bool judged);
/// Stores it, once the build ends.
void store_end_event(pqxx::transaction_base& tx, std::int64_t build_id, bool judged);

}  // namespace heddle
