// SPDX-License-Identifier: Apache-2.0
#include "workflows/definition/parse_filters.hpp"

#include <algorithm>
#include <string>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using Entry = DefinitionNode::Entry;
using Kind = DefinitionNode::Kind;

const std::vector<std::string_view> kFilters{"event", "branches", "labels"};
const std::vector<std::string_view> kLists{"only", "ignore"};
const std::vector<std::string_view> kEvents{"pull_request", "merge_request", "push", "tag_push"};

bool is_one_of(const std::vector<std::string_view>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string hint(std::string_view word, const std::vector<std::string_view>& words) {
    if (const auto meant = closest_word(word, words)) return "did you mean " + quoted(*meant) + "?";
    std::vector<std::string> shown;
    shown.reserve(words.size());
    for (std::string_view each : words) shown.push_back(quoted(each));
    return "there are " + in_words(shown);
}

std::optional<Filters::Event> parse_event(const Entry& entry, bool merge_request_alias, Findings& findings) {
    const auto& [key, value] = entry;
    if (!value.is_scalar()) {
        findings.problem(
            value,
            "the filter \"event\" must be the name of one event, not " + std::string(kind_in_words(value)));
        return std::nullopt;
    }
    if (!is_one_of(kEvents, value.text))
        findings.warning(
            value,
            quoted(value.text) + " is no event, so this workflow never runs: " + hint(value.text, kEvents));
    if (value.text == "merge_request" && !merge_request_alias)
        findings.warning(value,
                         "\"merge_request\" is known from version 1.1 on, so this workflow never runs");
    return Filters::Event{value.text, key.line};
}

/// The names of `only` or `ignore`.
std::vector<std::string> parse_names(const std::string& filter, const Entry& entry, Findings& findings) {
    const auto& [key, value] = entry;
    std::vector<std::string> names;
    if (value.kind == Kind::Null) {
        findings.warning(value, quoted(key.text) + " of " + filter + " names nothing");
        return names;
    }
    if (!value.is_list()) {
        const std::string hint = value.is_scalar() ? ": write [" + quoted(value.text) + "]" : "";
        findings.problem(value,
                         quoted(key.text) + " of " + filter + " must be a list of names, not " +
                             std::string(kind_in_words(value)) + hint);
        return names;
    }
    for (const DefinitionNode& item : value.items) {
        if (item.is_list() || item.is_map())
            findings.problem(item,
                             quoted(key.text) + " of " + filter + " must be a list of names, this is " +
                                 std::string(kind_in_words(item)));
        else
            names.push_back(item.text);
        // git allows none of these in a branch name, so it is meant as a pattern.
        if (filter == "branches" && item.is_scalar() && item.text.find_first_of("*?[") != std::string::npos)
            findings.warning(item,
                             quoted(item.text) + " is no pattern but a name, and no branch can have it");
    }
    return names;
}

/// `branches` or `labels`.
class ListFilterParser {
public:
    ListFilterParser(const Entry& entry, Findings& findings)
        : name_(entry.first.text), key_(entry.first), value_(entry.second), findings_(findings) {}

    std::optional<NameFilter> parse() {
        if (!value_.is_map()) {
            const std::string hint = value_.is_scalar() ? ", as in \"only: [main]\"" : "";
            findings_.problem(value_,
                              "the filter " + quoted(name_) +
                                  " must be a mapping with \"only\" or \"ignore\"" + hint + ", not " +
                                  std::string(kind_in_words(value_)));
            return std::nullopt;
        }
        NameFilter filter{.only = {}, .ignore = {}, .line = key_.line, .column = key_.column};
        for (const Entry& entry : value_.entries) parse_list(entry, filter);
        if (filter.only.empty() && filter.ignore.empty())
            findings_.warning(key_,
                              "the filter " + quoted(name_) + " names nothing, so this workflow never runs");
        return filter;
    }

private:
    void parse_list(const Entry& entry, NameFilter& filter) {
        const std::string& key = entry.first.text;
        if (!is_one_of(kLists, key)) {
            findings_.problem(
                entry.first,
                quoted(key) + " can't be used in the filter " + quoted(name_) + ": " + hint(key, kLists));
            return;
        }
        auto& names = key == "only" ? filter.only : filter.ignore;
        names = parse_names(name_, entry, findings_);
        (key == "only" ? filter.only_line : filter.ignore_line) = entry.first.line;
    }

    const std::string name_;
    const DefinitionNode& key_;
    const DefinitionNode& value_;
    Findings& findings_;
};

/// "only" beside "branches" instead of below it.
const Entry* owner_of_misindented(const std::string& key, const Entry* before) {
    const bool list_filter = before && (before->first.text == "branches" || before->first.text == "labels");
    const bool misindented = list_filter && before->second.kind == Kind::Null && is_one_of(kLists, key);
    return misindented ? before : nullptr;
}

}  // namespace

bool is_filter(std::string_view name) { return is_one_of(kFilters, name); }

Filters parse_filters(const DefinitionNode& filters, bool merge_request_alias, Findings& findings) {
    Filters parsed;
    if (!filters.is_map()) {
        findings.problem(filters,
                         "\"filters\" must be a mapping, not " + std::string(kind_in_words(filters)));
        return parsed;
    }
    const Entry* before = nullptr;
    for (const Entry& entry : filters.entries) {
        const std::string& key = entry.first.text;
        if (key == "event")
            parsed.event = parse_event(entry, merge_request_alias, findings);
        else if (key == "branches")
            parsed.branches = ListFilterParser(entry, findings).parse();
        else if (key == "labels")
            parsed.labels = ListFilterParser(entry, findings).parse();
        else if (const Entry* owner = owner_of_misindented(key, before))
            findings.problem(entry.first,
                             quoted(key) + " must be indented deeper than " + quoted(owner->first.text));
        else
            findings.problem(entry.first, quoted(key) + " is no filter: " + hint(key, kFilters));
        if (is_filter(key)) before = &entry;
    }
    return parsed;
}

}  // namespace heddle
