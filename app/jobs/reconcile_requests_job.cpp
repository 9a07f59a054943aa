// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>

#include "app/jobs/job_handlers.hpp"
#include "app/postgres/request_reconciliation_store.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

constexpr std::chrono::minutes kUntilNextTry(1);

/// Throws Postponed while the build service can't be asked. A request that is gone is "deleted"; one that
/// can't be read stays as it was.
std::vector<Request> ask(const JobParts& parts, const std::string& login, const DueRequests& due) {
    const std::shared_ptr<BuildService> builds = parts.build_service(login);
    std::vector<Request> answers;
    for (const auto& [number, state] : due.states) {
        try {
            answers.push_back(builds->find_request(number).value_or(Request{number, "deleted", ""}));
        } catch (const RemoteError& error) {
            if (error.kind == RemoteError::Kind::Retry) throw Postponed(error.what(), kUntilNextTry);
            spdlog::warn("request {} could not be read for {}: {}", number, login, error.what());
            answers.push_back({number, state, ""});
        }
    }
    return answers;
}

}  // namespace

JobHandler make_reconcile_requests_job(const JobParts& parts) {
    JobHandler handler;
    handler.run = [parts](const Job& job, JobGuard& guard) {
        const std::string login = payload_text(job, "login");
        const DueRequests due = guard.record(
            [&](pqxx::work& tx) { return requests_to_reconcile(tx, login, parts.reconcile_after); });
        if (due.states.empty()) return guard.finish();
        const std::vector<Request> answers = ask(parts, login, due);
        int news = 0;
        guard.finish([&](pqxx::work& tx) { news = store_request_reconciliation(tx, due, answers); });
        if (news > 0) spdlog::info("{} changes of requests had not been heard of", news);
    };
    return handler;
}

}  // namespace heddle
