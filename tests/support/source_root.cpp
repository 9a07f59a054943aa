// SPDX-License-Identifier: Apache-2.0
#include "tests/support/source_root.hpp"

namespace heddle::test {

std::filesystem::path source_root() { return HEDDLE_SOURCE_ROOT; }

}  // namespace heddle::test
