// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace heddle {

/// Throws WrongUse unless `name` can be that of `what` ("a login"): it becomes part of paths and of lines of
/// a log.
void check_account_name(const std::string& what, const std::string& name);

}  // namespace heddle
