// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "workflows/model/package_ref.hpp"
#include "workflows/model/problem.hpp"
#include "workflows/ports/build_service.hpp"
#include "workflows/ports/run_log.hpp"

namespace heddle {

struct Definition;
struct ScmEvent;

/// How an attempt ended. Exists only after it ended; a failing step is `ok == false` with its sentence.
struct RunReport {
    bool ok = true;
    std::string message;                 // one sentence for the run and the started status
    Problems problems;                   // of the definition with this event
    std::vector<PackageRef> subscribed;  // every package whose builds concern the commit, without repeats
};

/// Ends the life of a closed or merged pull request's projects: deletes exactly those recorded for it,
/// whatever file and filters say now (design 4.8). Does nothing for other events. Returns those that were
/// still there, for the steps to tell. Throws RemoteError.
std::vector<std::string> delete_projects_of_closed(const ScmEvent& event, BuildService& builds, RunLog& log);

/// The whole middle of the program: matches filters, runs the steps of matching workflows in order of the
/// file, stops at the first step that can't work. Calls out only through the two ports. RemoteError of kind
/// Retry passes through (the job is tried again); GiveUp and BadCredentials end the attempt as failed. `run`
/// marks what is made ("heddle run 12"), `token_label` goes into comments, `deleted` is what
/// delete_projects_of_closed() has returned.
RunReport run_workflows(const ScmEvent& event,
                        const Definition& definition,
                        BuildService& builds,
                        RunLog& log,
                        const std::string& run,
                        const std::string& token_label,
                        const std::vector<std::string>& deleted = {});

}  // namespace heddle
