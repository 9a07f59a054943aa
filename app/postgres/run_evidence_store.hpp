// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

namespace heddle {

/// A delivery as the page of its run shows it.
struct RunDelivery {
    std::int64_t id = 0;
    std::string event_name;
    std::string delivery_id;  // the forge's own; empty: it sent none
    std::string verdict;
    std::string reason;
    std::string received_at;  // RFC 3339, UTC
};

/// The delivery that started the run, then its duplicates, in order of arrival, at most `limit`. Empty: the
/// run was not started by one.
std::vector<RunDelivery> deliveries_of_run(pqxx::transaction_base& tx, std::int64_t run_id, int limit);

/// The forge's own address for people, without which no link of ours may lead there; empty: it has none.
std::string forge_web_url(pqxx::transaction_base& tx, std::int64_t run_id);

/// A build of the embedded build service that a run asked for.
struct BuildOfRun {
    std::int64_t id = 0;
    std::string project;
    std::string package;
    std::string repository;
    std::string architecture;
    std::string state;  // OBS's words, and "withdrawn"
    std::string details;
    bool has_log = false;
    std::string started_at;  // RFC 3339, UTC; empty: not yet
    std::string ended_at;
};

/// The newest build of each package, repository and architecture whose sources the run wrote or which it
/// asked to be built again; those of deleted projects too. At most `limit`.
std::vector<BuildOfRun> newest_builds_for_run(pqxx::transaction_base& tx, std::int64_t run_id, int limit);
/// One of the run's builds, the older ones too. nullopt: it is none of them.
std::optional<BuildOfRun> find_build_for_run(pqxx::transaction_base& tx,
                                             std::int64_t run_id,
                                             std::int64_t build_id);

}  // namespace heddle
