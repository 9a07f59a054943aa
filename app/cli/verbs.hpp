// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/arguments.hpp"

namespace heddle {

// One function per verb, each in the file of its name (verb_try.cpp ...). They return the exit code: 0 done,
// 1 it failed, 2 wrong use. What they throw becomes one sentence on stderr and exit 1 (main.cpp).
int run_try(const GlobalArguments& global, const TryArguments& arguments);
int run_validate(const GlobalArguments& global, const ValidateArguments& arguments);
int run_plan(const GlobalArguments& global, const PlanArguments& arguments);
int run_project(const GlobalArguments& global, const ProjectArguments& arguments);
int run_package(const GlobalArguments& global, const PackageArguments& arguments);
int run_request(const GlobalArguments& global, const RequestArguments& arguments);
int run_runs(const GlobalArguments& global, const RunsArguments& arguments);
int run_deliveries(const GlobalArguments& global, const DeliveriesArguments& arguments);
int run_replay(const GlobalArguments& global, const ReplayArguments& arguments);
int run_jobs(const GlobalArguments& global, const JobsArguments& arguments);
int run_token(const GlobalArguments& global, const TokenArguments& arguments);
int run_group(const GlobalArguments& global, const GroupArguments& arguments);
int run_user(const GlobalArguments& global, const UserArguments& arguments);
int run_forge(const GlobalArguments& global, const ForgeArguments& arguments);
int run_key(const GlobalArguments& global, const KeyArguments& arguments);
int run_obs(const GlobalArguments& global, const ObsArguments& arguments);
int run_serve(const GlobalArguments& global, const ServeArguments& arguments);
int run_migrate(const GlobalArguments& global, const MigrateArguments& arguments);
int run_doctor(const GlobalArguments& global, const DoctorArguments& arguments);
int run_version(const GlobalArguments& global, const VersionArguments& arguments);
int run_completion(const GlobalArguments& global, const CompletionArguments& arguments);
int run_keep_cluster(const GlobalArguments& global, const KeepClusterArguments& arguments);

}  // namespace heddle
