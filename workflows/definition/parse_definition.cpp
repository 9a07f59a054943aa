// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "workflows/definition/definition.hpp"
#include "workflows/definition/findings.hpp"
#include "workflows/definition/parse_filters.hpp"
#include "workflows/definition/parse_steps.hpp"
#include "workflows/definition/placeholders.hpp"
#include "workflows/definition/read_tree.hpp"
#include "workflows/definition/version.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using Entry = DefinitionNode::Entry;
using Kind = DefinitionNode::Kind;

// What is stored with a run and shown to people stays readable, whatever a file holds.
constexpr std::size_t kMostShown = 100;

const std::vector<std::string_view> kWorkflowKeys{"steps", "filters"};

bool is_workflow_key(const std::string& key) { return key == "steps" || key == "filters"; }

/// Above the first workflow OBS accepts any text that compares as a version; a mapping is a workflow.
bool is_version_entry(const Entry& entry) { return entry.first.text == "version" && !entry.second.is_map(); }

bool parse_version(const DefinitionNode& root, Findings& findings) {
    const DefinitionNode* version = root.find("version");
    if (!version || version->is_map() || version->kind == Kind::Null) return true;
    if (version->is_scalar() && is_version(version->text)) return has_merge_request_alias(version->text);
    if (version->is_scalar())
        findings.problem(*version, quoted(version->text) + " is no version: write major.minor, as in 1.1");
    else
        findings.problem(
            *version,
            "\"version\" must be major.minor, as in 1.1, not " + std::string(kind_in_words(*version)));
    return true;
}

/// One workflow of the file.
class WorkflowParser {
public:
    WorkflowParser(const Entry& entry, bool merge_request_alias, Findings& findings)
        : key_(entry.first),
          value_(entry.second),
          merge_request_alias_(merge_request_alias),
          findings_(findings) {}

    Workflow parse() {
        Workflow workflow{.name = key_.text, .line = key_.line, .filters = {}, .steps = {}};
        if (!value_.is_map()) {
            findings_.problem(value_,
                              "the workflow " + quoted(key_.text) +
                                  " must be a mapping with \"steps\", not " +
                                  std::string(kind_in_words(value_)));
            return workflow;
        }
        bool has_steps = false;
        for (const Entry& entry : value_.entries) {
            has_steps = has_steps || entry.first.text == "steps";
            if (entry.first.text == "steps")
                workflow.steps = parse_steps(entry.first, entry.second, findings_);
            else if (entry.first.text == "filters")
                parse_workflow_filters(entry, workflow);
            else
                parse_other(entry);
        }
        if (!has_steps) findings_.problem(key_, "the workflow " + quoted(key_.text) + " has no \"steps\"");
        return workflow;
    }

private:
    void parse_workflow_filters(const Entry& entry, Workflow& workflow) {
        const bool below_is_beside =
            entry.second.kind == Kind::Null &&
            std::any_of(value_.entries.begin(), value_.entries.end(), [](const Entry& other) {
                return is_filter(other.first.text);
            });
        // The sentence for that is given at the filter.
        if (!below_is_beside) workflow.filters = parse_filters(entry.second, merge_request_alias_, findings_);
    }

    void parse_other(const Entry& entry) {
        const std::string& key = entry.first.text;
        const DefinitionNode* filters = value_.find("filters");
        if (is_filter(key) && filters && filters->kind == Kind::Null) {
            findings_.problem(entry.first, quoted(key) + " must be indented deeper than \"filters\"");
            return;
        }
        findings_.warning(entry.first, quoted(key) + " has no effect in a workflow: " + advice(key));
    }

    static std::string advice(const std::string& key) {
        if (is_filter(key)) return "put it below \"filters\"";
        if (key == "version") return "it belongs to the top of the file";
        if (const auto meant = closest_word(key, kWorkflowKeys))
            return "did you mean " + quoted(*meant) + "?";
        return "there are \"steps\" and \"filters\"";
    }

    const DefinitionNode& key_;
    const DefinitionNode& value_;
    const bool merge_request_alias_;
    Findings& findings_;
};

/// The mapping of names to workflows.
class RootParser {
public:
    RootParser(const DefinitionNode& root, Definition& definition, Findings& findings)
        : root_(root), definition_(definition), findings_(findings) {}

    void parse() {
        definition_.merge_request_alias = parse_version(root_, findings_);
        for (std::size_t i = 0; i < root_.entries.size(); ++i) parse_entry(i);
    }

private:
    void parse_entry(std::size_t index) {
        const Entry& entry = root_.entries[index];
        if (is_version_entry(entry)) return;
        if (is_misplaced(index)) return report_misplaced(entry.first);
        const bool lost_its_content = entry.second.kind == Kind::Null && is_misplaced(index + 1);
        emptied_ = lost_its_content ? &entry.first : nullptr;
        if (lost_its_content) return;
        WorkflowParser parser(entry, definition_.merge_request_alias, findings_);
        definition_.workflows.push_back(parser.parse());
    }

    /// Does "steps" or "filters" stand here, beside the names of workflows?
    bool is_misplaced(std::size_t index) const {
        if (index >= root_.entries.size()) return false;
        const auto& [key, value] = root_.entries[index];
        return is_workflow_key(key.text) && !value.find("steps");
    }

    void report_misplaced(const DefinitionNode& key) {
        const std::string name = quoted(key.text);
        if (emptied_)
            findings_.problem(
                key,
                name + " must be indented deeper than the name of its workflow, " + quoted(emptied_->text));
        else
            findings_.problem(
                key,
                name + " belongs to no workflow: name one above it and indent all of this below that name");
    }

    const DefinitionNode& root_;
    Definition& definition_;
    Findings& findings_;
    const DefinitionNode* emptied_ = nullptr;  // the workflow above, whose content stands beside it
};

Definition parse_root(const DefinitionNode& root, Findings& findings) {
    Definition definition;
    if (root.is_map())
        RootParser(root, definition, findings).parse();
    else if (root.kind == Kind::Null)
        findings.problem(DefinitionNode{}, "the file holds no workflow");
    else
        findings.problem(
            root,
            "the file must be a mapping of names to workflows, not " + std::string(kind_in_words(root)));
    return definition;
}

void put_in_order(Problems& problems) {
    std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
        return std::pair(a.line, a.column) < std::pair(b.line, b.column);
    });
    if (problems.size() <= kMostShown) return;
    const std::size_t left_out = problems.size() - kMostShown;
    problems.resize(kMostShown);
    problems.push_back({problems.back().line,
                        problems.back().column,
                        "there are " + std::to_string(left_out) + " more of this kind further down"});
}

ParsedDefinition parse(const std::string& text, const PlaceholderValues& values) {
    ReadTree tree = read_tree(text, values);
    Findings findings{std::move(tree.problems), std::move(tree.warnings)};
    ParsedDefinition parsed;
    Definition definition;
    if (tree.root)
        definition = parse_root(*tree.root, findings);
    else if (findings.problems.empty())
        findings.problem(DefinitionNode{}, "the file holds no workflow");
    if (findings.problems.empty()) parsed.definition = std::move(definition);
    parsed.problems = std::move(findings.problems);
    parsed.warnings = std::move(findings.warnings);
    put_in_order(parsed.problems);
    put_in_order(parsed.warnings);
    return parsed;
}

}  // namespace

ParsedDefinition parse_definition(const std::string& text, const ScmEvent& event) {
    return parse(text, placeholder_values(event));
}

ParsedDefinition check_definition(const std::string& text) {
    return parse(text, sample_placeholder_values());
}

}  // namespace heddle
