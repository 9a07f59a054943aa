// SPDX-License-Identifier: Apache-2.0
// Workflow files: what a stranger can put into a repository or into the label of a pull request.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/fuzz/require.hpp"
#include "workflows/definition/definition.hpp"
#include "workflows/definition/placeholders.hpp"
#include "workflows/definition/read_tree.hpp"
#include "workflows/plan.hpp"

using namespace heddle;

namespace {

/// Number of characters of each line; a byte that begins no character counts as none.
std::vector<int> line_lengths(const std::string& text) {
    std::vector<int> lengths{0};
    const std::size_t begin = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    for (std::size_t at = begin; at < text.size(); ++at) {
        if (text[at] == '\n')
            lengths.push_back(0);
        else if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80)
            ++lengths.back();
    }
    return lengths;
}

void check_places(const Problems& problems, const std::vector<int>& lengths) {
    REQUIRE(problems.size() <= 101);
    const auto before = [](const Problem& a, const Problem& b) {
        return std::pair(a.line, a.column) < std::pair(b.line, b.column);
    };
    REQUIRE(std::is_sorted(problems.begin(), problems.end(), before));
    for (const Problem& problem : problems) {
        REQUIRE(!problem.message.empty());
        REQUIRE(problem.message.find_first_of("\n\r\x1b") == std::string::npos);
        REQUIRE(problem.message.size() < 2000);
        if (problem.line == 0) {
            REQUIRE(problem.column == 0);
            continue;
        }
        REQUIRE(problem.line > 0 && problem.line <= static_cast<int>(lengths.size()));
        REQUIRE(problem.column > 0);
        REQUIRE(problem.column <= lengths[static_cast<std::size_t>(problem.line) - 1] + 1);
    }
}

/// One of the three classes that start workflows.
ScmEvent an_event(std::size_t choice, const std::string& label) {
    constexpr std::array classes{EventClass::PullRequest, EventClass::Push, EventClass::TagPush};
    ScmEvent event;
    event.event_class = classes[choice % classes.size()];
    event.repository = {"group/sub/name", "group/sub", "name", "", "", ""};
    event.commit_sha = std::string(40, 'c');
    event.label = label;
    event.labels = {label};
    if (event.event_class == EventClass::PullRequest) event.kind = PullRequestKind::Labeled, event.number = 7;
    if (event.event_class == EventClass::TagPush) event.tag = "v1";
    if (event.event_class != EventClass::TagPush) event.target.branch = "main";
    return event;
}

std::string shown(const Plan& plan) {
    std::string all;
    for (const Problem& problem : plan.problems) all += problem.message + "\n";
    for (const PlannedWorkflow& workflow : plan.workflows) {
        all += workflow.name + (workflow.runs ? " runs: " : " rests: ") + workflow.because + "\n";
        for (const PlannedStep& step : workflow.steps)
            all += step.step + " " + std::string(to_string(step.plan.action)) + " " +
                   to_string(step.plan.target) + "\n";
    }
    return all;
}

void check(const ParsedDefinition& parsed, const std::vector<int>& lengths) {
    REQUIRE(parsed.definition.has_value() == parsed.problems.empty());
    check_places(parsed.problems, lengths);
    check_places(parsed.warnings, lengths);
    if (!parsed.definition) return;
    for (const Workflow& workflow : parsed.definition->workflows) {
        REQUIRE(workflow.line > 0 && workflow.line <= static_cast<int>(lengths.size()));
        for (const DefinedStep& step : workflow.steps) REQUIRE(step.step != nullptr);
    }
}

/// Is it YAML? Never the values of the placeholders decide that.
bool is_tree(const std::string& text, const std::string& label) {
    PlaceholderValues values = sample_placeholder_values();
    values.label = label;
    return read_tree(text, values).root.has_value();
}

}  // namespace

/// The text up to the first NUL is the file, what follows the label of the event.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input(reinterpret_cast<const char*>(data), size);
    const std::size_t end = std::min(input.find('\0'), input.size());
    const std::string text = input.substr(0, end);
    const std::string label = end < input.size() ? input.substr(end + 1, 100) : "";
    const std::vector<int> lengths = line_lengths(text);

    check(check_definition(text), lengths);
    // 128 KiB hold 16,000 placeholders: only a short label keeps all of them below the limit.
    if (text.size() < 8 * 1024) REQUIRE(is_tree(text, label) == is_tree(text, "label"));
    const ScmEvent event = an_event(text.size(), label);
    const ParsedDefinition parsed = parse_definition(text, event);
    check(parsed, lengths);
    if (!parsed.definition) return 0;
    const Plan plan = make_plan(*parsed.definition, event);
    REQUIRE(plan.workflows.size() == parsed.definition->workflows.size());
    REQUIRE(shown(plan) == shown(make_plan(*parse_definition(text, event).definition, event)));
    return 0;
}
