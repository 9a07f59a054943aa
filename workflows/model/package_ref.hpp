// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string>

namespace heddle {

/// A package of a build service by its name.
struct PackageRef {
    std::string project;
    std::string package;

    auto operator<=>(const PackageRef&) const = default;
};

/// "project/package", for messages and keys.
inline std::string to_string(const PackageRef& ref) { return ref.project + "/" + ref.package; }

}  // namespace heddle
