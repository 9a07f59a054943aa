// SPDX-License-Identifier: Apache-2.0
// Workflow files as people really write them, against what OBS makes of them.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "tests/support/events.hpp"
#include "tests/support/shared_files.hpp"
#include "tests/unit/workflows/definition/shown.hpp"
#include "workflows/definition/filters.hpp"

using namespace heddle;

namespace {

namespace fs = std::filesystem;

struct Expected {
    std::string problems;   // places: "4:7 5:9"
    std::string warnings;   // places
    std::string workflows;  // "name(steps): events that run it", separated by "; "
};

/// Which of these run a workflow: pr (into main), push (to main), master (a push to it), tag.
std::string events_of(const Workflow& workflow, bool merge_request_alias) {
    ScmEvent pull_request = test::a_pull_request();
    pull_request.target.branch = "main";
    ScmEvent push = test::a_push();
    push.target.branch = "main";
    ScmEvent master = push;
    master.target.branch = "master";
    std::string events;
    for (const auto& [name, event] : {std::pair<std::string, ScmEvent>{"pr", pull_request},
                                      {"push", push},
                                      {"master", master},
                                      {"tag", test::a_tag_push()}}) {
        const FilterVerdict verdict = judge_filters(workflow, event, merge_request_alias);
        if (verdict.runs) events += " " + name;
        if (verdict.problem) events += " " + name + "!";
    }
    return events;
}

std::string places(const Problems& problems) {
    std::string all;
    for (const Problem& problem : problems)
        all += (all.empty() ? "" : " ") + std::to_string(problem.line) + ":" + std::to_string(problem.column);
    return all;
}

Expected outcome(const ParsedDefinition& parsed) {
    Expected is{places(parsed.problems), places(parsed.warnings), ""};
    if (!parsed.definition) return is;
    for (const Workflow& workflow : parsed.definition->workflows)
        is.workflows += (is.workflows.empty() ? "" : "; ") + workflow.name + "(" +
                        std::to_string(workflow.steps.size()) +
                        "):" + events_of(workflow, parsed.definition->merge_request_alias);
    return is;
}

std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

const std::map<std::string, Expected> kExpected{
    {"CoolProp__CoolProp.yml", {"", "", "rebuild_on_tag(1): tag"}},
    // A step that is indented too little, then too much: no YAML.
    {"P4EDGE__t4p4s.yml", {"8:9", "", ""}},
    {"Priyankasaggu11929__image-build-base.yml", {"", "", "rebuild_master(1): push master"}},
    // A pattern where only names are known: no branch matches.
    {"RdrSeraphim__rlshim.yml", {"", "10:11", "release_build(1):"}},
    // The two keys of a path in two list items: each lacks the other.
    {"SUSE__elemental.yml", {"9:15 10:15", "", ""}},
    {"SUSE__scc-hypervisor-collector.yml", {"", "", "workflow(1): tag"}},
    {"Skyb0rg007__smlnj.yml", {"", "", "workflow(1): pr push master tag"}},
    // The same key six times: the last counts.
    {"aazam-gh__build-zvmsdk.yml",
     {"", "6:9 7:9 8:9 9:9 10:9 14:9 15:9 16:9 17:9 18:9", "workflow(2): push"}},
    {"andigruhler__diary.yml", {"3:7", "", ""}},
    {"rancher__elemental-operator.yml",
     {"", "", "push_workflow(5): push; tag_workflow(5): tag; pr_workflow(6): pr"}},
    {"shape-01.yml", {"4:7", "", ""}},
    // Filters beside each step, and a version inside of the workflow.
    {"shape-02.yml", {"11:7 20:7 31:7 40:7", "3:3", ""}},
    {"shape-03.yml", {"", "", "commit_build(1): push master"}},
    // A list for the name of one package: each of them is meant.
    {"shape-04.yml", {"", "", "rebuild(1): push; ci(6): pr"}},
    {"shape-05.yml", {"", "", "pull_request(1): pr; merge(1): master; release(2): tag"}},
    {"shape-06.yml", {"", "", "pull_request(1): pr; push(2): master"}},
    {"shape-07.yml", {"", "", "test_build(2): pr; tag_build(1): tag; commit_build(1): push master"}},
    {"shape-08.yml", {"", "", "pr(2): pr"}},
    {"shape-09.yml", {"", "", "build_main_workflow(3): push"}},
    {"shape-10.yml", {"", "", "update-ci-container(2): push master"}},
    {"shape-11.yml", {"", "", "workflow(1): pr push master tag"}},
};

}  // namespace

TEST_CASE("files of the field are accepted and refused as on OBS") {
    const auto folder = test::shared_folder("fixtures/workflows-yml");
    if (!folder) {
        MESSAGE("the shared workflow files are not there: they were not checked");
        return;
    }
    std::set<std::string> seen;
    for (const auto& file : fs::directory_iterator(*folder)) {
        if (file.path().extension() != ".yml") continue;
        const std::string name = file.path().filename();
        CAPTURE(name);
        seen.insert(name);
        REQUIRE_MESSAGE(kExpected.contains(name), "no expectation is written for this file");
        const Expected& expected = kExpected.at(name);
        const ParsedDefinition parsed = check_definition(read(file.path()));
        const Expected is = outcome(parsed);
        CHECK_MESSAGE(is.problems == expected.problems, shown(parsed.problems));
        CHECK_MESSAGE(is.warnings == expected.warnings, shown(parsed.warnings));
        CHECK(is.workflows == expected.workflows);
    }
    for (const auto& [name, expected] : kExpected)
        CHECK_MESSAGE(seen.contains(name), "the shared file " << name << " is gone");
}
