// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "workflows/steps/step.hpp"

namespace heddle {

// Heddle knows what it made (design 4.8): the projects of a pull request come and go through these.

/// Before a pull request's project is made or changed; nothing for other events. Throws RemoteError GiveUp
/// when the name belongs to another pull request.
void claim_project(const StepContext& context, const std::string& project);

/// As claim_project, for a step that makes no project: throws RemoteError GiveUp when it does not exist.
void claim_existing_project(const StepContext& context, const std::string& project);

/// Makes a project that does not exist yet, named after what it is for.
void ensure_project(const StepContext& context, const std::string& project);

/// Deletes a project that is recorded for the event's pull request. False: it was gone already.
bool delete_owned_project(const ScmEvent& event,
                          BuildService& builds,
                          RunLog& log,
                          const std::string& project);

/// Deletes a project if it is recorded for the pull request; else it stays, which is no failure. Says so,
/// too, when the attempt or an earlier one has deleted it.
StepOutcome delete_project_of_pull_request(const StepContext& context, const std::string& project);

/// Brings back a recorded project. Finding nothing to restore is no failure: the update that follows makes
/// it.
void restore_project_of_pull_request(const StepContext& context, const std::string& project);

}  // namespace heddle
