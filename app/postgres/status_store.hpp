// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "reporters/commit_status.hpp"

namespace heddle {

/// A commit status with what its forge knows of it.
struct StoredStatus {
    std::int64_t id = 0;
    std::int64_t forge_id = 0;
    std::int64_t token_id = 0;  // whose credential reports it
    std::string forge_kind;
    std::string forge_name;
    CommitStatus value;
    std::int64_t version = 0;
    std::int64_t sent_version = 0;
    std::int64_t given_up = 0;  // the newest version that can't be sent

    /// Nothing is left to tell the forge, or nothing can be told.
    bool is_settled() const { return sent_version >= version || given_up >= version; }
};

/// Locks the row until the transaction ends. nullopt: it is gone.
std::optional<StoredStatus> lock_status(pqxx::transaction_base& tx, std::int64_t id);
/// These two let those go that wait behind the status (wake_those_behind()).
void mark_status_sent(pqxx::transaction_base& tx, std::int64_t id, std::int64_t version);
void mark_status_given_up(pqxx::transaction_base& tx, std::int64_t id, std::int64_t version);

/// The build that the forge has to hear of before this status, which must be locked. There is one where this
/// is a run's success, and the forge shows nothing yet, or success, for a build of the same commit that is
/// none: a gate that waits for statuses would open early. Of several, the one that is probably told last.
/// They stay locked until the transaction ends. What nobody can report (its token is disabled) counts not.
std::optional<std::int64_t> told_before(pqxx::transaction_base& tx, std::int64_t id);

/// Forgets that versions were given up: somebody wants it tried again.
void clear_given_up(pqxx::transaction_base& tx, std::int64_t id);

/// The forge does not show this version, whatever was recorded: it is sent again, also if it was given up.
/// Does nothing when the version has grown, for then a newer one is on its way.
void send_status_again(pqxx::transaction_base& tx, std::int64_t id, std::int64_t version);

/// The newest run that contributed to a status, and the delivery that started it, as far as they are known.
struct StatusOrigin {
    std::optional<std::int64_t> run;
    std::optional<std::int64_t> delivery;
};
StatusOrigin origin_of_status(pqxx::transaction_base& tx, std::int64_t id);

/// What a token's statuses did not tell the forge, for whatever reason, is sent. As contribute() does, it
/// locks many statuses: call it once in a transaction, and no other such function.
void send_what_token_missed(pqxx::transaction_base& tx, std::int64_t token_id);

/// The statuses to which a run contributed, in order of context.
std::vector<StoredStatus> statuses_of_run(pqxx::transaction_base& tx, std::int64_t run_id);

/// Of these, the failures and errors to which the run itself said nothing bad: status id -> the run that did
/// (0: it is purged).
std::map<std::int64_t, std::int64_t> statuses_failed_by_others(pqxx::transaction_base& tx,
                                                               std::int64_t run_id);

/// What is still to come of a run, for those who follow it.
struct RunRest {
    bool ended = false;
    int pending = 0;  // of its statuses: builds go on; a request may wait for people for weeks
    int unsent = 0;   // of its statuses: the forge does not know yet

    bool nothing_left() const { return ended && pending == 0 && unsent == 0; }
};
/// nullopt: no such run.
std::optional<RunRest> rest_of_run(pqxx::transaction_base& tx, std::int64_t run_id);

}  // namespace heddle
