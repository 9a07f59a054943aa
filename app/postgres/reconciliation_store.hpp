// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "workflows/model/build_event.hpp"

namespace heddle {

// Asking the build service about revisions whose builds nobody told of. A revision is due when it has waited
// for `after` since it was made or last asked about, and at once where events about it were lost; it is
// settled once it was asked about and nothing said about it is pending, or when nobody listens any more, or a
// later one took its place.

/// Settles what is, and enqueues one reconcile job for each executor and project with a revision that is due.
/// Returns how many jobs are new.
int enqueue_reconciliation(pqxx::transaction_base& tx, std::chrono::seconds after);

/// Build events were lost: everything that somebody listens to is asked about again.
void reconcile_everything(pqxx::transaction_base& tx);
/// There is a doubt about that package, or about the whole project where none is named: the same for it.
void reconcile_soon(pqxx::transaction_base& tx, const PackageRef& doubtful);

/// Whose packages one reconcile job asks about.
struct ReconciliationPlace {
    std::string login;  // the executor
    std::string project;
};

struct ReconciliationList {
    std::vector<std::string> packages;
    std::string asked_at;     // the database's time, as text
    std::string made_before;  // of revisions made later nothing is asked yet, unless events were lost
};

/// The packages that are due.
ReconciliationList packages_to_reconcile(pqxx::transaction_base& tx,
                                         const ReconciliationPlace& place,
                                         std::chrono::seconds after);

/// They were asked about, whatever the answer was; builds of the packages `open` have not ended.
void note_reconciliation(pqxx::transaction_base& tx,
                         const ReconciliationPlace& place,
                         const ReconciliationList& asked,
                         const std::vector<std::string>& open);

/// What the build service answered.
struct ReconciliationAnswer {
    std::vector<BuildEvent> events;
    std::vector<std::string> producers;  // of all builds that are there or will be
    std::vector<std::string> open;       // packages with a build that has not ended
};

/// Stores what the build service answered; what is known already is looked at again. What was promised for
/// another build than those that are there ends. Deletions are store_absence's. Returns how many events are
/// new.
int store_reconciliation(pqxx::transaction_base& tx,
                         const ReconciliationPlace& place,
                         const ReconciliationList& asked,
                         ReconciliationAnswer answer);

/// That package, or the whole project, is not there as far as the executor sees: what was promised for his
/// revisions ends, unless somebody asked for builds of the project meanwhile. He goes on to listen, for it
/// may be there again. In a transaction of its own (contribution_store.hpp).
void store_absence(pqxx::transaction_base& tx,
                   const ReconciliationPlace& place,
                   const ReconciliationList& asked,
                   const PackageRef& gone);

}  // namespace heddle
