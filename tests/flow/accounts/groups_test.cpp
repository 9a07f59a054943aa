// SPDX-License-Identifier: Apache-2.0
// `heddle group`, `heddle token share` and `heddle token unshare`.
#include <doctest/doctest.h>

#include "tests/flow/accounts/account_program.hpp"

using namespace heddle::test;

namespace {

struct GroupProgram : AccountProgram {
    GroupProgram() {
        for (const char* login : {"ann", "bob", "eve"}) done({"user", "create", login});
        done({"token", "create", "--executor", "ann", "--forge", "github.com"});
    }
};

}  // namespace

TEST_CASE("groups are made, changed and deleted") {
    const GroupProgram program;
    CHECK(program.done({"group", "list"}) == "no groups\n");
    CHECK(program.done({"group", "create", "builders", "--member", "bob", "--member", "ann"}) ==
          "group builders is there\n");
    program.done({"group", "create", "empty"});
    CHECK(program.done({"group", "list"}) == "builders  ann and bob\nempty  nobody\n");
    const auto changed =
        program.json({"group", "edit", "builders", "--add-member", "eve", "--remove-member", "bob"});
    CHECK(changed.at("members") == nlohmann::json{"ann", "eve"});
    program.done({"group", "edit", "builders", "--add-member", "eve"});  // is one
    program.done({"user", "delete", "eve"});
    CHECK(program.json({"group", "show", "builders"}).at("members") == nlohmann::json{"ann"});
    program.done({"group", "delete", "builders"});
    CHECK(program.json({"group", "list"}).size() == 1);
    CHECK(program.ask(
              "SELECT action, object, details FROM audit_log WHERE action LIKE 'group.%' ORDER BY id") ==
          "group.create|group builders|+bob +ann\n"
          "group.create|group empty|\n"
          "group.edit|group builders|+eve -bob\n"
          "group.delete|group builders|\n");
}

TEST_CASE("a token is shared with users and groups, and no longer") {
    const GroupProgram program;
    program.done({"group", "create", "builders", "--member", "eve"});
    CHECK(program.done({"token", "share", "1", "--user", "bob", "--group", "builders"}) ==
          "token 1 is shared with user bob and group builders\n");
    program.done({"token", "share", "--user", "bob", "1"});  // is already
    const auto shown = program.json({"token", "show", "1"});
    CHECK(shown.at("users") == nlohmann::json{"bob"});
    CHECK(shown.at("groups") == nlohmann::json{"builders"});
    CHECK(program.done({"token", "show", "1"}).find("user bob and group builders") != std::string::npos);
    CHECK(program.json({"token", "list"}).at(0).at("users") == nlohmann::json{"bob"});
    CHECK(program.json({"group", "show", "builders"}).at("tokens") == nlohmann::json{1});
    CHECK(program.json({"token", "unshare", "1", "--user", "bob"}).at("users").empty());
    program.refused({"token", "unshare", "1", "--user", "bob"}, "token 1 is not shared with user bob");
    program.done({"group", "delete", "builders"});
    CHECK(program.json({"token", "show", "1"}).at("groups").empty());
    CHECK(program.ask(
              "SELECT action, object, details FROM audit_log WHERE action LIKE 'token.%share' ORDER BY id") ==
          "token.share|token 1|user bob and group builders\n"
          "token.unshare|token 1|user bob\n");
}

TEST_CASE("nonsense about groups and sharing is one sentence and exit 2") {
    const GroupProgram program;
    program.done({"group", "create", "builders"});
    program.refused({"group", "create", "builders"}, "already");
    program.refused({"group", "create", "a/b"}, "the name of a group is 1 to 64");
    program.refused({"group", "create", "x", "--member", "nobody"}, "there is no user \"nobody\"");
    program.refused({"group", "show", "x"}, "there is no group \"x\"");
    program.refused({"group", "edit", "builders"}, "nothing to change");
    program.refused({"group", "edit", "builders", "--remove-member", "bob"}, "bob is no member");
    program.refused({"token", "share", "1"}, "--user LOGIN or --group NAME is missing");
    program.refused({"token", "share", "7", "--user", "bob"}, "there is no token 7");
    program.refused({"token", "share", "1", "--user", "nobody"}, "there is no user \"nobody\"");
    program.refused({"token", "share", "1", "--group", "nobody"}, "there is no group \"nobody\"");
    program.refused({"token", "share", "1", "--user", "ann"}, "who sees its runs anyway");
    CHECK(program.json({"group", "list"}).size() == 1);
}

TEST_CASE("users and groups are let change projects, and no longer") {
    const GroupProgram program;
    program.done({"group", "create", "builders", "--member", "bob"});
    const auto ann =
        program.json({"user", "edit", "ann", "--grant-project", "home:ann", "--grant-project", "a"});
    CHECK(ann.at("projects") == nlohmann::json{"a", "home:ann"});
    program.done({"user", "edit", "ann", "--grant-project", "a"});  // is already
    program.done({"group", "edit", "builders", "--grant-project", "shared"});
    CHECK(program.done({"group", "show", "builders"}).find("changes  project shared") != std::string::npos);
    CHECK(program.done({"user", "show", "ann"}).find("changes  project home:ann") != std::string::npos);
    CHECK(program.json({"user", "edit", "ann", "--revoke-project", "a"}).at("projects") ==
          nlohmann::json{"home:ann"});
    program.refused({"user", "edit", "ann", "--revoke-project", "a"}, "user ann has no grant for a");
    program.refused({"group", "edit", "builders", "--grant-project", "a/b"}, "is no project name");
    CHECK(program.ask(
              "SELECT action, object, details FROM audit_log WHERE action LIKE '%.grant' ORDER BY id") ==
          "user.grant|user ann|may change home:ann, may change a\n"
          "group.grant|group builders|may change shared\n"
          "user.grant|user ann|may not change a any more\n");
}
