// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/build_service/embedded/run_builds.hpp"
#include "app/config/config.hpp"
#include "app/postgres/run_store.hpp"
#include "app/postgres/status_store.hpp"
#include "app/postgres/step_store.hpp"
#include "workflows/model/scm_event.hpp"

namespace heddle {

/// What `heddle try` was asked for; see its --help.
struct TryRequest {
    std::string repository;
    std::optional<std::string> base;
    std::optional<std::string> head;
    std::string event;
    bool notes = true;
};

/// The run of one `heddle try`.
struct TryRun {
    std::int64_t id = 0;
    int attempt = 1;
    bool resumed = false;  // an earlier try of the same was interrupted; it goes on where it stood
    ScmEvent event;
    std::string repository;  // canonical path
};

/// How a try stands: rows as they are, for showing.
struct TryState {
    WorkflowRun run;
    std::vector<StoredStep> steps;
    std::vector<TriedBuild> builds;
    std::vector<StoredStatus> statuses;
    std::map<std::int64_t, std::int64_t> others;  // bad status -> the other run of the commit that made it so
    std::vector<std::string> waiting;             // errors of jobs that wait for their retry
    std::vector<std::string> untold;  // why statuses could not be written as notes, each reason once
    int repeats = 0;                  // steps and builds that a dead process left unfinished
    bool settled = false;             // steps, builds, statuses and reports have ended
};

/// One `heddle try`: the whole engine in this process, on a database that belongs to the repository. Runs of
/// the same repository share it, so an interrupted one is resumed by the next.
class TrySession {
public:
    using Say = std::function<void(const std::string& line)>;  // called from any thread

    /// Checks the request, opens the database and stores the run; nothing works yet. What the user did wrong
    /// is thrown as WrongUse, a database that can't be had as ClusterError.
    TrySession(const Config& config, const TryRequest& request, Say say);
    ~TrySession();
    TrySession(const TrySession&) = delete;
    TrySession& operator=(const TrySession&) = delete;

    const TryRun& run() const;
    /// Job runners and builders begin.
    void start();
    /// They give back what they have in hand, within 10 s.
    void stop();

    /// How it stands now. nullopt: the database does not answer (any more); it may come back. Throws
    /// std::runtime_error when it has stayed away for a minute.
    std::optional<TryState> state();
    /// How long to wait before asking for the state again, so that asking costs little of what it watches.
    std::chrono::milliseconds pause() const;
    /// The last lines of a build's log.
    std::string log_tail(std::int64_t build_id, int lines);

private:
    TryState read_state();

    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace heddle
