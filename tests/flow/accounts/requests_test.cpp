// SPDX-License-Identifier: Apache-2.0
// `heddle request`: what it prints, who may decide, and what is written down.
#include <doctest/doctest.h>

#include <fstream>

#include "tests/flow/accounts/account_program.hpp"

using namespace heddle::test;

namespace {

/// demo/hello and its requests, and the project stable that others maintain.
struct RequestProgram : AccountProgram {
    RequestProgram() {
        std::ofstream(folder.path() / "Makefile") << "all:\n";
        done({"migrate"});
        done({"user", "create", "bob"});
        done({"project", "create", "demo"});
        done({"project", "create", "stable"});
        done({"package", "create", "demo/hello", "--dir", folder.path()});
    }

    TemporaryFolder folder;
};

}  // namespace

TEST_CASE("requests are made, listed, shown and decided") {
    const RequestProgram program;
    CHECK(program.done({"request", "list"}) == "no requests\n");
    CHECK(program.done(
              {"request", "create", "demo/hello", "stable/hello", "--description", "Mend\x1b[31m it"}) ==
          "request 1 is made\n");
    program.done({"request", "create", "demo/hello", "demo/copy"});
    const std::string listed = program.done({"request", "list"});
    CHECK(listed.find("request 2  new  demo/hello r1 to demo/copy") == 0);
    CHECK(program.json({"request", "list", "--project", "stable"}).size() == 1);
    CHECK(program.json({"request", "list", "--state", "accepted"}).empty());
    CHECK(program.json({"request", "list", "--limit", "1"}).at(0).at("number") == 2);

    const auto accepted = program.json({"request", "accept", "1", "--comment", "good"});
    CHECK(accepted.at("state") == "accepted");
    CHECK(accepted.at("source").at("rev") == "1");
    CHECK(accepted.at("target") == nlohmann::json{{"project", "stable"}, {"package", "hello"}});
    CHECK(accepted.at("history").size() == 2);
    CHECK(accepted.at("history").at(1).at("comment") == "good");
    CHECK(accepted.at("superseded_by").is_null());
    const std::string shown = program.done({"request", "show", "1"});
    CHECK(shown.find("  description: Mend") != std::string::npos);
    CHECK(shown.find('\x1b') == std::string::npos);
    CHECK(shown.find(" accepted by ") != std::string::npos);
    CHECK(program.json({"package", "show", "stable/hello"}).at("files") == nlohmann::json{"Makefile"});

    CHECK(program.done({"request", "decline", "2", "--comment", "no"}) == "request 2 is declined\n");
    program.refused({"request", "accept", "2"}, "request 2 is declined already");
    CHECK(program.done({"request", "revoke", "2"}) == "request 2 is revoked\n");
    program.refused({"request", "revoke", "2"}, "request 2 is revoked already");
    program.refused({"request", "show", "77"}, "there is no request 77");
    program.refused({"request", "accept", "77"}, "there is no request 77");
    program.refused({"request", "accept", "x"}, "x");
    program.refused({"request", "list", "--state", "old"}, "--state");
    program.refused({"request", "create", "demo", "stable/hello"}, "demo");
    const Ended same = program.run({"request", "create", "demo/hello", "stable/hello"});
    CHECK(same.exit_code == 1);
    CHECK(same.err.find("there is nothing to submit") != std::string::npos);
    CHECK(program.ask("SELECT action || ' ' || object FROM audit_log WHERE action LIKE 'request.%' "
                      "ORDER BY id") ==
          "request.create request 1\nrequest.create request 2\nrequest.accept request 1\n"
          "request.decline request 2\nrequest.revoke request 2\n");
}

TEST_CASE("only maintainers of the target accept or decline") {
    const RequestProgram program;
    program.done({"request", "create", "demo/hello", "stable/hello"});
    const std::string me = program.json({"request", "show", "1"}).at("login");
    program.done({"project", "edit", "stable", "--add-maintainer", "bob", "--remove-maintainer", me});
    for (const char* decision : {"accept", "decline"}) {
        const Ended ended = program.run({"request", decision, "1"});
        CHECK(ended.exit_code == 1);
        CHECK_MESSAGE(
            ended.err.find("no permission: " + me + " is no maintainer of stable") != std::string::npos,
            ended.err);
    }
    CHECK(program.json({"request", "show", "1"}).at("state") == "new");
    program.done({"request", "revoke", "1"});
}
