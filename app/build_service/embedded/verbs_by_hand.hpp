// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/build_service/embedded/service_call.hpp"
#include "workflows/ports/build_service.hpp"

namespace heddle {

// What people do by hand, inside of one transaction: each change has its row in the audit log, in the
// executor's name.

/// Creates a project with its repositories, or adds repositories to one that is there.
void create_project_by_hand(const ServiceCall& call,
                            const std::string& name,
                            const std::vector<RepositoryConfig>& repositories);
/// False: there was none.
bool delete_project_by_hand(const ServiceCall& call, const std::string& name);

/// Who joins the maintainers of a project, and who leaves: logins.
struct MaintainerChanges {
    std::vector<std::string> joining;
    std::vector<std::string> leaving;
};
/// Throws WrongUse for a login that is no user's, for one that is no maintainer's, and when nobody would be
/// left.
void change_maintainers(const ServiceCall& call,
                        const std::string& project,
                        const MaintainerChanges& changes);

/// create_package(); see there.
SourceRevision create_package_by_hand(const ServiceCall& call,
                                      const PackageRef& ref,
                                      const std::optional<std::string>& scmsync,
                                      const Sources& sources);
/// False: there was none.
bool delete_package_by_hand(const ServiceCall& call, const PackageRef& ref);

}  // namespace heddle
