// SPDX-License-Identifier: Apache-2.0
// Files that are none, and filters (reference 14, vectors 8, 9, 19 to 25, 46 and 47). Where OBS links to its
// documentation Heddle names line and column.
#include <doctest/doctest.h>

#include "tests/conformance/obs/vector_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

ScmEvent opened() { return event_of(ForgeKind::Github, of_repo123("opened")); }
ScmEvent tag_pushed() { return event_of(ForgeKind::Github, of_repo123("tag_push")); }

ScmEvent pushed_to(const std::string& branch) {
    Happening it = of_repo123("push");
    it.base = branch;
    return event_of(ForgeKind::Github, it);
}

ScmEvent labeled(const std::string& label) {
    Happening it = of_repo123("labeled");
    it.label = label;
    return event_of(ForgeKind::Github, it);
}

/// A workflow with one good step, and filters in line 6.
std::string filtered(const std::string& filters) {
    return "ci:\n"
           "  steps:\n"
           "    - rebuild_package:\n"
           "        project: devel\n"
           "        package: package123\n"
           "  filters: " +
           filters + "\n";
}

}  // namespace

TEST_CASE(
    "vector 8: a percent sign without braces is itself, an unknown placeholder is named with its line") {
    const std::string step = "    - rebuild_package:\n        project: devel\n        package: package123\n";
    CHECK(problems_of("\"%SCM_ORGANIZATION_NAME\":\n  steps:\n" + step, opened()).empty());
    CHECK(problems_of("ci:\n  steps:\n    - rebuild_package:\n        project: \"%SCM_ORGANIZATION_NAME\"\n"
                      "        package: a\n",
                      opened())
              .starts_with("4:18 "));
    CHECK(problems_of("\"%{SCM_ORGANISATION_NAME}\":\n  steps:\n" + step, opened()) ==
          "1:2 \"%{SCM_ORGANISATION_NAME}\" is no placeholder: did you mean %{SCM_ORGANIZATION_NAME}?\n");
}

TEST_CASE("vector 9: a file that is one text is no mapping") {
    CHECK(problems_of("just words\n", opened()) ==
          "1:1 the file must be a mapping of names to workflows, not text\n");
}

TEST_CASE("vector 19: a workflow needs steps") {
    CHECK(problems_of("ci: {}\n", opened()) == "1:1 the workflow \"ci\" has no \"steps\"\n");
}

TEST_CASE("vector 20: filters are no list") {
    CHECK(problems_of(filtered("[push]"), opened()) == "6:12 \"filters\" must be a mapping, not a list\n");
}

TEST_CASE("vector 21: each mistake in filters is told, all at once") {
    CHECK(problems_of(filtered("{event: [], branches: {only: [], something: []}}"), opened()) ==
          "6:20 the filter \"event\" must be the name of one event, not a list\n"
          "6:45 \"something\" can't be used in the filter \"branches\": there are \"only\" and \"ignore\"\n");
}

TEST_CASE("vector 22: a branch whose name looks like a number is found among the names") {
    const std::string file = filtered("{branches: {only: [16.0, develop]}}");
    CHECK(verdict_on(file, pushed_to("16.0")).runs);
    CHECK(verdict_on(file, pushed_to("develop")).runs);
    CHECK_FALSE(verdict_on(file, pushed_to("16")).runs);
}

TEST_CASE("vector 23: merge_request means pull_request, but not in version 1.0") {
    const std::string file = filtered("{event: merge_request}");
    CHECK(verdict_on(file, opened()).runs);
    CHECK(verdict_on(file + "version: '1.1'\n", opened()).runs);
    CHECK_FALSE(verdict_on(file + "version: '1.0'\n", opened()).runs);
}

TEST_CASE("vector 24: a branches filter that meets a pushed tag fails the run before any step") {
    VectorWorld world;
    world.builds.add_package({"devel", "package123"});
    const RunReport report = world.run_file(filtered("{branches: {only: [main]}}"), tag_pushed());
    CHECK_FALSE(report.ok);
    CHECK(report.message == "line 6: a branches filter can't be used for a tag push, which has no branch");
    CHECK(world.journal->lines().empty());
}

TEST_CASE("vector 25: an event that does not exist runs nothing, which is no failure") {
    VectorWorld world;
    const RunReport report = world.run_file(filtered("{event: nonexistent}"), opened());
    CHECK(report.ok);
    CHECK(world.journal->lines().empty());
}

TEST_CASE("vector 46: a label runs no workflow without a labels filter") {
    CHECK_FALSE(verdict_on(filtered("{event: pull_request}"), labeled("build")).runs);
}

TEST_CASE("vector 47: a label that the filter names runs its workflow") {
    const std::string file = filtered("{labels: {only: [build]}}");
    CHECK(verdict_on(file, labeled("build")).runs);
    CHECK_FALSE(verdict_on(file, labeled("other")).runs);
}
