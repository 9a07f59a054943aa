// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "workflows/model/package_ref.hpp"

namespace heddle {

/// What a build is called on the page of its run, "project/package/repository/architecture": one text, fit
/// for the id of an element in HTML and for the fragment of a URL that leads there (RFC 3986, section 3.5).
std::string build_anchor(const PackageRef& package,
                         const std::string& repository,
                         const std::string& architecture);

}  // namespace heddle
