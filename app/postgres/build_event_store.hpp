// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "workflows/model/build_event.hpp"

namespace heddle {

/// Stores build events and the jobs that handle them, in one statement of the caller's transaction. `sender`
/// names where they came from ("embedded"); an event whose (sender, id) is known already is not stored again.
/// Returns how many were.
int store_build_events(pqxx::transaction_base& tx,
                       const std::string& sender,
                       const std::vector<BuildEvent>& events);

/// Where a build event stands: not looked at, given to a commit, or waiting for a subscription (design 4.3).
enum class BuildEventState { New, Matched, Kept };

struct StoredBuildEvent {
    std::int64_t id = 0;
    BuildEvent event;
    BuildEventState state = BuildEventState::New;
    std::string sender;
    std::int64_t received_at = 0;  // microseconds since the epoch
};

/// nullopt: retention took it.
std::optional<StoredBuildEvent> find_build_event(pqxx::transaction_base& tx, std::int64_t id);
void set_build_event_state(pqxx::transaction_base& tx, std::int64_t id, BuildEventState state);

/// Makes the kept events of a package (all flavours) new again, each with its job; returns how many.
int look_back(pqxx::transaction_base& tx, const PackageRef& package);

/// What the build service answered when it was asked: as store_build_events under the sender
/// "reconciliation", and what was answered before is looked at again, for what it is matched with may be new.
/// Returns how many were not known.
int store_answers(pqxx::transaction_base& tx, const std::vector<BuildEvent>& events);
inline constexpr const char* kReconciliation = "reconciliation";

/// One writer at a time for what is said about a package: a subscription that is completed and an event that
/// is kept can't miss each other. Until the transaction ends.
void lock_package_words(pqxx::transaction_base& tx, const PackageRef& package);

/// The same two for a request.
int look_back_at_request(pqxx::transaction_base& tx, std::int64_t number);
void lock_request_words(pqxx::transaction_base& tx, std::int64_t number);

/// The package without ":flavour", as it is subscribed to.
PackageRef without_flavour(const PackageRef& package);
/// The package as it is built: with ":flavour" where there is one.
PackageRef with_flavour(const PackageRef& package, const std::string& flavour);

/// Takes up to `limit` events that are older than `age` and no longer wait for anything; returns how many.
int purge_build_events(pqxx::transaction_base& tx, std::chrono::seconds age, int limit);

}  // namespace heddle
