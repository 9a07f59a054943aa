// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "app/postgres/run_store.hpp"

namespace heddle {

/// Who looks at runs (design 6.3): everybody sees those of public repositories unless public_status is off,
/// users those of the tokens that they execute or that are shared with them too, administrators all.
struct Viewer {
    std::optional<std::int64_t> user_id;  // nullopt: a stranger
    bool administrator = false;
    bool public_status = true;
};

/// False also for a run that does not exist: the two can't be told apart.
bool may_see_run(pqxx::transaction_base& tx, const Viewer& viewer, std::int64_t run_id);

/// A run in a list. Of the event only what stands in one line: class, kind, number, title, branch, tag,
/// repository, commit.
struct RunLine {
    std::int64_t id = 0;
    RunStatus status = RunStatus::Queued;
    std::string message;
    ScmEvent event;
    std::string created_at;  // RFC 3339, UTC
};

struct RunLineFilter {
    std::optional<RunStatus> status;
    std::string repository;  // full name; empty: all
    std::optional<std::int64_t>
        before;  // run id, the last one of the page before; nullopt: from the newest on
    int limit = 30;
};

/// Those that the viewer may see, newest first.
std::vector<RunLine> list_visible_runs(pqxx::transaction_base& tx,
                                       const Viewer& viewer,
                                       const RunLineFilter& filter);

}  // namespace heddle
