// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/arguments.hpp"
#include "app/compose_build_service.hpp"

namespace heddle {

/// Prints the log of a package's newest build; with --follow until the build has ended. Control characters of
/// the log do not reach a terminal. Returns the exit code: 1 when there is no log to print.
int print_package_log(BuildServiceDesk& desk, const PackageRef& ref, const PackageArguments& arguments);

}  // namespace heddle
