// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>

#include "app/jobs/job_handlers.hpp"
#include "app/postgres/reconciliation_store.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

constexpr std::chrono::minutes kUntilNextTry(1);

/// Throws Postponed while the build service can't be asked: nothing is lost by waiting.
std::vector<BuildEvent> ask(const JobParts& parts,
                            const ReconciliationPlace& place,
                            const std::vector<std::string>& packages) {
    try {
        return parts.build_service(place.login)->latest_events(place.project, packages);
    } catch (const RemoteError& error) {
        if (error.kind == RemoteError::Kind::Retry) throw Postponed(error.what(), kUntilNextTry);
        spdlog::warn(
            "the builds of {} could not be read for {}: {}", place.project, place.login, error.what());
        return {};
    }
}

}  // namespace

JobHandler make_reconcile_job(const JobParts& parts) {
    JobHandler handler;
    handler.run = [parts](const Job& job, JobGuard& guard) {
        const ReconciliationPlace place{payload_text(job, "login"), payload_text(job, "project")};
        const ReconciliationList list = guard.record(
            [&](pqxx::work& tx) { return packages_to_reconcile(tx, place, parts.reconcile_after); });
        if (list.packages.empty()) return guard.finish();
        const std::vector<BuildEvent> events = ask(parts, place, list.packages);
        int news = 0;
        guard.finish([&](pqxx::work& tx) { news = store_reconciliation(tx, place, list, events); });
        if (news > 0) spdlog::info("{} build events of {} had not been heard of", news, place.project);
    };
    return handler;
}

}  // namespace heddle
