// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "workflows/model/definition_node.hpp"

namespace heddle::test {

// Instructions of a step as the parser would hand them over, written in the test's own lines. `map` puts each
// key on a line of its own below `line`; a value that has no place gets its key's line and column 20.

DefinitionNode text(const std::string& text, int line = 0, int column = 0);
DefinitionNode list(std::vector<DefinitionNode> items, int line = 0, int column = 0);
DefinitionNode map(const std::vector<std::pair<std::string, DefinitionNode>>& entries, int line = 0);
DefinitionNode nothing();

}  // namespace heddle::test
