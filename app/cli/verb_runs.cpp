// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <map>
#include <thread>

#include "app/cli/configuration.hpp"
#include "app/cli/run_story.hpp"
#include "app/cli/verbs.hpp"
#include "app/compose_accounts.hpp"
#include "app/compose_database.hpp"
#include "app/config/wrong_use.hpp"
#include "app/postgres/job_store.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

std::string word(RunStatus status) { return std::string(to_string(status)); }

int list(Pool& pool, const GlobalArguments& global, const RunsArguments& arguments) {
    RunFilter filter;
    filter.limit = arguments.limit;
    if (arguments.status) filter.status = run_status_from(*arguments.status);
    const std::vector<WorkflowRun> runs =
        in_transaction(pool, [&](pqxx::work& tx) { return list_runs(tx, filter); });
    if (global.json) {
        std::cout << to_json(runs);
        return 0;
    }
    for (const WorkflowRun& run : runs)
        std::printf("%6lld  %-9s  %s  %s, %s  %.7s  %s\n",
                    static_cast<long long>(run.id),
                    word(run.status).c_str(),
                    run.created_at.c_str(),
                    one_line(run.event.repository.full_name).c_str(),
                    in_words(run.event).c_str(),
                    run.event.commit_sha.c_str(),
                    one_line(run.message).c_str());
    if (runs.empty()) std::cout << "no runs\n";
    return 0;
}

RunStory must_read(Pool& pool, std::int64_t id) {
    std::optional<RunStory> story = read_run_story(pool, id);
    if (!story) throw WrongUse("there is no run " + std::to_string(id));
    return std::move(*story);
}

int show(Pool& pool, const GlobalArguments& global, std::int64_t id) {
    const RunStory story = must_read(pool, id);
    std::cout << (global.json ? to_json(story) : tell(story));
    return 0;
}

WorkflowRun must_find(pqxx::transaction_base& tx, std::int64_t id) {
    std::optional<WorkflowRun> run = find_run(tx, id);
    if (!run) throw WrongUse("there is no run " + std::to_string(id));
    return std::move(*run);
}

int rerun_one(Pool& pool, std::int64_t id, bool force) {
    const int attempt = in_transaction(pool, [&](pqxx::work& tx) {
        const WorkflowRun run = must_find(tx, id);
        const std::string name = "run " + std::to_string(id);
        if (!has_ended(run.status)) throw WrongUse(name + " has not ended: it is " + word(run.status));
        const std::optional<std::int64_t> later = later_run(tx, run);
        if (later && !force)
            throw WrongUse(name + " is not the newest of " + run.queue_key + ": run " +
                           std::to_string(*later) + " came after it; --force starts it all the same");
        const int next = rerun(tx, id, force);
        record_change(tx, audit_entry("run.rerun", name, "attempt " + std::to_string(next)));
        return next;
    });
    std::cout << "run " << id << ": attempt " << attempt << " waits for its turn\n";
    return 0;
}

int resync_one(Pool& pool, std::int64_t id) {
    const std::size_t statuses = in_transaction(pool, [&](pqxx::work& tx) {
        must_find(tx, id);
        const std::size_t count = statuses_of_run(tx, id).size();
        if (count == 0) return count;
        enqueue_resync(tx, id);
        record_change(tx, audit_entry("run.resync", "run " + std::to_string(id)));
        return count;
    });
    if (statuses == 0)
        std::cout << "run " << id << " has no statuses\n";
    else
        std::cout << "run " << id << ": " << statuses << (statuses == 1 ? " status" : " statuses")
                  << " will be compared with what the forge shows\n";
    return 0;
}

bool went_wrong(const RunStory& story) {
    return story.run.status == RunStatus::Fail ||
           std::any_of(story.statuses.begin(), story.statuses.end(), [](const ReportedStatus& reported) {
               return reported.status.value.state == StatusState::Failure ||
                      reported.status.value.state == StatusState::Error;
           });
}

/// Prints each change until steps, builds and reports have ended. Exit code 1: something failed.
int follow(Pool& pool, std::int64_t id) {
    constexpr std::chrono::milliseconds kPause{300};
    std::map<std::string, std::string> told;
    for (;;) {
        // The rest first: what the story tells is then at least as new.
        const std::optional<RunRest> rest =
            in_transaction(pool, [&](pqxx::work& tx) { return rest_of_run(tx, id); });
        const RunStory story = must_read(pool, id);
        for (const auto& [what, text] : news(story))
            if (std::exchange(told[what], text) != text) std::cout << one_line(text) << std::endl;
        if (rest && rest->nothing_left()) return went_wrong(story) ? 1 : 0;
        std::this_thread::sleep_for(kPause);
    }
}

}  // namespace

int run_runs(const GlobalArguments& global, const RunsArguments& arguments) {
    using Action = RunsArguments::Action;
    if (arguments.action == Action::Follow) refuse_json(global, "runs follow");
    if (arguments.action == Action::Rerun) refuse_json(global, "runs rerun");
    if (arguments.action == Action::Resync) refuse_json(global, "runs resync");
    const Config config = read_configuration(global);
    const OpenDatabase database = open_database(config, global.try_repository, 1);
    switch (arguments.action) {
        case Action::List: return list(*database.pool, global, arguments);
        case Action::Show: return show(*database.pool, global, arguments.id);
        case Action::Follow: return follow(*database.pool, arguments.id);
        case Action::Rerun: return rerun_one(*database.pool, arguments.id, arguments.force);
        case Action::Resync: return resync_one(*database.pool, arguments.id);
    }
    throw std::logic_error("unknown RunsArguments::Action");
}

}  // namespace heddle
