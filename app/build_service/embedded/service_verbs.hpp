// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/build_service/embedded/ensured_package.hpp"
#include "app/build_service/embedded/service_call.hpp"
#include "workflows/ports/build_service.hpp"

namespace heddle {

// The verbs of the embedded build service inside of one transaction. Contracts:
// workflows/ports/build_service.hpp.

void create_project(const ServiceCall& call, const NewProject& project);
bool delete_project(const ServiceCall& call, const std::string& name, const std::string& comment);
bool restore_project(const ServiceCall& call, const std::string& name);

void link_project(const ServiceCall& call, const std::string& source, const std::string& target);
bool unlink_project(const ServiceCall& call, const std::string& source, const std::string& target);

void branch_package(const ServiceCall& call,
                    const PackageRef& source,
                    const PackageRef& target,
                    const BranchOptions& options);
SourceRevision link_package(const ServiceCall& call,
                            const PackageRef& source,
                            const PackageRef& target,
                            const std::string& run);
bool delete_package(const ServiceCall& call, const PackageRef& ref);

/// Creates a package without a revision in a locked project. Its name is free, and checked here.
StoredPackage insert_package_in(const ServiceCall& call, const StoredProject& project, StoredPackage package);

/// Creates a package in an existing project. Does nothing if it exists with the same origin; refuses to turn
/// an existing one into something else.
SourceRevision create_package(const ServiceCall& call,
                              const PackageRef& ref,
                              const std::optional<std::string>& scmsync,
                              const Sources& sources);

/// Makes the package without a revision, as nobody's work, or points one that was made so elsewhere.
EnsuredPackage ensure_package(const ServiceCall& call, const PackageRef& ref, const std::string& scmsync);

SourceRevision write_file(const ServiceCall& call,
                          const PackageRef& ref,
                          const std::string& name,
                          const std::string& content,
                          const std::string& run);
SourceRevision rebuild_package(const ServiceCall& call, const PackageRef& ref);

void configure_repositories(const ServiceCall& call,
                            const std::string& project,
                            const std::vector<RepositoryConfig>& repositories);
void set_flags(const ServiceCall& call, const std::vector<FlagSetting>& settings);

ResultsByPackage results_of(pqxx::transaction_base& tx,
                            const std::string& project,
                            const std::vector<std::string>& packages);
std::vector<BuildEvent> latest_events(pqxx::transaction_base& tx,
                                      const std::string& project,
                                      const std::vector<std::string>& packages);

/// Why a file can't be kept under that name; nullopt: it can.
std::optional<std::string> why_refused_file(const std::string& name);

}  // namespace heddle
