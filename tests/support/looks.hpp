// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/postgres/reconciliation_store.hpp"
#include "tests/support/job_stage.hpp"

namespace heddle::testing {

/// A build of demo/hello on x86_64 as the build service lists it.
inline BuildResult at(const std::string& repository, BuildState state, const std::string& rev = "") {
    return {repository, "x86_64", state, {rev, ""}, ""};
}

/// The same event, told with nothing more to come.
inline BuildEvent last(BuildEvent event) {
    event.is_last = true;
    return event;
}

/// That something is not built there, without any time.
inline BuildEvent unbuilt(BuildEventType type, const std::string& rev) {
    BuildEvent event = a_build_event(type, {"demo", "hello"}, rev);
    event.started_at.reset();
    event.ended_at.reset();
    return event;
}

/// Everything was asked for, and asked about, an hour earlier.
inline void hours_pass(JobStage& stage) {
    stage.world().tell(
        "UPDATE package_revisions SET completed_at = completed_at - interval '1 hour', requested_at = "
        "requested_at - interval '1 hour', reconciled_at = reconciled_at - interval '1 hour'");
    stage.world().tell("UPDATE event_subscriptions SET created_at = created_at - interval '1 hour'");
}

/// How many looks were taken.
inline int look(JobStage& stage) {
    const int jobs = in_transaction(stage.world().pool(), [&](pqxx::work& tx) {
        return enqueue_reconciliation(tx, stage.parts().reconcile_after);
    });
    stage.perform_all();
    return jobs;
}

}  // namespace heddle::testing
