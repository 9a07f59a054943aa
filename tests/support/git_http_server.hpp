// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "tests/support/stand_in_server.hpp"

namespace heddle::test {

/// Answers a request as git's own HTTP server does, for the repositories below `root`: target "/name/..." is
/// the folder root/name.
StandInAnswer answer_as_git(const std::filesystem::path& root, const StandInRequest& request);

}  // namespace heddle::test
