// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "app/jobs/build_words.hpp"
#include "app/jobs/job_handlers.hpp"
#include "app/postgres/build_event_store.hpp"
#include "app/postgres/subscription_store.hpp"

namespace heddle {
namespace {

/// A package or a whole project is gone: nobody hears of it any more, and what was promised ends. What was
/// asked for after the event came in is about its successor.
void record_deletion(pqxx::work& tx, const StoredBuildEvent& stored) {
    const BuildEvent& event = stored.event;
    const bool whole = event.type == BuildEventType::ProjectDeleted;
    const PackageRef gone = whole ? PackageRef{event.package.project, ""} : event.package;
    const std::string what = whole ? "project " + gone.project : "package " + to_string(gone);
    drop_subscriptions(tx, gone, stored.id);
    withdraw_builds(tx, gone, what + " was deleted", stored.id);
    set_build_event_state(tx, stored.id, BuildEventState::Matched);
}

/// The word goes to every commit that the built revision was made for. An event that may be about a revision
/// whose number we don't know yet waits until we do (design 4.3).
void record_result(pqxx::work& tx, const ReportsConfig& reports, const StoredBuildEvent& stored) {
    lock_package_words(tx, without_flavour(stored.event.package));
    const std::vector<PackageRevision> revisions = match_revisions(tx, stored.event);
    std::vector<Contribution> words;
    for (const PackageRevision& revision : revisions)
        if (revision.complete) words.push_back(word_of_event(reports, revision, stored.event));
    const bool waits = words.size() < revisions.size() || revisions.empty();
    contribute(tx, std::move(words));
    set_build_event_state(tx, stored.id, waits ? BuildEventState::Kept : BuildEventState::Matched);
}

}  // namespace

JobHandler make_build_event_job(const JobParts& parts) {
    JobHandler handler;
    handler.run = [reports = parts.reports](const Job& job, JobGuard& guard) {
        guard.finish([&](pqxx::work& tx) {
            const auto stored = find_build_event(tx, payload_number(job, "event"));
            if (!stored) return;
            if (is_deletion(stored->event.type))
                record_deletion(tx, *stored);
            else
                record_result(tx, reports, *stored);
        });
    };
    return handler;
}

}  // namespace heddle
