// SPDX-License-Identifier: Apache-2.0
#include "tests/support/definitions.hpp"

namespace heddle::test {

Workflow a_workflow(const std::string& name,
                    int line,
                    const std::vector<std::pair<std::string, std::shared_ptr<const Step>>>& steps) {
    Workflow workflow;
    workflow.name = name;
    workflow.line = line;
    for (const auto& [step, made] : steps) workflow.steps.push_back({step, ++line, made});
    return workflow;
}

Workflow only_for(Workflow workflow, const std::string& event) {
    Filters::Event filter;
    filter.name = event;
    filter.line = workflow.line + 20;
    workflow.filters.event = filter;
    return workflow;
}

NameFilter a_branches_filter(const std::string& branch, int line) {
    NameFilter filter;
    filter.only = {branch};
    filter.line = line;
    return filter;
}

}  // namespace heddle::test
