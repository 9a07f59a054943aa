// SPDX-License-Identifier: Apache-2.0
#include "workflows/definition/filters.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr std::size_t kMostLabelsShown = 3;

FilterVerdict runs(std::string because) { return {true, std::move(because), std::nullopt}; }
FilterVerdict rests(std::string because) { return {false, std::move(because), std::nullopt}; }

std::string in_line(int line) { return ", line " + std::to_string(line); }

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view in_words(EventClass event_class) {
    switch (event_class) {
        case EventClass::PullRequest: return "a pull request";
        case EventClass::Push: return "a push";
        case EventClass::TagPush: return "a tag push";
        case EventClass::Ping: return "a ping";
        case EventClass::Other: return "another event";
    }
    throw std::logic_error("unknown EventClass");
}

bool is_label_change(const ScmEvent& event) {
    return event.kind == PullRequestKind::Labeled || event.kind == PullRequestKind::Unlabeled;
}

/// The class that a filter asks for; nothing for a word that never matches.
std::optional<EventClass> asked_class(const std::string& name, bool merge_request_alias) {
    if (name == "merge_request" && merge_request_alias) return EventClass::PullRequest;
    if (name == "pull_request") return EventClass::PullRequest;
    if (name == "push") return EventClass::Push;
    if (name == "tag_push") return EventClass::TagPush;
    return std::nullopt;
}

FilterVerdict judge_event(const Filters::Event& filter, const ScmEvent& event, bool merge_request_alias) {
    const auto asked = asked_class(filter.name, merge_request_alias);
    const std::string what = "filters.event is " + quoted(filter.name) + in_line(filter.line);
    if (asked == event.event_class) return runs(what);
    if (asked) return rests(what + ", and this is " + std::string(in_words(event.event_class)));
    if (filter.name == "merge_request") return rests(what + ", which is known from version 1.1 on");
    return rests(what + ", which is no event");
}

/// `only` decides alone where it names anything, then `ignore`; both empty match nothing.
FilterVerdict judge_name(const std::string& what,
                         const std::string& name,
                         const std::string& filter,
                         const NameFilter& names) {
    if (!names.only.empty()) {
        const std::string where = "filters." + filter + ".only" + in_line(names.only_line);
        return contains(names.only, name) ? runs(what + " is in " + where)
                                          : rests(what + " is not in " + where);
    }
    const std::string where = "filters." + filter + ".ignore" + in_line(names.ignore_line);
    if (names.ignore.empty()) return rests("filters." + filter + " names nothing" + in_line(names.line));
    return contains(names.ignore, name) ? rests(what + " is in " + where)
                                        : runs(what + " is not in " + where);
}

FilterVerdict judge_branches(const NameFilter& filter, const ScmEvent& event) {
    if (event.event_class != EventClass::TagPush)
        return judge_name("branch " + quoted(event.target.branch), event.target.branch, "branches", filter);
    const std::string sentence = "a branches filter can't be used for a tag push, which has no branch";
    FilterVerdict verdict = rests(sentence + in_line(filter.line));
    verdict.problem = Problem{filter.line, filter.column, sentence};
    return verdict;
}

std::string set_in_words(const std::vector<std::string>& labels) {
    if (labels.empty()) return "no label";
    std::vector<std::string> shown;
    for (const std::string& label : labels) {
        if (shown.size() == kMostLabelsShown) {
            shown.push_back(std::to_string(labels.size() - shown.size()) + " more");
            break;
        }
        shown.push_back(quoted(label));
    }
    return (labels.size() == 1 ? "label " : "labels ") + heddle::in_words(shown);
}

/// The set of labels on the pull request counts: one of `only` is enough, one of `ignore` too.
FilterVerdict judge_label_set(const NameFilter& filter, const std::vector<std::string>& labels) {
    const auto found_in = [&](const std::vector<std::string>& names) {
        return std::find_if(
            labels.begin(), labels.end(), [&](const std::string& label) { return contains(names, label); });
    };
    const auto decisive = found_in(filter.only.empty() ? filter.ignore : filter.only);
    if (decisive != labels.end())
        return judge_name("label " + quoted(*decisive), *decisive, "labels", filter);
    const std::string what = "the pull request has " + set_in_words(labels);
    if (filter.only.empty() && filter.ignore.empty())
        return rests("filters.labels names nothing" + in_line(filter.line));
    if (filter.only.empty())
        return runs(what + ", none of filters.labels.ignore" + in_line(filter.ignore_line));
    return rests(what + ", none of filters.labels.only" + in_line(filter.only_line));
}

/// A label that comes or goes is judged by itself; any other action, and a forge that does not say which
/// label it was, by the set (decision D11).
std::optional<FilterVerdict> judge_labels(const std::optional<NameFilter>& filter, const ScmEvent& event) {
    if (event.event_class != EventClass::PullRequest) return std::nullopt;
    if (!filter && is_label_change(event))
        return rests("a label that comes or goes runs only workflows with a labels filter");
    if (!filter) return std::nullopt;
    if (is_label_change(event) && !event.label.empty())
        return judge_name("label " + quoted(event.label), event.label, "labels", *filter);
    return judge_label_set(*filter, event.labels);
}

}  // namespace

FilterVerdict judge_filters(const Workflow& workflow, const ScmEvent& event, bool merge_request_alias) {
    if (event.event_class == EventClass::Ping || event.event_class == EventClass::Other)
        return rests(std::string(in_words(event.event_class)) + " runs no workflow");
    const Filters& filters = workflow.filters;
    std::vector<std::string> reasons;
    if (filters.event) {
        FilterVerdict verdict = judge_event(*filters.event, event, merge_request_alias);
        if (!verdict.runs) return verdict;
        reasons.push_back(verdict.because);
    }
    if (filters.branches) {
        FilterVerdict verdict = judge_branches(*filters.branches, event);
        if (!verdict.runs) return verdict;
        reasons.push_back(verdict.because);
    }
    if (auto verdict = judge_labels(filters.labels, event)) {
        if (!verdict->runs) return *verdict;
        reasons.push_back(verdict->because);
    }
    return runs(reasons.empty() ? "no filter is against it" : heddle::in_words(reasons));
}

}  // namespace heddle
