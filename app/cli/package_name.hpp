// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "workflows/model/names.hpp"
#include "workflows/model/package_ref.hpp"

namespace heddle {

/// Throws WrongUse with the reason for a name that is none of its kind.
void check_name(NameKind kind, const std::string& name);

/// "PROJECT/PACKAGE" taken apart. Throws WrongUse.
PackageRef read_package_name(const std::string& text);

}  // namespace heddle
