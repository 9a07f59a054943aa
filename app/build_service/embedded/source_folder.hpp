// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/build_service/embedded/build_store.hpp"

namespace heddle {

/// At most so much becomes the sources of one package.
inline constexpr std::uint64_t kMaxFolderBytes = std::uint64_t{64} << 20;
inline constexpr std::size_t kMaxFolderFiles = 10'000;

/// The files below a folder, by name, with their executable bit; a folder .git is left out. Symlinks that
/// lead to a file inside of the folder become that file; none leads out, whoever changes the folder
/// meanwhile. Throws WrongUse: unreadable, too much, names or kinds of files that can't be kept.
std::vector<SourceFile> read_source_folder(const std::string& folder);

}  // namespace heddle
