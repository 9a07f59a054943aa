// SPDX-License-Identifier: Apache-2.0
#include "workflows/definition/instruction_keys.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using Words = std::vector<std::string_view>;

struct StepKeys {
    std::string_view step;
    Words keys;
    std::string_view list;  // the one of them that is a list of mappings, with the keys of these
    Words keys_in_list;
};

const std::vector<StepKeys>& all_keys() {
    static const Words kPackages{"source_project", "source_package", "target_project", "target_package"};
    static const std::vector<StepKeys> kKeys{
        {"branch_package",
         {"source_project", "source_package", "target_project", "target_package", "add_repositories"},
         "",
         {}},
        {"link_package", kPackages, "", {}},
        {"configure_repositories",
         {"project", "repositories"},
         "repositories",
         {"name", "paths", "architectures", "rebuild", "linkedbuild"}},
        {"rebuild_package", {"project", "package"}, "", {}},
        {"trigger_services", {"project", "package"}, "", {}},
        {"set_flags",
         {"flags"},
         "flags",
         {"type", "status", "project", "package", "repository", "architecture"}},
        {"link_project", {"source_project", "target_project"}, "", {}},
        {"submit_request",
         {"source_project", "source_package", "target_project", "target_package", "description"},
         "",
         {}},
    };
    return kKeys;
}

bool is_one_of(const Words& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

void warn(const std::string& owner, const DefinitionNode& map, const Words& known, Findings& findings) {
    for (const auto& [key, value] : map.entries) {
        if (is_one_of(known, key.text)) continue;
        const auto meant = closest_word(key.text, known);
        findings.warning(key,
                         quoted(key.text) + " of " + owner + " has no effect" +
                             (meant ? ": did you mean " + quoted(*meant) + "?" : ""));
    }
}

}  // namespace

bool is_instruction(std::string_view key) {
    const auto& all = all_keys();
    return std::any_of(
        all.begin(), all.end(), [&](const StepKeys& step) { return is_one_of(step.keys, key); });
}

void warn_of_unread_keys(std::string_view step, const DefinitionNode& instructions, Findings& findings) {
    const auto& all = all_keys();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const StepKeys& each) { return each.step == step; });
    if (found == all.end()) return;
    warn(std::string(step), instructions, found->keys, findings);
    const DefinitionNode* list = found->list.empty() ? nullptr : instructions.find(found->list);
    if (!list || !list->is_list()) return;
    for (const DefinitionNode& item : list->items)
        warn(std::string(found->list) + " in " + std::string(step), item, found->keys_in_list, findings);
}

}  // namespace heddle
