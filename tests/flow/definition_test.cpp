// SPDX-License-Identifier: Apache-2.0
// What `heddle try` says about definitions: good, bad, missing, filtered out.
#include <doctest/doctest.h>

#include "tests/flow/try_world.hpp"

using namespace heddle::test;

namespace {

const std::string kStarted = "OBS SCM/CI Workflow Integration started";

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("an invalid file is answered with all problems and their lines, and a failure status") {
    TryWorld world;
    world.base({{".obs/workflows.yml",
                 "ci:\n  steps:\n    - branch_pakage:\n        source_project: demo\n    - link_package:\n"
                 "        source_project: demo\n  filters:\n    evnt: push\n"}});
    world.head({{"a", "b"}});
    const Ended ended = world.try_change();
    CHECK(ended.exit_code == 1);
    const std::string all = ended.out + ended.err;
    CHECK_MESSAGE(says(all, ".obs/workflows.yml:3:"), all);
    CHECK_MESSAGE(says(all, ".obs/workflows.yml:5:"), all);
    CHECK_MESSAGE(says(all, ".obs/workflows.yml:8:"), all);
    CHECK(world.statuses() == std::map<std::string, std::string>{{kStarted, "failure"}});
}

TEST_CASE("a problem of a whole file has no line") {
    TryWorld world;
    world.base({{".obs/workflows.yml", ""}});
    world.head({{"a", "b"}});
    const Ended ended = world.try_change();
    CHECK(ended.exit_code == 1);
    CHECK_MESSAGE(says(ended.out, "  .obs/workflows.yml: "), ended.out);
}

TEST_CASE("of two workflows the one that is filtered out does not run, and the reason is said") {
    TryWorld world;
    world.base(
        {{".obs/workflows.yml",
          workflow_for({"hello"}) + "pushes:\n  steps:\n    - branch_package:\n        source_project: demo\n"
                                    "        source_package: other\n        target_project: demo:Main\n"
                                    "  filters:\n    event: push\n"},
         {"Makefile", "all:\n\ttrue\n"}});
    world.head({{"a", "b"}});
    const Ended ended = world.try_change();
    CHECK_MESSAGE(ended.exit_code == 0, ended.out << ended.err);
    CHECK(world.statuses().size() == 2);
    CHECK_MESSAGE(says(ended.out, "pushes"), ended.out);
    CHECK_MESSAGE(says(ended.out, "event"), ended.out);
}

TEST_CASE("the configuration comes from the base, never from the head") {
    TryWorld world;
    world.base({{".obs/workflows.yml", workflow_for({"hello"})}, {"Makefile", "all:\n\ttrue\n"}});
    world.head({{".obs/workflows.yml", workflow_for({"smuggled"})}});
    const Ended ended = world.try_change();
    CHECK_MESSAGE(ended.exit_code == 0, ended.out << ended.err);
    for (const auto& [context, state] : world.statuses()) CHECK_FALSE(says(context, "smuggled"));
}

TEST_CASE("no configuration file is said, is no failure and leaves no status") {
    TryWorld world;
    world.base({{"Makefile", "all:\n\ttrue\n"}});
    world.head({{"a", "b"}});
    const Ended ended = world.try_change();
    CHECK(ended.exit_code == 0);
    CHECK_MESSAGE(says(ended.out, "no .obs/workflows.yml on main"), ended.out);
    CHECK_THROWS(world.statuses());
}

TEST_CASE("closing the pull request deletes its project, reopening restores it") {
    TryWorld world;
    world.base({{".obs/workflows.yml", workflow_for({"hello"})}, {"Makefile", "all:\n\ttrue\n"}});
    world.head({{"a", "b"}});
    REQUIRE(world.try_change().exit_code == 0);
    const auto has_project = [&world] { return says(world.json({"project", "list"}), ":PR-"); };
    CHECK(has_project());
    const Ended closed = world.try_change({"--event", "closed"});
    CHECK(closed.exit_code == 0);
    CHECK_MESSAGE(says(closed.out, "branch_package: deleted project "), closed.out);
    CHECK_FALSE(has_project());
    const Ended reopened = world.try_change({"--event", "reopened"});
    CHECK_MESSAGE(reopened.exit_code == 0, reopened.out << reopened.err);
    CHECK(has_project());
}

TEST_CASE("closing tells of each deleted project, also of one that the file names no more") {
    TryWorld world;
    world.base({{".obs/workflows.yml", workflow_for({"hello"})}, {"Makefile", "all:\n\ttrue\n"}});
    world.head({{"a", "b"}});
    REQUIRE(world.try_change().exit_code == 0);
    world.repository.check_out("main");
    world.repository.commit("Name no step", {{".obs/workflows.yml", "ci:\n  steps: []\n"}});
    const Ended closed = world.try_change({"--event", "closed"});
    CHECK_MESSAGE(says(closed.out, "project demo:CI:"), closed.out);
    CHECK_MESSAGE(says(closed.out, " is deleted: pull request #"), closed.out);
    CHECK_FALSE(says(world.json({"project", "list"}), ":PR-"));
}

TEST_CASE("a source project that was deleted is made again though its branch is there") {
    TryWorld world;
    world.base({{".obs/workflows.yml", workflow_for({"hello"})}, {"Makefile", "all:\n\ttrue\n"}});
    world.head({{"a", "b"}});
    REQUIRE(world.try_change().exit_code == 0);
    const Ended deleted = world.heddle({"project", "delete", "demo", "--try", world.repository.path()});
    REQUIRE_MESSAGE(deleted.exit_code == 0, deleted.out << deleted.err);
    const Ended again = world.try_change();
    CHECK_MESSAGE(again.exit_code == 0, again.out << again.err);
    CHECK_MESSAGE(says(again.out, "project demo was missing: made it"), again.out);
    CHECK(world.statuses().size() == 2);
}

TEST_CASE("a failure that another run said about the commit is shown as that, and is not this run's") {
    TryWorld world;
    world.base({{".obs/workflows.yml", "ci: nothing\n"}, {"Makefile", "all:\n\ttrue\n"}});
    world.repository.branch("good");
    world.repository.write(".obs/workflows.yml", workflow_for({"hello"}));
    world.repository.commit("Mend the workflow");
    world.head({{"a", "b"}});
    world.repository.branch("same");
    const std::vector<std::string> failing{
        "try", world.repository.path(), "--base", "main", "--head", "same"};
    REQUIRE(world.heddle(failing).exit_code == 1);
    const Ended good = world.heddle({"try", world.repository.path(), "--base", "good", "--head", "change"});
    CHECK_MESSAGE(good.exit_code == 0, good.out << good.err);
    CHECK_MESSAGE(says(good.out, "(by run 1, not by this one)"), good.out);
    CHECK_MESSAGE(says(good.out, "all good"), good.out);
    CHECK(world.statuses().at(kStarted) == "failure");
    CHECK(world.heddle(failing).exit_code == 1);
}

TEST_CASE("--no-notes leaves the repository alone") {
    TryWorld world;
    world.base({{".obs/workflows.yml", workflow_for({"hello"})}, {"Makefile", "all:\n\ttrue\n"}});
    world.head({{"a", "b"}});
    const Ended ended = world.try_change({"--no-notes"});
    CHECK_MESSAGE(ended.exit_code == 0, ended.out << ended.err);
    CHECK_THROWS(world.statuses());
    CHECK_MESSAGE(says(ended.out, "success"), ended.out);
}

TEST_CASE("a second try of the same head is the next attempt of the same run") {
    TryWorld world;
    world.base({{".obs/workflows.yml", workflow_for({"hello"})}, {"Makefile", "all:\n\ttrue\n"}});
    world.head({{"a", "b"}});
    REQUIRE(world.try_change().exit_code == 0);
    const Ended again = world.try_change();
    CHECK_MESSAGE(again.exit_code == 0, again.out << again.err);
    CHECK_MESSAGE(says(again.out, "attempt 2"), again.out);
    CHECK(world.statuses().size() == 2);
}

TEST_CASE("a base that was mended is read anew for the same head") {
    TryWorld world;
    world.base({{".obs/workflows.yml", "ci: nothing\n"}, {"Makefile", "all:\n\ttrue\n"}});
    world.head({{"a", "b"}});
    REQUIRE(world.try_change().exit_code == 1);
    world.repository.check_out("main");
    world.repository.write(".obs/workflows.yml", workflow_for({"hello"}));
    world.repository.commit("Mend the workflow");
    const Ended again = world.try_change();
    CHECK_MESSAGE(again.exit_code == 0, again.out << again.err);
    CHECK(world.statuses().at(kStarted) == "success");
}

TEST_CASE("a try after another event of its pull request has the last word") {
    TryWorld world;
    world.base({{".obs/workflows.yml", "ci: nothing\n"}, {"Makefile", "all:\n\ttrue\n"}});
    world.head({{"a", "b"}});
    REQUIRE(world.try_change().exit_code == 1);
    REQUIRE(world.try_change({"--event", "labeled:x"}).exit_code == 1);
    const Ended again = world.try_change();
    CHECK_MESSAGE(says(again.out, "run 3 attempt 1"), again.out);
    CHECK_MESSAGE(says(world.heddle({"runs", "show", "3", "--try", world.repository.path()}).out, kStarted),
                  again.out);
}
