// SPDX-License-Identifier: Apache-2.0
// `heddle obs`: logins at an Open Build Service, given, listed and forgotten.
#include <doctest/doctest.h>

#include "tests/flow/accounts/account_program.hpp"

using namespace heddle::test;
using nlohmann::json;

namespace {

const std::string kPassword = "a pässword: of 'ann'";

struct ObsProgram : AccountProgram {
    ObsProgram() {
        environment["HEDDLE_BUILD_SERVICE_KIND"] = "obs";
        environment["HEDDLE_BUILD_SERVICE_API_URL"] = "https://obs.test/sub";
        done({"user", "create", "ann"});
    }

    std::vector<std::string> login(const std::string& account, const std::vector<std::string>& more = {}) {
        std::vector<std::string> all{
            "obs", "login", "--account", account, "--password-file", file(kPassword + "\n")};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    /// The tables in which a text stands, as it is or as bytes.
    std::string tables_with(const std::string& text) const {
        const std::string like = "'%' || replace(" + quoted(text) + ", '''', '''''') || '%'";
        const std::string bytes = "'%' || encode(convert_to(" + quoted(text) + ", 'UTF8'), 'hex') || '%'";
        return ask(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND "
            "(xpath('/row/c/text()', query_to_xml('SELECT count(*) AS c FROM ' || quote_ident(table_name) "
            "|| ' t WHERE t::text LIKE ''' || " +
            like + " || ''' OR t::text LIKE ''' || " + bytes +
            " || '''', false, true, '')))[1]::text <> '0' ORDER BY 1");
    }

private:
    static std::string quoted(const std::string& text) {
        std::string all = "'";
        for (const char c : text) all += c == '\'' ? std::string("''") : std::string(1, c);
        return all + "'";
    }
};

}  // namespace

TEST_CASE("logins at the Open Build Service are given, listed without passwords, and forgotten") {
    ObsProgram program;
    CHECK(program.done({"obs", "list"}) == "no logins\n");
    CHECK(program.done(program.login("heddle")) ==
          "the instance is heddle at https://obs.test; `heddle doctor` tries it\n");
    const auto made = program.json(program.login("ann-obs", {"--executor", "ann"}));
    CHECK(made == json{{"executor", "ann"}, {"account", "ann-obs"}, {"origin", "https://obs.test"}});
    program.done(program.login("ann@obs", {"--executor", "ann"}));

    const json listed = program.json({"obs", "list"});
    REQUIRE(listed.size() == 2);
    CHECK(listed.at(0).at("executor").is_null());
    CHECK(listed.at(0).at("account") == "heddle");
    CHECK(listed.at(1).at("executor") == "ann");
    CHECK(listed.at(1).at("account") == "ann@obs");
    CHECK(listed.at(1).at("unused").is_null());
    CHECK(listed.dump().find("word") == std::string::npos);
    CHECK(program.done({"obs", "list"}).find("user ann  ann@obs  https://obs.test  since 20") !=
          std::string::npos);

    CHECK(program.done({"obs", "logout"}) == "the login of the instance is forgotten\n");
    CHECK(program.json({"obs", "logout", "--executor", "ann"}) ==
          json{{"executor", "ann"}, {"deleted", true}});
    program.refused({"obs", "logout", "--executor", "ann"}, "obs logout: user ann has no login here");
    program.refused({"obs", "logout"}, "obs logout: the instance has no login here");
    CHECK(
        program.ask("SELECT action, object, details FROM audit_log WHERE action LIKE 'obs.%' ORDER BY id") ==
        "obs.login|the instance|heddle at https://obs.test\n"
        "obs.login|user ann|ann-obs at https://obs.test\n"
        "obs.login|user ann|ann@obs at https://obs.test\n"
        "obs.logout|the instance|\n"
        "obs.logout|user ann|\n");
}

TEST_CASE("the password of a login stands in no column of the database") {
    ObsProgram program;
    program.done(program.login("heddle-account"));
    program.done(program.login("ann-account", {"--executor", "ann"}));
    CHECK(program.tables_with("heddle-account") == "audit_log\nbuild_service_credentials\n");
    CHECK(program.tables_with("ann-account") == "audit_log\nbuild_service_credentials\n");
    CHECK(program.tables_with(kPassword).empty());
    program.ask(
        "UPDATE build_service_credentials SET password = convert_to('"
        "a pässword: of ''ann''"
        "', 'UTF8')");
    CHECK(program.tables_with(kPassword) == "build_service_credentials\n");
}

TEST_CASE("what a login can't be is one sentence and exit 2") {
    ObsProgram program;
    const auto refused = [&](const std::string& account, const std::string& part) {
        program.refused(program.login(account, {"--executor", "ann"}), part);
    };
    refused("a:b", "--account must be a login");
    refused("", "--account must be a login");
    refused("a\tb", "--account must be a login");
    refused(std::string(256, 'a'), "--account must be a login");
    program.refused(program.login("x", {"--executor", "nobody"}), "there is no user \"nobody\"");
    for (const std::string& text : {std::string(), std::string("one\ntwo\n"), std::string(5000, 'x')})
        program.refused({"obs", "login", "--account", "x", "--password-file", program.file(text)},
                        "--password-file: ");
    program.refused({"obs", "login", "--account", "x", "--password-file", program.file("a\x01z\n")},
                    "--password-file: a password must be printable UTF-8 text");
    program.refused({"obs", "login", "--account", "x"}, "--password-file");
    CHECK(program.done({"obs", "list"}) == "no logins\n");
}

TEST_CASE("a login that nothing would ask with is not taken, and told as that where it is there") {
    ObsProgram program;
    program.done(program.login("heddle"));
    program.done(program.login("ann", {"--executor", "ann"}));
    const auto unused = [&](std::size_t index) {
        const json why = program.json({"obs", "list"}).at(index).at("unused");
        return why.is_null() ? std::string() : why.get<std::string>();
    };
    program.environment["HEDDLE_BUILD_SERVICE_USER"] = "heddle";
    program.environment["HEDDLE_BUILD_SERVICE_PASSWORD_FILE"] = program.file("word\n");
    program.refused(program.login("other"), "build_service.user (HEDDLE_BUILD_SERVICE_USER)");
    program.done(program.login("ann", {"--executor", "ann"}));
    CHECK(unused(0) == "build_service.user is set");
    CHECK(unused(1).empty());

    program.done({"user", "edit", "ann", "--inactive"});
    CHECK(unused(1) == "ann is not active");
    program.done({"user", "edit", "ann", "--active"});
    program.environment["HEDDLE_BUILD_SERVICE_API_URL"] = "https://obs.test:8443";
    CHECK(unused(1) == "the build service is at https://obs.test:8443");
    CHECK(program.done({"obs", "list"}).find("  not used: the build service is at") != std::string::npos);

    program.environment["HEDDLE_BUILD_SERVICE_DIALECT"] = "backend";
    program.refused(program.login("ann", {"--executor", "ann"}), "a backend of an Open Build Service");
    for (const char* name : {"KIND", "API_URL", "DIALECT", "USER", "PASSWORD_FILE"})
        program.environment.erase(std::string("HEDDLE_BUILD_SERVICE_") + name);
    program.refused(program.login("ann", {"--executor", "ann"}), "the build service is Heddle's own");
    CHECK(unused(0) == "the build service is Heddle's own");
    program.done({"obs", "logout"});
    CHECK(program.json({"obs", "list"}).size() == 1);
}
