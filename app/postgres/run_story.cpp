// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/run_story.hpp"

namespace heddle {
namespace {

std::optional<RunWait> wait_of(pqxx::transaction_base& tx, const WorkflowRun& run) {
    static const std::string kWait = R"sql(
        SELECT failures, max_attempts, error,
               to_char(run_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS next_at
        FROM jobs
        WHERE kind = 'run_workflows' AND key = $1 AND state = 'available' AND failures > 0
          AND (payload->>'run')::bigint = $2)sql";
    const pqxx::result rows = tx.exec_params(kWait, run.queue_key, run.id);
    if (rows.empty()) return std::nullopt;
    return RunWait{rows[0]["failures"].as<int>(),
                   rows[0]["max_attempts"].as<int>(),
                   run.started_at,
                   rows[0]["next_at"].as<std::string>(),
                   rows[0]["error"].as<std::string>()};
}

}  // namespace

std::string RunWait::in_words() const {
    return std::to_string(failures) + " of " + std::to_string(max_attempts) + " tries failed" +
           (since.empty() ? "" : " since " + since) + ", the next one comes at " + next_at +
           "; the last one: " + error;
}

std::optional<RunStory> read_run_story(pqxx::transaction_base& tx, std::int64_t run_id) {
    const std::optional<WorkflowRun> run = find_run(tx, run_id);
    if (!run) return std::nullopt;
    RunStory story{*run, steps_of_run(tx, run_id, run->attempt), {}, wait_of(tx, *run)};
    for (StoredStatus& status : statuses_of_run(tx, run_id)) {
        std::vector<StatusReport> reports = reports_of_status(tx, status.id);
        story.statuses.push_back({std::move(status), std::move(reports)});
    }
    return story;
}

std::optional<RunStory> read_run_story(Pool& pool, std::int64_t run_id) {
    return in_transaction(pool, [&](pqxx::work& tx) { return read_run_story(tx, run_id); });
}

}  // namespace heddle
