// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace heddle::test {

/// The folder of the project's sources.
std::filesystem::path source_root();

}  // namespace heddle::test
