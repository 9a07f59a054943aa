// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/run_story.hpp"

namespace heddle {

std::optional<RunStory> read_run_story(pqxx::transaction_base& tx, std::int64_t run_id) {
    const std::optional<WorkflowRun> run = find_run(tx, run_id);
    if (!run) return std::nullopt;
    RunStory story{*run, steps_of_run(tx, run_id, run->attempt), {}};
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
