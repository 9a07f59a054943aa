// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/forges/git/library.hpp"

namespace heddle {

/// One file of a commit, see Mirrors::read_file(). Throws RemoteError; DamagedRepository when an object is
/// missing or broken.
std::optional<std::string> read_commit_file(::git_repository* repository,
                                            const git_oid& commit,
                                            const std::string& path,
                                            std::uint64_t max_bytes,
                                            const std::string& doing);

}  // namespace heddle
