// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workflows/definition/definition.hpp"
#include "workflows/definition/findings.hpp"

namespace heddle {

/// The filters under the key `filters` of a workflow. What is wrong with them is added to the findings.
Filters parse_filters(const DefinitionNode& filters, bool merge_request_alias, Findings& findings);

/// Is this the name of a filter?
bool is_filter(std::string_view name);

}  // namespace heddle
