// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "workflows/definition/definition.hpp"
#include "workflows/model/scm_event.hpp"

namespace heddle {

/// Whether a workflow runs for an event, and the deciding filter in a sentence with its line
/// ("branch \"dev\" is not in filters.branches.only, line 14").
struct FilterVerdict {
    bool runs = false;
    std::string because;
    std::optional<Problem>
        problem;  // a branches filter met a tag push: an error at call time (reference 5.4)
};

FilterVerdict judge_filters(const Workflow& workflow, const ScmEvent& event, bool merge_request_alias);

}  // namespace heddle
