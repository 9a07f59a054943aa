// SPDX-License-Identifier: Apache-2.0
// The options that every verb takes mean something to each of them, or are refused.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>

#include "tests/flow/accounts/account_program.hpp"

using namespace heddle::test;

namespace {

using Arguments = std::vector<std::string>;

/// The verbs that have none below them, as the completion script lists them: "token create".
std::set<std::string> verbs_of(const AccountProgram& program) {
    static const std::regex kLeaf("'([a-z -]+)'\\) verbs='' ");
    const std::string script = program.done({"completion"});
    std::set<std::string> verbs;
    for (std::sregex_iterator found(script.begin(), script.end(), kLeaf), end; found != end; ++found)
        verbs.insert((*found)[1]);
    return verbs;
}

std::string joined(const Arguments& words, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < std::min(count, words.size()); ++i)
        text += (text.empty() ? "" : " ") + words[i];
    return text;
}

/// In an order in which each works: things are made, changed and deleted.
std::vector<Arguments> tour(const AccountProgram& program) {
    const std::string folder = std::filesystem::path(program.file("text")).parent_path();
    return {
        {"version"},
        {"doctor"},
        {"user", "create", "ann"},
        {"user", "list"},
        {"user", "show", "ann"},
        {"user", "edit", "ann", "--administrator"},
        {"user", "password", "ann"},
        {"forge", "create", "plain", "--kind", "git", "--api-url", "/srv/git"},
        {"forge", "list"},
        {"forge", "show", "plain"},
        {"forge", "edit", "plain", "--api-url", "/srv/other"},
        {"token", "create", "--executor", "ann", "--forge", "github.com"},
        {"token", "list"},
        {"token", "show", "1"},
        {"token", "edit", "1", "--description", "x"},
        {"group", "create", "builders"},
        {"group", "list"},
        {"group", "show", "builders"},
        {"group", "edit", "builders", "--add-member", "ann"},
        {"token", "share", "1", "--group", "builders"},
        {"token", "unshare", "1", "--group", "builders"},
        {"group", "delete", "builders"},
        {"token", "disable", "1"},
        {"token", "enable", "1"},
        {"token", "rotate", "1"},
        {"token", "delete", "1"},
        {"user", "create", "bob"},
        {"user", "delete", "bob"},
        {"forge", "delete", "plain"},
        {"key", "create"},
        {"key", "list"},
        {"key", "delete", "1"},
        {"obs", "list"},
        {"project", "create", "demo"},
        {"project", "list"},
        {"project", "show", "demo"},
        {"project", "edit", "demo", "--add-maintainer", "ann"},
        {"package", "create", "demo/hello", "--dir", folder},
        {"package", "list"},
        {"package", "show", "demo/hello"},
        {"request", "create", "demo/hello", "demo/first"},
        {"request", "create", "demo/hello", "demo/second"},
        {"request", "create", "demo/hello", "demo/third"},
        {"request", "list"},
        {"request", "show", "1"},
        {"request", "accept", "1"},
        {"request", "decline", "2"},
        {"request", "revoke", "3"},
        {"package", "delete", "demo/hello"},
        {"project", "delete", "demo"},
        {"runs", "list"},
        {"deliveries", "list"},
        {"jobs", "list"},
    };
}

// They need a run, a webhook, a moved forge or an Open Build Service: the tests of those ask for their JSON.
const std::set<std::string> kElsewhere{
    "runs show", "deliveries show", "replay", "plan", "token confirm", "obs login", "obs logout"};

}  // namespace

TEST_CASE("every verb answers --json with JSON or refuses it") {
    const AccountProgram program;
    program.done({"migrate"});
    std::set<std::string> unseen = verbs_of(program);
    REQUIRE(unseen.contains("project create"));
    for (const Arguments& arguments : tour(program)) {
        const std::string verb =
            unseen.contains(arguments.front()) ? arguments.front() : joined(arguments, 2);
        CAPTURE(verb);
        unseen.erase(verb);
        Arguments asked = arguments;
        asked.insert(asked.begin() + (unseen.size() % 2), "--json");  // before the verb or in its middle
        const Ended ended = program.run(asked);
        CHECK_MESSAGE(ended.exit_code != 2, ended.err);
        CHECK_MESSAGE(nlohmann::json::accept(ended.out), ended.out);
    }
    for (const std::string& verb : kElsewhere) CHECK(unseen.erase(verb) == 1);
    const std::set<std::string> needs_number{
        "runs follow", "runs rerun", "runs resync", "jobs retry", "jobs discard"};
    for (const std::string& verb : unseen) {
        CAPTURE(verb);
        Arguments asked{"--json", verb.substr(0, verb.find(' '))};
        if (verb.find(' ') != std::string::npos) asked.push_back(verb.substr(verb.find(' ') + 1));
        if (needs_number.contains(verb)) asked.emplace_back("1");
        if (verb == "validate") asked.emplace_back("a.yml");
        if (verb == "package log") asked.emplace_back("demo/hello");
        program.refused(asked, "--json: `heddle " + verb + "` does not print JSON");
    }
    program.refused({"deliveries", "show", "1", "--body", "--json"}, "--json: ");
}

TEST_CASE("what is made, changed or deleted is told as JSON") {
    const AccountProgram program;
    program.done({"migrate"});
    const auto made = program.json({"project", "create", "demo", "--repository", "local:x86_64"});
    CHECK(made.at("name") == "demo");
    CHECK(made.at("repositories").at(0).at("architectures").at(0) == "x86_64");
    const std::string folder = std::filesystem::path(program.file("text")).parent_path();
    const auto package = program.json({"package", "create", "demo/hello", "--dir", folder});
    CHECK(package.at("package") == "hello");
    CHECK(package.at("history").at(0).at("rev") == "1");
    CHECK(program.json({"package", "delete", "demo/hello"}) ==
          nlohmann::json{{"project", "demo"}, {"package", "hello"}, {"deleted", true}});
    CHECK(program.json({"project", "delete", "demo"}) == nlohmann::json{{"name", "demo"}, {"deleted", true}});
    program.done({"user", "create", "ann"});
    CHECK(program.json({"user", "edit", "ann", "--inactive"}).at("active") == false);
}

TEST_CASE("--try is refused by verbs that look into no database of a try") {
    const AccountProgram program;
    for (const Arguments& arguments : {Arguments{"--try", "r", "validate", "a.yml"},
                                       {"plan", "--payload", "x", "--try", "r"},
                                       {"--try", "r", "try"},
                                       {"version", "--try", "r"},
                                       {"completion", "--try", "r"},
                                       {"serve", "--try", "r"},
                                       {"token", "list", "--try", "r"}})
        program.refused(arguments, "--try");
}
