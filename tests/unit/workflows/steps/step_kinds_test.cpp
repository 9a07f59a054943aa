// SPDX-License-Identifier: Apache-2.0
#include "workflows/steps/step_kinds.hpp"

#include <doctest/doctest.h>

#include "tests/support/nodes.hpp"
#include "workflows/steps/step.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

/// The problems of a step whose name stands in line 3, column 7; its keys begin in line 4.
Problems problems_of(const std::string& step, const DefinitionNode& instructions) {
    Problems problems;
    const auto made = make_step(text(step, 3, 7), instructions, problems);
    CHECK((made == nullptr) == !problems.empty());
    return problems;
}

using Entries = std::vector<std::pair<std::string, DefinitionNode>>;

DefinitionNode below(const Entries& entries) { return map(entries, 3); }

DefinitionNode a_package(const std::string& package) {
    return below({{"project", text("demo")}, {"package", text(package)}});
}

DefinitionNode a_flag(const Entries& entries) { return below({{"flags", list({map(entries, 10)})}}); }

DefinitionNode repositories(const Entries& entries) {
    return below({{"project", text("demo")}, {"repositories", list({map(entries, 10)})}});
}

const DefinitionNode kPath =
    map({{"target_project", text("openSUSE:Factory")}, {"target_repository", text("15.4")}}, 20);

}  // namespace

TEST_CASE("all steps are made from right instructions") {
    const DefinitionNode branch = below({{"source_project", text("demo")},
                                         {"source_package", text("hello")},
                                         {"target_project", text("demo:ci")},
                                         {"somebody_elses_key", list({})}});
    CHECK(problems_of("branch_package", branch).empty());
    CHECK(problems_of("link_package", branch).empty());
    CHECK(problems_of("link_project", branch).empty());
    CHECK(problems_of("submit_request", branch).empty());
    CHECK(problems_of("rebuild_package", a_package("hello")).empty());
    CHECK(problems_of("trigger_services", a_package("hello")).empty());
    CHECK(problems_of("configure_repositories",
                      repositories({{"name", text("15.4")},
                                    {"paths", list({kPath})},
                                    {"architectures", list({text("x86_64"), text("local")})},
                                    {"rebuild", text("direct")},
                                    {"linkedbuild", text("alldirect_or_localdep")}}))
              .empty());
    CHECK(problems_of("set_flags",
                      a_flag({{"type", text("build")},
                              {"status", text("disable")},
                              {"project", text("demo")},
                              {"package", text("hello")},
                              {"repository", text("local")},
                              {"architecture", text("aarch64")}}))
              .empty());
}

TEST_CASE("a missing key is reported at the step's name, an empty one at the key") {
    const Problems problems = problems_of(
        "branch_package", below({{"source_project", text("demo")}, {"source_package", nothing()}}));
    REQUIRE(problems.size() == 2);
    CHECK(problems[0] == Problem{5, 9, "\"source_package\" of branch_package has no value"});
    CHECK(problems[1] == Problem{3, 7, "branch_package needs the key \"target_project\""});
}

TEST_CASE("each key that must be there is asked for") {
    CHECK(problems_of("branch_package", map({})).size() == 3);
    CHECK(problems_of("link_package", map({})).size() == 3);
    CHECK(problems_of("link_project", map({})).size() == 2);
    CHECK(problems_of("submit_request", map({})).size() == 3);
    CHECK(problems_of("rebuild_package", map({})).size() == 2);
    CHECK(problems_of("trigger_services", map({})).size() == 2);
    CHECK(problems_of("configure_repositories", map({})).size() == 2);
    CHECK(problems_of("set_flags", map({})).size() == 1);
    CHECK(problems_of("configure_repositories", repositories({})).size() == 3);
    CHECK(problems_of("set_flags", a_flag({})).size() == 3);
    CHECK(problems_of("set_flags", below({{"flags", list({})}})).size() == 1);
}

TEST_CASE("an empty target_package means the source's name") {
    CHECK(problems_of("branch_package",
                      below({{"source_project", text("demo")},
                             {"source_package", text("hello")},
                             {"target_project", text("demo:ci")},
                             {"target_package", text("")}}))
              .empty());
}

TEST_CASE("a bad name is reported where it stands") {
    const Problems problems = problems_of("trigger_services", a_package("hello:flavour"));
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].line == 5);
    CHECK(problems[0].column == 20);
    CHECK(problems[0].message.find("\"package\" of trigger_services: \"hello:flavour\" is no package name") ==
          0);
}

TEST_CASE("a value of the wrong kind is said in words") {
    const Problems names = problems_of(
        "rebuild_package", below({{"project", list({text("demo")})}, {"package", text("hello")}}));
    REQUIRE(names.size() == 1);
    CHECK(names[0] == Problem{4, 20, "\"project\" of rebuild_package must be text, not a list"});
    const Problems flags = problems_of("set_flags", below({{"flags", text("build")}}));
    REQUIRE(flags.size() == 1);
    CHECK(flags[0].message == "\"flags\" of set_flags must be a list, not text");
    CHECK(problems_of("set_flags", below({{"flags", list({text("build", 9, 9)})}})).size() == 1);
    CHECK(problems_of("configure_repositories",
                      below({{"project", text("demo")}, {"repositories", list({text("a", 9, 9)})}}))
              .size() == 1);
}

TEST_CASE("a step without instructions names the likely mistake") {
    CHECK(problems_of("branch_package", nothing()) ==
          Problems{{3, 7, "branch_package has no instructions; its keys must be indented below its name"}});
    CHECK(problems_of("branch_package", text("demo")) ==
          Problems{{3, 7, "branch_package needs a mapping of keys, not text"}});
}

TEST_CASE("a path has exactly its two keys") {
    const DefinitionNode half = map({{"target_project", text("demo")}}, 20);
    const DefinitionNode more = map(
        {{"target_project", text("demo")}, {"target_repository", text("r")}, {"arch", text("x86_64")}}, 30);
    const Problems problems = problems_of("configure_repositories",
                                          repositories({{"name", text("r")},
                                                        {"paths", list({half, more, text("x", 40, 9)})},
                                                        {"architectures", list({})}}));
    REQUIRE(problems.size() == 3);
    CHECK(problems[0] ==
          Problem{21, 9, "a path of configure_repositories needs the key \"target_repository\""});
    CHECK(problems[1].line == 33);
    CHECK(problems[2].line == 40);
}

TEST_CASE("each unknown architecture is listed with its place") {
    const Problems problems = problems_of(
        "configure_repositories",
        repositories(
            {{"name", text("r")},
             {"paths", list({})},
             {"architectures", list({text("x86_64", 30, 5), text("amd64", 31, 5), text("sun4", 32, 5)})}}));
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].line == 31);
    CHECK(problems[0].message.find("\"amd64\" is no architecture") == 0);
    CHECK(problems[1].line == 32);
}

TEST_CASE("rebuild: invalid and linkedbuild: invalid are problems of the file (vector 38)") {
    const Problems problems = problems_of("configure_repositories",
                                          repositories({{"name", text("r")},
                                                        {"paths", list({})},
                                                        {"architectures", list({})},
                                                        {"rebuild", text("invalid")},
                                                        {"linkedbuild", text("invalid")}}));
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].message ==
          "\"rebuild\" of a repository of configure_repositories is \"invalid\"; it can be one of "
          "\"transitive\", "
          "\"direct\" and \"local\"");
    CHECK(problems[1].line == 15);
}

TEST_CASE("a flag's type, status, package and architecture are checked") {
    const Problems problems = problems_of("set_flags",
                                          a_flag({{"type", text("builds")},
                                                  {"status", text("off")},
                                                  {"project", text("demo")},
                                                  {"package", list({text("a"), text("_b"), list({})})},
                                                  {"architecture", text("amd64")}}));
    REQUIRE(problems.size() == 5);
    CHECK(problems[0].line == 11);
    CHECK(problems[1].line == 12);
    CHECK(problems[2].message.starts_with("\"package\" of a flag: "));
    CHECK(problems[3].message == "\"package\" of a flag: it must be text, not a list");
    CHECK(problems[4].line == 15);
}

TEST_CASE("there are OBS's eight steps") {
    CHECK(step_names().size() == 8);
    for (const std::string_view name : step_names()) CHECK(is_step(name));
    CHECK_FALSE(is_step("branch"));
}

TEST_CASE("the description of a request is text") {
    const Problems problems = problems_of("submit_request",
                                          below({{"source_project", text("demo")},
                                                 {"source_package", text("hello")},
                                                 {"target_project", text("stable")},
                                                 {"target_package", text("hello:flavour")},
                                                 {"description", list({})}}));
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].message.starts_with("\"target_package\" of submit_request: "));
    CHECK(problems_of("submit_request",
                      below({{"source_project", text("demo")},
                             {"source_package", text("hello")},
                             {"target_project", text("stable")},
                             {"description", list({text("a")})}}))
              .size() == 1);
}
