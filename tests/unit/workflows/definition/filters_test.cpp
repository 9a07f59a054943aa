// SPDX-License-Identifier: Apache-2.0
#include "workflows/definition/filters.hpp"

#include <doctest/doctest.h>

#include "tests/unit/workflows/definition/shown.hpp"

using namespace heddle;

namespace {

ScmEvent pull_request(PullRequestKind kind = PullRequestKind::Opened) {
    ScmEvent event;
    event.event_class = EventClass::PullRequest;
    event.kind = kind;
    event.target.branch = "main";
    return event;
}

ScmEvent labeled(PullRequestKind kind, const std::string& label, std::vector<std::string> labels) {
    ScmEvent event = pull_request(kind);
    event.label = label;
    event.labels = std::move(labels);
    return event;
}

ScmEvent push(const std::string& branch) {
    ScmEvent event;
    event.event_class = EventClass::Push;
    event.target.branch = branch;
    return event;
}

ScmEvent tag_push() {
    ScmEvent event;
    event.event_class = EventClass::TagPush;
    event.tag = "v1";
    return event;
}

/// `filters` in flow style; they stand in line 6.
FilterVerdict judge(const std::string& filters, const ScmEvent& event, const std::string& version = "") {
    const std::string more = filters.empty() ? "" : "  filters: {" + filters + "}\n";
    const ParsedDefinition parsed = check_definition(workflow_with(more) + version);
    REQUIRE_MESSAGE(parsed.definition, shown(parsed.problems));
    return judge_filters(parsed.definition->workflows.at(0), event, parsed.definition->merge_request_alias);
}

}  // namespace

TEST_CASE("without filters every event runs, but for labels that come or go") {
    for (const ScmEvent& event : {pull_request(),
                                  pull_request(PullRequestKind::Closed),
                                  pull_request(PullRequestKind::Merged),
                                  push("x"),
                                  tag_push()}) {
        const FilterVerdict verdict = judge("", event);
        CHECK(verdict.runs);
        CHECK(verdict.because == "no filter is against it");
        CHECK_FALSE(verdict.problem);
    }
    for (PullRequestKind kind : {PullRequestKind::Labeled, PullRequestKind::Unlabeled}) {
        const FilterVerdict verdict = judge("", labeled(kind, "a", {"a"}));
        CHECK_FALSE(verdict.runs);
        CHECK(verdict.because == "a label that comes or goes runs only workflows with a labels filter");
    }
}

TEST_CASE("the event filter names one class of events") {
    CHECK(judge("event: push", push("x")).runs);
    CHECK(judge("event: tag_push", tag_push()).runs);
    CHECK(judge("event: pull_request", pull_request(PullRequestKind::Closed)).runs);
    CHECK(judge("event: push", push("x")).because == "filters.event is \"push\", line 6");
    const FilterVerdict verdict = judge("event: push", tag_push());
    CHECK_FALSE(verdict.runs);
    CHECK(verdict.because == "filters.event is \"push\", line 6, and this is a tag push");
    CHECK_FALSE(judge("event: push", pull_request()).runs);
    CHECK_FALSE(judge("event: pull_request", push("x")).runs);
}

TEST_CASE("an unknown event never matches and is no error") {
    for (const ScmEvent& event : {pull_request(), push("x"), tag_push()}) {
        const FilterVerdict verdict = judge("event: nonexistent", event);
        CHECK_FALSE(verdict.runs);
        CHECK_FALSE(verdict.problem);
        CHECK(verdict.because == "filters.event is \"nonexistent\", line 6, which is no event");
    }
}

TEST_CASE("merge_request is pull_request from version 1.1 on") {
    CHECK(judge("event: merge_request", pull_request()).runs);
    CHECK(judge("event: merge_request", pull_request(), "version: 1.10\n").runs);
    CHECK_FALSE(judge("event: merge_request", push("x")).runs);
    const FilterVerdict verdict = judge("event: merge_request", pull_request(), "version: '1.0'\n");
    CHECK_FALSE(verdict.runs);
    CHECK(verdict.because ==
          "filters.event is \"merge_request\", line 6, which is known from version 1.1 on");
}

TEST_CASE("branches are compared with the target branch, letter by letter") {
    CHECK(judge("branches: {only: [16.0, develop]}", push("16.0")).runs);
    CHECK(judge("branches: {only: [main]}", pull_request()).runs);
    CHECK_FALSE(judge("branches: {only: [mai, Main, main2]}", pull_request()).runs);
    CHECK_FALSE(judge("branches: {only: ['v*']}", push("v1")).runs);
    CHECK(judge("branches: {ignore: [dev]}", pull_request()).runs);
    CHECK_FALSE(judge("branches: {ignore: [dev, main]}", pull_request()).runs);
    CHECK(judge("branches: {only: [a]}", push("dev")).because ==
          "branch \"dev\" is not in filters.branches.only, line 6");
    CHECK(judge("branches: {ignore: [dev]}", push("dev")).because ==
          "branch \"dev\" is in filters.branches.ignore, line 6");
}

TEST_CASE("only wins over ignore") {
    CHECK(judge("branches: {only: [main], ignore: [main]}", push("main")).runs);
    CHECK_FALSE(judge("branches: {only: [main], ignore: [dev]}", push("other")).runs);
    CHECK(judge("branches: {only: [], ignore: [dev]}", push("other")).runs);
}

TEST_CASE("a filter that names nothing never matches") {
    CHECK_FALSE(judge("branches: {only: [], ignore: []}", push("main")).runs);
    CHECK_FALSE(judge("branches: {}", push("main")).runs);
    CHECK(judge("branches: {}", push("main")).because == "filters.branches names nothing, line 6");
    CHECK_FALSE(judge("labels: {}", pull_request()).runs);
    CHECK_FALSE(judge("labels: {}", labeled(PullRequestKind::Labeled, "a", {"a"})).runs);
}

TEST_CASE("a branches filter is a problem for a tag push whose event filter matches") {
    for (const std::string filters :
         {"branches: {only: [main]}", "event: tag_push, branches: {ignore: [main]}"}) {
        const FilterVerdict verdict = judge(filters, tag_push());
        CHECK_FALSE(verdict.runs);
        REQUIRE(verdict.problem);
        CHECK(verdict.problem->line == 6);
        CHECK(verdict.problem->column == (filters[0] == 'b' ? 13 : 30));
        CHECK(verdict.problem->message ==
              "a branches filter can't be used for a tag push, which has no branch");
    }
    const FilterVerdict verdict = judge("event: push, branches: {only: [main]}", tag_push());
    CHECK_FALSE(verdict.runs);
    CHECK_FALSE(verdict.problem);
}

TEST_CASE("a label that comes or goes is judged by itself") {
    for (PullRequestKind kind : {PullRequestKind::Labeled, PullRequestKind::Unlabeled}) {
        CHECK(judge("labels: {only: [a]}", labeled(kind, "a", {})).runs);
        CHECK_FALSE(judge("labels: {only: [a]}", labeled(kind, "b", {"a", "b"})).runs);
        CHECK(judge("labels: {ignore: [a]}", labeled(kind, "b", {"a", "b"})).runs);
        CHECK_FALSE(judge("labels: {ignore: [a]}", labeled(kind, "a", {})).runs);
        CHECK(judge("labels: {only: [b], ignore: [b]}", labeled(kind, "b", {})).runs);
    }
    CHECK(judge("labels: {only: [a]}", labeled(PullRequestKind::Labeled, "b", {})).because ==
          "label \"b\" is not in filters.labels.only, line 6");
}

TEST_CASE("a label change that does not say which label is judged by the set") {
    CHECK(judge("labels: {only: [a]}", labeled(PullRequestKind::Labeled, "", {"x", "a"})).runs);
    CHECK_FALSE(judge("labels: {only: [a]}", labeled(PullRequestKind::Labeled, "", {"x"})).runs);
    CHECK_FALSE(judge("labels: {ignore: [a]}", labeled(PullRequestKind::Labeled, "", {"x", "a"})).runs);
}

TEST_CASE("every other pull request action is judged by the set of labels") {
    for (PullRequestKind kind : {PullRequestKind::Opened,
                                 PullRequestKind::Updated,
                                 PullRequestKind::Reopened,
                                 PullRequestKind::Closed,
                                 PullRequestKind::Merged}) {
        CHECK(judge("labels: {only: [a]}", labeled(kind, "", {"x", "a"})).runs);
        CHECK_FALSE(judge("labels: {only: [a]}", labeled(kind, "", {"x"})).runs);
        CHECK_FALSE(judge("labels: {only: [a]}", labeled(kind, "", {})).runs);
        CHECK(judge("labels: {ignore: [a]}", labeled(kind, "", {})).runs);
        CHECK(judge("labels: {ignore: [a]}", labeled(kind, "", {"x"})).runs);
        CHECK_FALSE(judge("labels: {ignore: [a]}", labeled(kind, "", {"x", "a"})).runs);
        CHECK(judge("labels: {only: [a], ignore: [x]}", labeled(kind, "", {"x", "a"})).runs);
    }
}

TEST_CASE("the set of labels is said in words") {
    const auto because = [](const std::string& filter, std::vector<std::string> labels) {
        return judge("labels: {" + filter + "}", labeled(PullRequestKind::Opened, "", std::move(labels)))
            .because;
    };
    CHECK(because("only: [a]", {}) == "the pull request has no label, none of filters.labels.only, line 6");
    CHECK(because("only: [a]", {"x"}) ==
          "the pull request has label \"x\", none of filters.labels.only, line 6");
    CHECK(because("ignore: [a]", {"x", "y"}) ==
          "the pull request has labels \"x\" and \"y\", none of filters.labels.ignore, line 6");
    CHECK(because("only: [a]", {"1", "2", "3", "4", "5"}) ==
          "the pull request has labels \"1\", \"2\", \"3\" and 2 more, none of filters.labels.only, line 6");
    CHECK(because("only: [a]", {"x", "a"}) == "label \"a\" is in filters.labels.only, line 6");
    CHECK(because("ignore: [a]", {"x", "a"}) == "label \"a\" is in filters.labels.ignore, line 6");
    CHECK(because("", {"x"}) == "filters.labels names nothing, line 6");
}

TEST_CASE("labels say nothing about pushes") {
    CHECK(judge("labels: {only: [a]}", push("main")).runs);
    CHECK(judge("labels: {}", tag_push()).runs);
}

TEST_CASE("all filters must match, and the first that does not is named") {
    const std::string filters = "event: pull_request, branches: {only: [main]}, labels: {only: [a]}";
    const FilterVerdict verdict = judge(filters, labeled(PullRequestKind::Opened, "", {"a"}));
    CHECK(verdict.runs);
    CHECK(
        verdict.because ==
        "filters.event is \"pull_request\", line 6, branch \"main\" is in filters.branches.only, line 6 and "
        "label \"a\" is in filters.labels.only, line 6");
    CHECK(judge(filters, pull_request()).because.starts_with("the pull request has no label"));
    ScmEvent other_branch = pull_request();
    other_branch.target.branch = "dev";
    CHECK(judge(filters, other_branch).because.starts_with("branch \"dev\""));
}

TEST_CASE("pings and other events run nothing") {
    ScmEvent event;
    event.event_class = EventClass::Ping;
    CHECK(judge("", event).because == "a ping runs no workflow");
    event.event_class = EventClass::Other;
    CHECK_FALSE(judge("", event).runs);
}
