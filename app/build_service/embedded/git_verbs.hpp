// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/build_service/embedded/service_call.hpp"
#include "app/build_service/embedded/source_url.hpp"
#include "workflows/ports/build_service.hpp"

namespace heddle {

// Verbs on packages that are kept in git come in three parts: look (a transaction), ask git (none), write
// (another transaction, which looks again).

/// Throws GiveUp unless the package may be pointed at `url`.
void check_scmsync(const ServiceCall& call, const PackageRef& ref, const SourceUrl& url);
/// Points it there. `commit` is what the fragment of `url` means now.
SourceRevision write_scmsync(const ServiceCall& call,
                             const PackageRef& ref,
                             const std::string& url,
                             const std::string& commit,
                             const std::string& run);

/// A package whose services can be run, as it was found.
struct TrackedPackage {
    std::string scmsync;
    std::optional<ServiceRun> done;  // this run did it already
};
TrackedPackage look_at_tracked(const ServiceCall& call, const PackageRef& ref, const std::string& run);

/// Which commit a trigger leads to.
struct TriggeredCommit {
    std::string commit;
    std::string instead;  // why it is not the trigger's own commit, for people; empty: it is
};

/// Builds that commit, unless it is what the package is at already. Throws Retry if the package was pointed
/// elsewhere since it was looked at.
ServiceRun write_triggered(const ServiceCall& call,
                           const PackageRef& ref,
                           const std::string& scmsync,
                           const TriggeredCommit& triggered,
                           const ServiceTrigger& trigger);

}  // namespace heddle
