// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "workflows/model/build_result.hpp"
#include "workflows/model/package_ref.hpp"
#include "workflows/model/step_outcome.hpp"

namespace heddle {

/// A build in the hands of one worker. (id, tries, worker_id) guard everything that the worker writes about
/// it: once the build was taken away, nothing it writes counts.
struct ClaimedBuild {
    std::int64_t id = 0;
    int tries = 0;               // how often a worker began it; more than one: a worker vanished
    std::int32_t worker_id = 0;  // of the table `workers`
    PackageRef package;
    std::string repository;
    std::string architecture;
    SourceRevision revision;  // of the package itself; a link builds the sources of another one
};

/// One file of a package that the build service keeps.
struct SourceFile {
    std::string name;  // relative, '/' between folders, never ".."
    std::string content;
    bool executable = false;
};

/// What a build is made of: either a commit of a git repository or files.
struct BuildSources {
    std::string git_url;     // without query and fragment; empty: the sources are `files`
    std::string git_commit;  // full hash
    std::string subdir;      // of the commit that is the package; empty: all of it
    std::string run;         // the mark of the run that asked for the commit; empty: none
    std::vector<SourceFile> files;
};

/// What a worker has to do with the build in its hands.
enum class BuildOrder {
    GoOn,
    Stop,  // nobody wants it any more: end the processes, then give it back (it ends withdrawn)
    Lost,  // it was taken away (lease overdue, package gone): end the processes and forget it
};

/// How a build ended.
struct BuildEnd {
    BuildState state = BuildState::Failed;  // Succeeded, Failed, Broken, Unresolvable
    std::string details;                    // one sentence: why it is not a success
    // The machine could not build: that says nothing about the sources. It ends withdrawn, and the next
    // request builds it.
    bool not_built = false;
};

// All of them leave committing to the caller, who never works on a build while a transaction is open.
// NOTIFY heddle_builds wakes: something was scheduled or told to stop. It is a hint; poll as well.

/// Takes the oldest scheduled build that is due, for 30 s. nullopt: there is none. Two builds of one package,
/// repository and architecture never run at the same time.
std::optional<ClaimedBuild> claim_build(pqxx::transaction_base& tx, std::int32_t worker_id);

/// Keeps the build for another 30 s and says what to do with it. Call at least every 10 s.
BuildOrder renew_build(pqxx::transaction_base& tx, const ClaimedBuild& build);

/// Ends the build and stores its build event in this transaction. A build that was told to stop ends
/// withdrawn, whatever `end` says. False: it was taken away, nothing was written.
bool finish_build(pqxx::transaction_base& tx, const ClaimedBuild& build, const BuildEnd& end);

/// Puts the build back uncounted (SIGTERM, a database that was away): the next worker takes it. False: it was
/// taken away before.
bool give_back_build(pqxx::transaction_base& tx, const ClaimedBuild& build);

/// Puts back builds whose worker vanished: lease overdue, or the worker's session lock (1214599249,
/// worker_id) is gone; it died or lost the database. One that five workers began and none ended ends failed.
/// Returns how many were taken.
int rescue_builds(pqxx::transaction_base& tx);

/// The sources of a build as they were when it was scheduled, links followed. Throws std::logic_error for an
/// unknown build.
BuildSources sources_of_build(pqxx::transaction_base& tx, std::int64_t build_id);

}  // namespace heddle
