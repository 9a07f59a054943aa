// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/configuration.hpp"
#include "app/cli/verbs.hpp"
#include "app/compose_accounts.hpp"
#include "app/compose_database.hpp"
#include "app/config/wrong_use.hpp"
#include "app/postgres/job_end.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;

json job_json(const ListedJob& listed) {
    return {{"id", listed.job.id},
            {"kind", listed.job.kind},
            {"key", listed.job.key},
            {"state", listed.state},
            {"payload", json::parse(listed.job.payload)},
            {"attempt", listed.job.attempt},
            {"failures", listed.job.failures},
            {"max_attempts", listed.job.max_attempts},
            {"repeats", listed.job.repeats},
            {"error", listed.error},
            {"run_at", listed.run_at},
            {"created_at", listed.created_at}};
}

void print_json(const std::vector<ListedJob>& jobs) {
    json out = json::array();
    for (const ListedJob& listed : jobs) out.push_back(job_json(listed));
    std::cout << out.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
}

std::string describe(const ListedJob& listed) {
    const Job& job = listed.job;
    std::string text;
    if (listed.state == "available") text = "from " + listed.run_at;
    if (job.failures > 0)
        text += (text.empty() ? "" : ", ") + std::to_string(job.failures) + " of " +
                std::to_string(job.max_attempts) + " attempts failed";
    if (!listed.error.empty()) text += (text.empty() ? "" : ": ") + one_line(listed.error);
    return text;
}

int list(Pool& pool, const GlobalArguments& global) {
    constexpr int kMost = 1'000;
    const std::vector<ListedJob> jobs =
        in_transaction(pool, [](pqxx::work& tx) { return list_jobs(tx, kMost); });
    if (global.json) {
        print_json(jobs);
        return 0;
    }
    for (const ListedJob& listed : jobs)
        std::printf("%6lld  %-9s  %-13s  %s  %s\n",
                    static_cast<long long>(listed.job.id),
                    listed.state.c_str(),
                    listed.job.kind.c_str(),
                    one_line(listed.job.key).c_str(),
                    describe(listed).c_str());
    if (jobs.empty()) std::cout << "no jobs\n";
    return 0;
}

/// `change` is retry_job or discard_job; a job that runs now is left alone by both.
int change(Pool& pool,
           std::int64_t id,
           bool (*change)(pqxx::transaction_base&, std::int64_t),
           const char* action,
           const char* done) {
    const bool changed = in_transaction(pool, [&](pqxx::work& tx) {
        if (!change(tx, id)) return false;
        record_change(tx, audit_entry(action, "job " + std::to_string(id)));
        return true;
    });
    if (!changed) throw WrongUse("there is no job " + std::to_string(id) + ", or it runs just now");
    std::cout << "job " << id << ' ' << done << '\n';
    return 0;
}

}  // namespace

int run_jobs(const GlobalArguments& global, const JobsArguments& arguments) {
    using Action = JobsArguments::Action;
    if (arguments.action == Action::Retry) refuse_json(global, "jobs retry");
    if (arguments.action == Action::Discard) refuse_json(global, "jobs discard");
    const Config config = read_configuration(global);
    const OpenDatabase database = open_database(config, global.try_repository, 1);
    switch (arguments.action) {
        case Action::List: return list(*database.pool, global);
        case Action::Retry:
            return change(*database.pool, arguments.id, retry_job, "job.retry", "will be tried again");
        case Action::Discard:
            return change(*database.pool, arguments.id, discard_job, "job.discard", "is discarded");
    }
    throw std::logic_error("unknown JobsArguments::Action");
}

}  // namespace heddle
