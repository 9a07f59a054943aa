// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "workflows/model/package_ref.hpp"

namespace heddle {

/// One revision of a package's sources, as the build service names it. Both empty: not known (yet).
struct SourceRevision {
    std::string rev;     // counts up per package: "7"
    std::string srcmd5;  // digest of the sources

    bool operator==(const SourceRevision&) const = default;
    bool known() const { return !rev.empty() || !srcmd5.empty(); }
};

/// A package that a step changed or asked to rebuild: builds of `revision` belong to the run's commit.
struct TouchedPackage {
    PackageRef package;
    SourceRevision revision;
    bool rebuild =
        false;  // no new revision: results belong to the run only if the build began after the request
};

/// What one step did. It exists only after the thing happened; failing is an exception.
struct StepOutcome {
    enum class Status { Done, NotApplicable };

    Status status = Status::Done;
    std::vector<TouchedPackage> touched;
    std::vector<std::string> deleted_projects;  // the engine withdraws what was promised for them
    std::string artifacts = "{}";               // JSON as reference 10.2
    std::string message;                        // one sentence for people: what was done to what
};

}  // namespace heddle
