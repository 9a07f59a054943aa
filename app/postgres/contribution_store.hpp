// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "reporters/commit_status.hpp"
#include "workflows/model/package_ref.hpp"

namespace heddle {

/// Which commit status is meant. `token_id`: whose credential reports it; it is no part of the key.
struct StatusKey {
    std::int64_t forge_id = 0;
    std::int64_t repository_id = 0;
    std::string commit_sha;
    std::string context;
    std::int64_t token_id = 0;
    /// The repository where the forge accepts statuses for the commit, by the forge's own identity, by its
    /// full name where that is not known; empty: `repository_id`.
    std::string posted_to{};
    std::string posted_to_name{};  // its full name, which may change; no part of the key
};

/// Orders what one producer says: {package revision, build start in microseconds, 0} for builds,
/// {job of the attempt, 0, 0} for runs. A write with a smaller cause changes nothing.
using Cause = std::array<std::int64_t, 3>;

/// One producer's word on a commit status.
struct Contribution {
    StatusKey key;
    std::string producer;
    Cause cause{};
    StatusState state = StatusState::Pending;
    std::string text;
    std::string url;
    std::optional<std::int64_t> run_id;
    PackageRef package;         // of a build, without flavour; empty for a run
    bool ends_pending = false;  // changes nothing where the producer's word is a result already
};

/// Writes what producers say, computes each status anew (the worst live contribution: error, failure,
/// pending, success) and enqueues sync_status for those that changed. `pending` never replaces a result of
/// the same cause. Statuses are locked in one order, so that writers wait for each other but never for ever:
/// one transaction calls one of this file's functions, once.
void contribute(pqxx::transaction_base& tx, std::vector<Contribution> contributions);

/// What was said about builds of a project, or of one package in it, no longer counts: pending becomes an
/// error with the reason; a withdrawn word shows only where no live one is left. `since_event`: what was
/// asked for after that build event came in stays.
void withdraw_builds(pqxx::transaction_base& tx,
                     const PackageRef& package,
                     const std::string& reason,
                     std::optional<std::int64_t> since_event = std::nullopt);

/// What the builds of a package promised to other commits than that of the given revision, and before it,
/// will probably not come: pending becomes an error. Causes stay: a real result that comes late still counts.
void supersede_builds(pqxx::transaction_base& tx,
                      const PackageRef& package,
                      std::int64_t revision_id,
                      const std::string& reason);

/// What a run left pending becomes an error with the reason. `also` is said in the same breath.
void end_pending_of_run(pqxx::transaction_base& tx,
                        std::int64_t run_id,
                        const std::string& reason,
                        const std::vector<Contribution>& also = {});

/// A pull request is closed: what its runs said in a token's name no longer counts, so that another one with
/// the same head is not painted by it.
void withdraw_runs_of_pull_request(pqxx::transaction_base& tx,
                                   std::int64_t forge_id,
                                   std::int64_t repository_id,
                                   std::int64_t number,
                                   const std::string& producer);

/// That executor does not find the package, or the project where none is named: as withdraw_builds, of what
/// was said for revisions of his that were completed before that time (the database's, as text).
void withdraw_unseen(pqxx::transaction_base& tx,
                     const std::string& login,
                     const PackageRef& package,
                     const std::string& before,
                     const std::string& reason);

/// The builds of these packages are `producers` alone, as far as that executor sees: what others promised for
/// revisions of his that were completed before that time (the database's, as text) ends as an error.
void end_pending_elsewhere(pqxx::transaction_base& tx,
                           const std::string& login,
                           const std::string& project,
                           const std::vector<std::string>& packages,
                           const std::vector<std::string>& producers,
                           const std::string& before,
                           const std::string& reason);

/// The same as end_pending_of_run for one producer.
void end_pending_of_producer(pqxx::transaction_base& tx,
                             const std::string& producer,
                             const PackageRef& package,
                             const std::string& reason);

}  // namespace heddle
