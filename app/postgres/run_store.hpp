// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/model/problem.hpp"
#include "workflows/model/scm_event.hpp"

namespace heddle {

enum class RunStatus { Queued, Running, Success, Fail, Cancelled };

/// "queued", "running", "success", "fail", "cancelled".
std::string_view to_string(RunStatus status);
std::optional<RunStatus> run_status_from(std::string_view text);
/// Success, fail and cancelled are ends.
bool has_ended(RunStatus status);

/// What starts a run. The rows it names exist (repository_store, token_store).
struct NewRun {
    std::int64_t token_id = 0;
    std::int64_t repository_id = 0;
    std::string origin;  // webhook, schedule, poll, message, manual
    std::optional<std::string>
        origin_key;  // by which find_run_by_origin finds it again; unique per token where given
    ScmEvent event;
};

/// Stores the run and the job that executes it. Runs of one pull request (or branch, or tag) are executed in
/// the order in which they were started. Throws pqxx::unique_violation when the origin key is taken.
std::int64_t start_run(pqxx::transaction_base& tx, const NewRun& run);

/// The run that was started with that key. Not ended: its job stands in the queue, any JobRunner goes on
/// with it. Ended: rerun() starts its next attempt.
std::optional<std::int64_t> find_run_by_origin(pqxx::transaction_base& tx,
                                               std::int64_t token_id,
                                               const std::string& origin_key);

/// Takes its origin key from a run that has ended and has a later one of its pull request or ref behind it.
/// False: it keeps it.
bool forget_origin_of_old_run(pqxx::transaction_base& tx, std::int64_t run_id);

/// Starts the next attempt of a run that has ended; returns its number. `forced`: also if its head was
/// replaced meanwhile; otherwise such an attempt ends as superseded. Throws std::logic_error for a run that
/// is unknown or goes on.
int rerun(pqxx::transaction_base& tx, std::int64_t run_id, bool forced = false);

/// Executes the present attempt of a run that has not ended also if its head was replaced meanwhile.
void force_run(pqxx::transaction_base& tx, std::int64_t run_id);

/// The next attempt of a run that failed, started because its delivery came again (design 4.9); returns its
/// number. nullopt: it did not fail, somebody else has just done so, or a later run made it an old one. Waits
/// for whoever ends the run just now.
std::optional<int> rerun_failed(pqxx::transaction_base& tx, std::int64_t run_id);

/// A later run of the same token and pull request, branch or tag that made this one an old one: about another
/// commit, or about its end.
std::optional<std::int64_t> later_run(pqxx::transaction_base& tx, std::int64_t run_id);

struct WorkflowRun {
    std::int64_t id = 0;
    std::int64_t token_id = 0;
    std::int64_t repository_id = 0;
    std::int64_t forge_id = 0;
    std::string forge_kind;
    std::string origin;
    ScmEvent event;
    std::string queue_key;
    RunStatus status = RunStatus::Queued;
    int attempt = 1;
    std::string message;
    std::optional<std::string> configuration;
    Problems problems;
    Problems warnings;
    std::string plan = "[]";  // JSON: workflows as `plan --json` prints them
    std::string created_at;   // RFC 3339, UTC; empty: not yet
    std::string started_at;
    std::string finished_at;
};

std::optional<WorkflowRun> find_run(pqxx::transaction_base& tx, std::int64_t id);

struct RunFilter {
    std::optional<RunStatus> status;
    int limit = 20;
};
/// Newest first.
std::vector<WorkflowRun> list_runs(pqxx::transaction_base& tx, const RunFilter& filter);

/// The newest run that the same token started later for the same pull request, branch or tag.
std::optional<std::int64_t> later_run(pqxx::transaction_base& tx, const WorkflowRun& run);

/// Why nothing is to be done any more for the head that this run is about: a later run of the same token and
/// pull request is about another head ("superseded by bbbbbbb") or about the end of the pull request.
/// nullopt: there is none.
std::optional<std::string> why_superseded(pqxx::transaction_base& tx, const WorkflowRun& run);

/// queued -> running. Safe to repeat.
void mark_run_running(pqxx::transaction_base& tx, std::int64_t id);

/// What the attempt read and executes, a next one reads anew: the file's text, what is odd about it, and what
/// it means for the event.
struct RunConfiguration {
    std::optional<std::string> text;
    Problems warnings;
    std::string plan = "[]";  // JSON
};
void store_run_configuration(pqxx::transaction_base& tx,
                             std::int64_t id,
                             const RunConfiguration& configuration);

/// Ends the attempt. Does nothing to a run that has ended.
void end_run(pqxx::transaction_base& tx,
             std::int64_t id,
             RunStatus status,
             const std::string& message,
             const Problems& problems = {});

/// Takes up to `limit` runs that ended more than `age` ago, with all that hangs on them; returns how many.
int purge_runs(pqxx::transaction_base& tx, std::chrono::seconds age, int limit);

}  // namespace heddle
