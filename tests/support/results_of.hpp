// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "workflows/ports/build_service.hpp"

namespace heddle::test {

/// What a build service says about one package that is asked for alone; empty: nothing.
inline std::vector<BuildResult> results_of(BuildService& service, const PackageRef& package) {
    return service.results(package.project, {package.package})[package.package];
}

}  // namespace heddle::test
