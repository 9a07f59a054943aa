// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/support/forge_payloads.hpp"
#include "tests/support/step_world.hpp"
#include "workflows/definition/definition.hpp"
#include "workflows/definition/filters.hpp"
#include "workflows/engine.hpp"
#include "workflows/plan.hpp"
#include "workflows/webhooks/webhook.hpp"

namespace heddle::test {

/// A whole commit id that begins with the digits that a vector writes: Heddle takes no shorter ones.
std::string commit_id(const std::string& digits);

/// Of openSUSE/repo123 and its pull request 1 into "master", head commit_id("123456789"); pushes go to "main"
/// with commit_id("456") and the tag release_abc.
Happening of_repo123(const std::string& what);

/// What a webhook request of that forge becomes. Not signed: that is the inbox's.
ParsedWebhook received(ForgeKind kind, const Happening& happening);

/// The same for a delivery that must be accepted; fails the test otherwise.
ScmEvent event_of(ForgeKind kind, const Happening& happening);

/// The definition that a file is for an event; fails the test with the file's problems when it is none.
Definition definition_of(const std::string& file, const ScmEvent& event);

Plan plan_of(const std::string& file, const ScmEvent& event);
/// Does its one workflow run?
FilterVerdict verdict_on(const std::string& file, const ScmEvent& event);
/// "line:column sentence" per problem; "" where there is none.
std::string problems_of(const std::string& file, const ScmEvent& event);

/// What a run reaches, in memory, from event and file to the build service.
struct VectorWorld : StepWorld {
    /// Deletes what a closing event deletes, then runs the file's workflows.
    RunReport run_file(const std::string& file, const ScmEvent& event);
};

}  // namespace heddle::test
