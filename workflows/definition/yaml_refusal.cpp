// SPDX-License-Identifier: Apache-2.0
#include "workflows/definition/yaml_refusal.hpp"

#include <yaml-cpp/exceptions.h>

#include <algorithm>
#include <array>

#include "workflows/definition/source_text.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr auto kNone = std::string_view::npos;

/// Where the parser stopped, in the terms of a line.
struct Stop {
    std::string_view text;
    std::size_t offset = 0;
    std::string_view line;
    std::size_t line_begin = 0;
    std::size_t indent = 0;  // blanks before the first character of the line

    std::size_t first() const { return line_begin + indent; }
    bool at_first() const { return offset <= first(); }
    char character() const { return offset < text.size() ? text[offset] : '\0'; }
};

Stop stop_at(std::string_view text, std::size_t offset) {
    Stop stop{.text = text, .offset = std::min(offset, text.size()), .line = {}};
    stop.line = line_around(text, stop.offset);
    stop.line_begin = static_cast<std::size_t>(stop.line.data() - text.data());
    stop.indent = std::min(stop.line.find_first_not_of(" \t"), stop.line.size());
    return stop;
}

/// The last line above that holds anything but a comment.
std::string_view line_above(const Stop& stop) {
    for (std::size_t begin = stop.line_begin; begin > 0;) {
        const std::string_view line = line_around(stop.text, begin - 1);
        const std::size_t first = line.find_first_not_of(" \t");
        if (first != kNone && line[first] != '#') return line;
        begin = static_cast<std::size_t>(line.data() - stop.text.data());
    }
    return {};
}

/// Where a quote is opened that nobody closes. Good enough for a place: block texts are read as usual ones.
std::optional<std::size_t> open_quote(std::string_view text) {
    std::optional<std::size_t> opened;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (opened) {
            if (c == '\\' && text[*opened] == '"') ++at;
            if (c == text[*opened]) opened.reset();
            continue;
        }
        const char before = at == 0 ? '\n' : text[at - 1];
        if (std::string_view(" \t\n[{,").find(before) == kNone) continue;
        if (c == '#') at = std::min(text.find('\n', at), text.size() - 1);
        if (c == '"' || c == '\'') opened = at;
    }
    return opened;
}

std::optional<YamlRefusal> tab_in_indentation(const Stop& stop) {
    const std::size_t tab = stop.line.substr(0, stop.indent).find('\t');
    if (tab == kNone) return std::nullopt;
    return YamlRefusal{stop.line_begin + tab, "a tab can't be used for indentation: use spaces"};
}

/// A line whose indentation is the mistake.
YamlRefusal misindented(const Stop& stop) {
    const std::string_view above = line_above(stop);
    const bool deeper = stop.indent > std::min(above.find_first_not_of(" \t"), above.size());
    if (deeper && above.find(": ") != kNone)
        return {stop.first(), "this line is indented deeper than the line above, which has a value already"};
    return {stop.first(), "the indentation of this line fits no line above it"};
}

/// "key: value" where none can be.
YamlRefusal misplaced_value(const Stop& stop) {
    const std::string_view before = stop.line.substr(stop.indent, stop.offset - stop.first());
    if (before.find(": ") != kNone)
        return {stop.offset, "a second \": \" in one line: put a value that holds one in quotes"};
    const std::string_view above = line_above(stop);
    if (above.find(": ") != kNone) return misindented(stop);
    return {stop.first(), "this line can't follow the line above, which is no \"key:\" or \"key: value\""};
}

YamlRefusal end_of_map(const Stop& stop) {
    if (!stop.at_first())
        return {stop.offset,
                "nothing may follow the value here: put all of it in quotes or begin a new line"};
    if (stop.character() == '-')
        return {stop.offset, "a list item can't stand here, where a \"key: value\" is expected"};
    return misindented(stop);
}

YamlRefusal not_closed(const Stop& stop, OpenFlow open_flow) {
    if (const auto quote = open_quote(stop.text)) return {*quote, "this quote is never closed"};
    if (!open_flow) return {stop.offset, "a \"[\" or \"{\" is not closed"};
    return {*open_flow,
            quoted(stop.text.substr(*open_flow, 1)) + " is not closed, or something between is misplaced"};
}

YamlRefusal unknown_token(const Stop& stop) {
    if (stop.character() == '%')
        return {
            stop.offset,
            "a value can't begin with \"%\": a placeholder is written %{NAME}, anything else needs quotes"};
    return {stop.offset,
            "a value can't begin with " + quoted(stop.text.substr(stop.offset, 1)) + ": put it in quotes"};
}

using Words = YamlRefusal (*)(const Stop&);

struct Explanation {
    std::string_view parser;  // how its message begins
    Words ours;
};

const std::array kExplanations{
    Explanation{YAML::ErrorMsg::MAP_VALUE, misplaced_value},
    Explanation{YAML::ErrorMsg::END_OF_MAP_FLOW, nullptr},
    Explanation{YAML::ErrorMsg::END_OF_SEQ_FLOW, nullptr},
    Explanation{YAML::ErrorMsg::END_OF_MAP, end_of_map},
    Explanation{YAML::ErrorMsg::END_OF_SEQ, misindented},
    Explanation{YAML::ErrorMsg::UNKNOWN_TOKEN, unknown_token},
    Explanation{YAML::ErrorMsg::TAB_IN_INDENTATION,
                [](const Stop& stop) -> YamlRefusal {
                    return {stop.offset, "a tab can't be used for indentation: use spaces"};
                }},
    Explanation{YAML::ErrorMsg::BLOCK_ENTRY,
                [](const Stop& stop) -> YamlRefusal {
                    return {stop.offset, "a list can't begin behind its key: begin it in the next line"};
                }},
    Explanation{YAML::ErrorMsg::FLOW_END,
                [](const Stop& stop) -> YamlRefusal {
                    return {stop.offset,
                            quoted(stop.text.substr(stop.offset, 1)) + " closes nothing that is open here"};
                }},
    Explanation{YAML::ErrorMsg::EOF_IN_SCALAR,
                [](const Stop& stop) -> YamlRefusal {
                    return {open_quote(stop.text).value_or(stop.offset), "this quote is never closed"};
                }},
    Explanation{
        YAML::ErrorMsg::INVALID_ESCAPE,
        [](const Stop& stop) -> YamlRefusal {
            return {stop.offset, "this is no escape in double quotes: write \"\\\\\" for a backslash"};
        }},
    Explanation{YAML::ErrorMsg::UNKNOWN_ANCHOR,
                [](const Stop& stop) -> YamlRefusal {
                    return {stop.offset, "aliases (\"*name\") can't be used in a workflow file"};
                }},
    Explanation{YAML::ErrorMsg::BAD_FILE,
                [](const Stop& stop) -> YamlRefusal {
                    return {stop.offset, "the values are nested too deeply"};
                }},
};

}  // namespace

YamlRefusal explain_yaml_error(const YAML::Exception& error, std::string_view text, OpenFlow open_flow) {
    const Stop stop = stop_at(text, error.mark.is_null() ? 0 : static_cast<std::size_t>(error.mark.pos));
    if (auto refusal = tab_in_indentation(stop)) return *refusal;
    for (const Explanation& explanation : kExplanations) {
        if (!std::string_view(error.msg).starts_with(explanation.parser)) continue;
        return explanation.ours ? explanation.ours(stop) : not_closed(stop, open_flow);
    }
    return {stop.offset, "this is not YAML (the parser says: " + quoted(error.msg) + ")"};
}

}  // namespace heddle
