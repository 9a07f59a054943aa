// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "app/forges/git/library.hpp"
#include "app/forges/git/mirror.hpp"

namespace heddle {

/// Writes the files of a commit into `target`, see Mirrors::check_out(). The files are readable by everybody
/// whatever the umask is: `target` itself decides who gets there. Throws RemoteError; DamagedRepository when
/// an object is missing or broken.
CheckedOut write_commit_files(::git_repository* repository,
                              const git_oid& commit,
                              const std::filesystem::path& target,
                              std::uint64_t max_bytes,
                              const std::string& doing);

}  // namespace heddle
