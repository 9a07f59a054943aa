// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "app/jobs/build_words.hpp"
#include "app/jobs/job_handlers.hpp"
#include "app/postgres/build_event_store.hpp"
#include "app/postgres/reconciliation_store.hpp"
#include "app/postgres/request_subscription_store.hpp"
#include "app/postgres/subscription_store.hpp"

namespace heddle {
namespace {

/// Who keeps the builds says when something went; anybody else may tell late of what came back
/// since.
bool is_sure(const StoredBuildEvent& stored) { return stored.event.ended_at || stored.sender == "embedded"; }

/// A package or a whole project is gone: nobody hears of it any more, and what was promised ends. What was
/// asked for after the event came in is about its successor.
void record_deletion(pqxx::work& tx, const StoredBuildEvent& stored) {
    const BuildEvent& event = stored.event;
    const bool whole = event.type == BuildEventType::ProjectDeleted;
    const PackageRef gone = whole ? PackageRef{event.package.project, ""} : event.package;
    set_build_event_state(tx, stored.id, BuildEventState::Matched);
    if (!is_sure(stored)) return reconcile_soon(tx, gone);
    const std::string what = whole ? "project " + gone.project : "package " + to_string(gone);
    drop_subscriptions(tx, gone, stored.id);
    withdraw_builds(tx, gone, what + " was deleted", stored.id);
}

/// Does it take a look at the build service to tell what is true now? Where a build that goes on is asked for
/// again, and where something can't be built any more: for how long nobody tells.
bool is_doubtful(pqxx::work& tx, const StoredBuildEvent& stored) {
    const BuildEvent& event = stored.event;
    if (event.is_last || stored.sender == kReconciliation) return false;
    return (is_end_without_build(event.type) && !event.started_at) || went_on_at_rebuild(tx, event);
}

/// The word goes to every commit that the built revision was made for. An event that may be about a revision
/// whose number we don't know yet waits until we do (design 4.3).
void record_result(pqxx::work& tx, const JobParts& parts, const StoredBuildEvent& stored) {
    lock_package_words(tx, without_flavour(stored.event.package));
    const std::vector<PackageRevision> revisions = match_revisions(tx, stored.event, parts.reconcile_after);
    std::vector<Contribution> words;
    for (const PackageRevision& revision : revisions)
        if (revision.complete) words.push_back(word_of_event(parts.reports, revision, stored));
    if (is_doubtful(tx, stored)) reconcile_soon(tx, without_flavour(stored.event.package));
    const bool waits = words.size() < revisions.size() || revisions.empty();
    contribute(tx, std::move(words));
    set_build_event_state(tx, stored.id, waits ? BuildEventState::Kept : BuildEventState::Matched);
}

/// What was heard before of a later change counts; the state tells which requests are open still.
void record_request(pqxx::work& tx, const ReportsConfig& reports, const StoredBuildEvent& stored) {
    const BuildEvent& event = stored.event;
    lock_request_words(tx, event.request);
    const std::vector<RequestSubscription> listeners = match_request(tx, event);
    const Request request{event.request, event.request_state, event.reason};
    std::vector<Contribution> words;
    for (const RequestSubscription& listener : listeners) {
        words.push_back(word_of_request(reports, listener, request, event.ended_at));
        set_request_state(tx, listener.id, stored);
    }
    contribute(tx, std::move(words));
    set_build_event_state(
        tx, stored.id, listeners.empty() ? BuildEventState::Kept : BuildEventState::Matched);
}

}  // namespace

JobHandler make_build_event_job(const JobParts& parts) {
    JobHandler handler;
    handler.run = [parts](const Job& job, JobGuard& guard) {
        guard.finish([&](pqxx::work& tx) {
            const auto stored = find_build_event(tx, payload_number(job, "event"));
            if (!stored) return;
            if (stored->event.type == BuildEventType::RequestStateChange)
                record_request(tx, parts.reports, *stored);
            else if (is_deletion(stored->event.type))
                record_deletion(tx, *stored);
            else
                record_result(tx, parts, *stored);
        });
    };
    return handler;
}

}  // namespace heddle
