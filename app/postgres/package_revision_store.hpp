// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "workflows/model/build_event.hpp"
#include "workflows/model/package_ref.hpp"
#include "workflows/model/step_outcome.hpp"

namespace heddle {

/// Which write to a package is meant: of which step of which attempt, for which commit.
struct RevisionPlace {
    std::int64_t run_id = 0;
    std::int64_t token_id = 0;
    int attempt = 1;
    int step_index = 0;
    PackageRef package;
    std::string commit_sha;
};

/// Before the build service is asked. A repeated write of sources keeps its row (the revision will be the
/// same one); a repeated rebuild is a new request and gets a new row, later than everything before.
void expect_revision(pqxx::transaction_base& tx, const RevisionPlace& place, bool rebuild);
/// After the answer. Returns the row's id; throws std::logic_error when nothing was expected.
std::int64_t complete_revision(pqxx::transaction_base& tx,
                               const RevisionPlace& place,
                               const SourceRevision& revision);
/// The step made nothing to wait for.
void forget_revision(pqxx::transaction_base& tx, const RevisionPlace& place);

/// An attempt ended without the answers to these: they will never be completed. Names each package once.
std::vector<PackageRef> forget_unanswered(pqxx::transaction_base& tx, std::int64_t run_id);

/// A revision that a run's builds are known by. The order of ids is the order of causes.
struct PackageRevision {
    std::int64_t id = 0;
    std::int64_t run_id = 0;
    int attempt = 1;
    std::int64_t token_id = 0;
    std::int64_t repository_id = 0;
    std::int64_t forge_id = 0;
    PackageRef package;
    std::string commit_sha;
    SourceRevision revision;
    bool rebuild = false;
    bool complete = true;        // false: asked for, the answer is still out
    bool answered = true;        // false: of match_revisions, a rebuild that never began
    std::string posted_to;       // as in StatusKey
    std::string posted_to_name;  // the same
};

/// Whose commit a build is about, by the revision that was built (design 4.4): for each enabled token that
/// listens, the latest fitting row. Rebuilds fit only builds that began after the request; one that is not
/// complete may be the owner, so the event has to wait for it. The subscriptions stay until the transaction
/// ends.
///
/// Where the event is the last, the build service may have seen no reason to build again: equal sources fit
/// whatever their number, a rebuild fits the build that went on when it was asked for (OBS does nothing more
/// then), and a rebuild that was asked for `patience` ago or longer fits a build from before, unanswered.
std::vector<PackageRevision> match_revisions(pqxx::transaction_base& tx,
                                             const BuildEvent& event,
                                             std::chrono::seconds patience);
/// Is there a rebuild that was asked for while this build went on?
bool went_on_at_rebuild(pqxx::transaction_base& tx, const BuildEvent& event);

/// The newest completed revision of each of these packages for each token with that executor that listens.
/// The subscriptions stay until the transaction ends.
std::vector<PackageRevision> listening_revisions(pqxx::transaction_base& tx,
                                                 const std::string& login,
                                                 const std::string& project,
                                                 const std::vector<std::string>& packages);
/// The revision was not known when its step was done, and is now. False: it was known.
bool name_revision(pqxx::transaction_base& tx, std::int64_t id, const SourceRevision& revision);

/// The newest completed revision of each package that this attempt waits for.
std::vector<PackageRevision> awaited_revisions(pqxx::transaction_base& tx, std::int64_t run_id, int attempt);

}  // namespace heddle
