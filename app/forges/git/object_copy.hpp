// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "app/forges/git/library.hpp"

namespace heddle {

/// Folders nested deeper than this are refused.
inline constexpr int kMaxTreeDepth = 256;

/// Copies one commit and everything that its tree holds, but not its parents, from the repository of this
/// machine at `source` into `mirror`. What the mirror has already is not copied. Contents come before what
/// names them and the commit last: a commit or folder that is there is complete, also after a kill. The
/// source is read with its owner's permissions. Throws RemoteError; GiveUp "commit is no longer in the
/// repository".
void copy_commit(const std::filesystem::path& source,
                 const git_oid& commit,
                 ::git_repository* mirror,
                 const std::string& doing);

}  // namespace heddle
