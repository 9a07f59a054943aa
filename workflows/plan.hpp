// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "workflows/model/problem.hpp"
#include "workflows/steps/step.hpp"

namespace heddle {

struct Definition;

struct PlannedStep {
    std::string step;
    StepPlan plan;
};

struct PlannedWorkflow {
    std::string name;
    int line = 0;
    bool runs = false;
    std::string because;
    std::vector<PlannedStep> steps;
};

/// Which workflows match and what each step would do, without asking anyone. The engine executes exactly
/// this.
struct Plan {
    Problems problems;  // met only with this event (a branches filter on a tag push)
    std::vector<PlannedWorkflow> workflows;
};

Plan make_plan(const Definition& definition, const ScmEvent& event);

}  // namespace heddle
