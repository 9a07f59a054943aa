// SPDX-License-Identifier: Apache-2.0
#include "workflows/definition/parse_steps.hpp"

#include <string>

#include "workflows/definition/instruction_keys.hpp"
#include "workflows/model/wording.hpp"
#include "workflows/steps/step_kinds.hpp"

namespace heddle {
namespace {

using Entry = DefinitionNode::Entry;

std::string all_steps() {
    std::vector<std::string> names;
    for (std::string_view name : step_names()) names.emplace_back(name);
    return in_words(names);
}

std::string about_no_step(const std::string& key, const Entry* step_before) {
    if (key == "filters" || key == "steps" || key == "version")
        return quoted(key) + " can't stand beside a step: " +
               (key == "version" ? "it belongs to the top of the file" : "it belongs to the workflow");
    if (step_before && is_instruction(key))
        return quoted(key) + " is no step: as an instruction of " + step_before->first.text +
               " it must be indented deeper than that name";
    if (const auto meant = closest_word(key, step_names()))
        return quoted(key) + " is no step: did you mean " + quoted(*meant) + "?";
    return quoted(key) + " is no step: there are " + all_steps();
}

/// One item of the list: usually one step, several keys are several steps (reference 5.2).
class ItemParser {
public:
    ItemParser(const DefinitionNode& item, std::vector<DefinedStep>& steps, Findings& findings)
        : item_(item), steps_(steps), findings_(findings) {}

    void parse() {
        for (const Entry& entry : item_.entries) {
            if (is_step(entry.first.text))
                parse_step(entry);
            else
                parse_other(entry);
        }
        if (empty_step_) report_empty_step();
    }

private:
    void parse_step(const Entry& entry) {
        if (empty_step_) report_empty_step();
        misindented_ = false;
        step_before_ = &entry;
        const auto& [key, instructions] = entry;
        if (instructions.kind == DefinitionNode::Kind::Null) {
            empty_step_ = &entry;
        } else if (!instructions.is_map()) {
            const std::string hint = instructions.is_list() ? ": leave the dashes out" : "";
            findings_.problem(instructions,
                              "the instructions of " + key.text + " must be a mapping, not " +
                                  std::string(kind_in_words(instructions)) + hint);
        } else {
            warn_of_unread_keys(key.text, instructions, findings_);
            if (auto step = make_step(key, instructions, findings_.problems))
                steps_.push_back({key.text, key.line, std::move(step)});
        }
    }

    void parse_other(const Entry& entry) {
        const bool belongs_to_workflow = entry.first.text == "filters" || entry.first.text == "steps";
        if (!empty_step_ || belongs_to_workflow) {
            if (!misindented_ || belongs_to_workflow)
                findings_.problem(entry.first, about_no_step(entry.first.text, step_before_));
            return;
        }
        // One sentence for all of them: there is one thing to mend.
        findings_.problem(
            entry.first,
            "the instructions of " + empty_step_->first.text + " must be indented deeper than its name");
        misindented_ = true;
        empty_step_ = nullptr;
    }

    void report_empty_step() {
        findings_.problem(empty_step_->first, empty_step_->first.text + " has no instructions");
        empty_step_ = nullptr;
    }

    const DefinitionNode& item_;
    std::vector<DefinedStep>& steps_;
    Findings& findings_;
    const Entry* step_before_ = nullptr;
    const Entry* empty_step_ = nullptr;  // whose name was seen, but no instructions yet
    bool misindented_ = false;
};

std::string about_no_mapping(const DefinitionNode& item) {
    if (item.kind == DefinitionNode::Kind::Null) return "this item of the list holds no step";
    if (item.is_scalar() && is_step(item.text))
        return item.text + " has no instructions: put a \":\" behind its name and indent them below";
    return "a step must be a mapping of its name to its instructions, not " +
           std::string(kind_in_words(item));
}

}  // namespace

std::vector<DefinedStep> parse_steps(const DefinitionNode& key,
                                     const DefinitionNode& steps,
                                     Findings& findings) {
    std::vector<DefinedStep> defined;
    if (!steps.is_list()) {
        const bool empty = steps.kind == DefinitionNode::Kind::Null;
        const std::string hint = steps.is_map() ? ": begin each step with a dash" : "";
        findings.problem(empty ? key : steps,
                         empty ? "\"steps\" holds no step"
                               : "\"steps\" must be a list, not " + std::string(kind_in_words(steps)) + hint);
        return defined;
    }
    bool any = false;
    for (const DefinitionNode& item : steps.items) {
        any = any || !item.is_map() || !item.entries.empty();
        if (!item.is_map())
            findings.problem(item, about_no_mapping(item));
        else if (item.entries.empty())
            findings.warning(item, "this item of the list holds no step");
        else
            ItemParser(item, defined, findings).parse();
    }
    if (!any) findings.problem(key, "\"steps\" holds no step");
    return defined;
}

}  // namespace heddle
