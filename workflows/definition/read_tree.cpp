// SPDX-License-Identifier: Apache-2.0
#include "workflows/definition/read_tree.hpp"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>

#include "workflows/definition/source_text.hpp"
#include "workflows/definition/tree_builder.hpp"

namespace heddle {
namespace {

/// The parser takes any line that begins with "%" for a directive and drops it without a word, in the middle
/// of a document too. Directives may stand before everything else only.
std::optional<std::size_t> misplaced_directive(std::string_view text) {
    bool at_top = true;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::string_view line = line_around(text, begin);
        const bool known = line.starts_with("%YAML ") || line.starts_with("%TAG ");
        if (line.starts_with('%') && !(at_top && known)) return begin;
        if (!line.empty() && line.front() != '%' && line.front() != '#') at_top = false;
        begin = text.find('\n', begin);
        if (begin != std::string_view::npos) ++begin;
    }
    return std::nullopt;
}

std::optional<YamlRefusal> build(TreeBuilder& builder, const std::string& text) {
    if (const auto offset = misplaced_directive(text))
        return YamlRefusal{*offset, "a line can't begin with \"%\": put it in quotes"};
    try {
        std::istringstream in(text);
        YAML::Parser parser(in);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const TreeBuilder::Refused& refused) {
        return YamlRefusal{refused.offset, refused.what()};
    } catch (const YAML::Exception& error) {
        return explain_yaml_error(error, text, builder.open_flow());
    }
    if (const auto quote = builder.open_quote()) return YamlRefusal{*quote, "this quote is never closed"};
    return std::nullopt;
}

}  // namespace

ReadTree read_tree(const std::string& text, const PlaceholderValues& values) {
    if (auto objection = why_not_text(text)) return {.root = {}, .problems = {*objection}, .warnings = {}};
    const std::string_view original = without_byte_order_mark(text);
    const MarkedText marked(original);
    TreeBuilder builder(original, marked, values);
    const auto refusal = build(builder, marked.text());
    ReadTree read = builder.take();
    if (refusal) {
        read.problems.push_back(PlaceFinder(original).problem(refusal->offset, refusal->message));
        read.root.reset();
    }
    return read;
}

}  // namespace heddle
