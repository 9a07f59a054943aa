// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "tests/support/source_root.hpp"

namespace heddle::test {

/// A folder of the files that are shared with other projects and read where they lie: $HEDDLE_SHARED, else
/// beside this project. Nothing when it is not there; the test that asks says so.
inline std::optional<std::filesystem::path> shared_folder(const std::string& name) {
    const char* given = std::getenv("HEDDLE_SHARED");
    const std::filesystem::path shared =
        given ? std::filesystem::path(given) : source_root() / ".." / "shared";
    if (!std::filesystem::is_directory(shared / name)) return std::nullopt;
    return shared / name;
}

}  // namespace heddle::test
