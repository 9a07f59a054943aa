// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "workflows/definition/definition.hpp"

namespace heddle::test {

/// A workflow without filters; its steps stand in the lines after `line`.
Workflow a_workflow(const std::string& name,
                    int line,
                    const std::vector<std::pair<std::string, std::shared_ptr<const Step>>>& steps);

/// The same, running only for that event ("push").
Workflow only_for(Workflow workflow, const std::string& event);

/// branches: { only: [branch] }
NameFilter a_branches_filter(const std::string& branch, int line);

}  // namespace heddle::test
