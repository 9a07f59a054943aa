// SPDX-License-Identifier: Apache-2.0
#include "workflows/steps/step_kinds.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "workflows/steps/step.hpp"
#include "workflows/steps/step_makers.hpp"

namespace heddle {
namespace {

struct StepKind {
    std::string_view name;  // as users write it
    std::shared_ptr<const Step> (*make)(const DefinitionNode&, const DefinitionNode&, Problems&);
};

constexpr std::array kStepKinds{
    StepKind{"branch_package", make_branch_package},
    StepKind{"link_package", make_link_package},
    StepKind{"configure_repositories", make_configure_repositories},
    StepKind{"rebuild_package", make_rebuild_package},
    StepKind{"trigger_services", make_trigger_services},
    StepKind{"set_flags", make_set_flags},
    StepKind{"link_project", make_link_project},
    StepKind{"submit_request", make_submit_request},
};

const StepKind* find_kind(std::string_view name) {
    const auto* found = std::find_if(
        kStepKinds.begin(), kStepKinds.end(), [&](const StepKind& kind) { return kind.name == name; });
    return found == kStepKinds.end() ? nullptr : found;
}

std::string shape_problem(const std::string& step, const DefinitionNode& instructions) {
    if (instructions.is_empty())
        return step + " has no instructions; its keys must be indented below its name";
    return step + " needs a mapping of keys, not " + std::string(kind_in_words(instructions));
}

}  // namespace

bool is_step(std::string_view name) { return find_kind(name) != nullptr; }

std::vector<std::string_view> step_names() {
    std::vector<std::string_view> names;
    for (const StepKind& kind : kStepKinds) names.push_back(kind.name);
    return names;
}

std::shared_ptr<const Step> make_step(const DefinitionNode& key,
                                      const DefinitionNode& instructions,
                                      Problems& problems) {
    const auto refuse = [&](const std::string& message) {
        problems.push_back({key.line, key.column, message});
        return nullptr;
    };
    const StepKind* kind = find_kind(key.text);
    if (kind == nullptr) throw std::logic_error("no step of that name: " + key.text);
    if (!instructions.is_map()) return refuse(shape_problem(key.text, instructions));
    const std::size_t before = problems.size();
    std::shared_ptr<const Step> step = kind->make(key, instructions, problems);
    return problems.size() == before ? step : nullptr;
}

}  // namespace heddle
