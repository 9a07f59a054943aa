// SPDX-License-Identifier: Apache-2.0
// `heddle project` and `heddle package`: who may change what, and who did.
#include <doctest/doctest.h>

#include <fstream>

#include "tests/flow/accounts/account_program.hpp"

using namespace heddle::test;

namespace {

struct ProjectProgram : AccountProgram {
    ProjectProgram() {
        done({"migrate"});
        done({"user", "create", "ann"});
        done({"user", "create", "bob"});
        done({"project", "create", "demo", "--repository", "local:x86_64"});
        me = ask("SELECT login FROM bs_maintainers");
        me.pop_back();
    }
    nlohmann::json maintainers() const { return json({"project", "show", "demo"}).at("maintainers"); }

    std::string me;  // in whose name the program acts
};

}  // namespace

TEST_CASE("maintainers join and leave, and somebody always maintains a project") {
    const ProjectProgram program;
    CHECK(program.maintainers() == nlohmann::json{program.me});
    CHECK(program.done({"project", "edit", "demo", "--add-maintainer", "ann", "--add-maintainer", "bob"}) ==
          "project demo is changed\n");
    CHECK(program.maintainers().size() == 3);
    program.done({"project", "edit", "--add-maintainer", "bob", "demo"});  // one is
    const auto changed = program.json({"project", "edit", "demo", "--remove-maintainer", "bob"});
    CHECK(changed.at("maintainers") == nlohmann::json{"ann", program.me});
    CHECK(program.done({"project", "show", "demo"}).find("maintainers: ann and ") != std::string::npos);
    program.refused({"project", "edit", "demo", "--remove-maintainer", "bob"},
                    "\"bob\" is no maintainer of demo");
    program.refused({"project", "edit", "demo", "--add-maintainer", "eve"}, "there is no user \"eve\"");
    program.refused(
        {"project", "edit", "demo", "--remove-maintainer", "ann", "--remove-maintainer", program.me},
        "without a maintainer");
    CHECK(program.maintainers().size() == 2);
    program.refused({"project", "edit", "demo"}, "nothing to change");
    program.refused({"project", "edit", "nowhere", "--add-maintainer", "ann"}, "there is no project nowhere");
}

TEST_CASE("who is no maintainer changes nothing, an administrator does") {
    const ProjectProgram program;
    program.done({"project", "edit", "demo", "--add-maintainer", "ann", "--remove-maintainer", program.me});
    const std::string no = "no permission: " + program.me + " is no maintainer of demo";
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"project", "edit", "demo", "--add-maintainer", "bob"},
          {"project", "delete", "demo"}}) {
        const Ended ended = program.run(arguments);
        CHECK(ended.exit_code == 1);
        CHECK_MESSAGE(ended.err.find(no) != std::string::npos, ended.err);
    }
    CHECK(program.maintainers() == nlohmann::json{"ann"});
    program.done({"user", "create", program.me, "--administrator"});
    program.done({"project", "edit", "demo", "--add-maintainer", "bob"});
    CHECK(program.maintainers() == nlohmann::json{"ann", "bob"});
}

TEST_CASE("what is changed at the build service by hand is written down") {
    const ProjectProgram program;
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "Makefile") << "all:\n";
    program.done({"project", "create", "demo"});  // is there
    program.done(
        {"project", "create", "demo", "--repository", "other:x86_64", "--repository", "other:aarch64"});
    program.done({"package", "create", "demo/hello", "--dir", folder.path()});
    program.done({"package", "create", "demo/hello", "--dir", folder.path()});  // is there
    program.done({"project", "edit", "demo", "--add-maintainer", "ann"});
    program.done({"project", "edit", "demo", "--add-maintainer", "ann"});  // is one
    program.done({"package", "delete", "demo/hello"});
    program.done({"project", "delete", "demo"});
    program.refused({"project", "delete", "demo"}, "there is no project demo");
    CHECK(program.ask("SELECT DISTINCT login FROM audit_log WHERE action LIKE 'p%'") == program.me + "\n");
    CHECK(program.ask("SELECT action, object, details FROM audit_log WHERE action LIKE 'p%' ORDER BY id") ==
          "project.create|project demo|repository local for x86_64\n"
          "project.edit|project demo|repository other for x86_64 and aarch64\n"
          "package.create|package demo/hello|1 file\n"
          "project.edit|project demo|maintainers +ann\n"
          "package.delete|package demo/hello|\n"
          "project.delete|project demo|\n");
}
