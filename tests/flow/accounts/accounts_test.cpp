// SPDX-License-Identifier: Apache-2.0
// `heddle user`, `heddle forge`, `heddle key` and what `heddle doctor` says about them.
#include <doctest/doctest.h>

#include "app/crypto/password.hpp"
#include "tests/flow/accounts/account_program.hpp"

using namespace heddle::test;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string stored_password(const AccountProgram& program, const std::string& login) {
    std::string hash = program.ask("SELECT password FROM users WHERE login = '" + login + "'");
    hash.pop_back();
    return hash;
}

}  // namespace

TEST_CASE("users are made with a password that is told once or comes from a file") {
    const AccountProgram program;
    const auto made = program.json({"user", "create", "ann", "--administrator"});
    CHECK(heddle::check_password(made.at("password").get<std::string>(), stored_password(program, "ann")));
    CHECK(program.done({"user", "create", "bob", "--password-file", program.file("correct hörse\n")}) ==
          "user bob is there\n");
    CHECK(heddle::check_password("correct hörse", stored_password(program, "bob")));
    CHECK(program.done({"user", "list"}) == "ann  administrator\nbob\n");
    CHECK_FALSE(holds(program.done({"user", "list", "--json"}), "password\":\""));
    const auto changed = program.json({"user", "password", "bob"});
    CHECK(heddle::check_password(changed.at("password").get<std::string>(), stored_password(program, "bob")));
    CHECK(program.json({"user", "password", "bob", "--password-file", program.file("once more, then")})
              .at("password")
              .is_null());
    CHECK(heddle::check_password("once more, then", stored_password(program, "bob")));
    program.done({"user", "delete", "bob"});
    CHECK(program.json({"user", "list"}).size() == 1);
    CHECK(program.ask("SELECT action, object, details FROM audit_log ORDER BY id") ==
          "user.create|user ann|administrator\n"
          "user.create|user bob|\n"
          "user.password|user bob|\n"
          "user.password|user bob|\n"
          "user.delete|user bob|\n");
}

TEST_CASE("somebody always administrates") {
    const AccountProgram program;
    program.done({"user", "create", "ann", "--administrator"});
    program.done({"user", "create", "bob"});
    program.refused({"user", "edit", "ann", "--no-administrator"}, "only administrator");
    program.refused({"user", "edit", "ann", "--inactive"}, "only administrator");
    program.refused({"user", "delete", "ann"}, "only administrator");
    program.done({"user", "edit", "bob", "--administrator"});
    program.done({"user", "edit", "ann", "--no-administrator", "--inactive"});
    const auto ann = program.json({"user", "show", "ann"});
    CHECK(ann.at("administrator") == false);
    CHECK(ann.at("active") == false);
    CHECK(ann.at("has_password") == true);
}

TEST_CASE("nonsense about users is one sentence and exit 2") {
    const AccountProgram program;
    program.done({"user", "create", "ann"});
    program.refused({"user", "create", "ann"}, "already");
    program.refused({"user", "create", "a/b"}, "login");
    program.refused({"user", "create", ""}, "login");
    program.refused({"user", "create", std::string(65, 'x')}, "login");
    program.refused({"user", "create", "bob", "--password", "x"}, "--password");
    program.refused({"user", "create", "bob", "--password-file", program.file("\n")}, "is empty");
    program.refused({"user", "create", "bob", "--password-file", program.file("a\tb")}, "printable");
    // Eleven characters, of more bytes.
    program.refused({"user", "create", "bob", "--password-file", program.file("hörse staül")},
                    "at least 12 characters");
    program.refused({"user", "password", "ann", "--password-file", program.file("x")},
                    "at least 12 characters");
    program.refused({"user", "show", "bob"}, "there is no user \"bob\"");
    program.refused({"user", "edit", "ann"}, "nothing to change");
    program.refused({"user", "edit", "ann", "--active", "--inactive"}, "--active");
    program.done({"token", "create", "--executor", "ann", "--forge", "github.com"});
    program.refused({"user", "delete", "ann"}, "tokens act in the name of ann");
    CHECK(program.json({"user", "list"}).size() == 1);
}

TEST_CASE("forges of the configuration are shown, others are made, changed and deleted") {
    AccountProgram program;
    CHECK(program.json({"forge", "list"}).size() == 2);
    const auto known = program.json({"forge", "show", "gitlab.com"});
    CHECK(known.at("kind") == "gitlab");
    CHECK(known.at("configured") == true);
    program.refused({"forge", "edit", "gitlab.com", "--web-url", "https://x.example"}, "configuration");
    program.refused({"forge", "delete", "gitlab.com"}, "configuration");

    const std::vector<std::string> create{"forge",
                                          "create",
                                          "src",
                                          "--kind",
                                          "gitea",
                                          "--web-url",
                                          "https://src.example.org/",
                                          "--api-url",
                                          "https://src.example.org/api/v1"};
    program.done(create);
    program.refused(create, "already");
    CHECK(program.json({"forge", "show", "src"}).at("web_url") == "https://src.example.org");
    program.done({"user", "create", "ann"});
    program.done(
        {"token", "create", "--executor", "ann", "--forge", "src", "--scm-token-file", program.file("x")});
    CHECK(holds(
        program.done({"forge", "edit", "src", "--api-url", "https://new.example.org", "--private-network"}),
        "are locked: 1 "));
    const auto changed = program.json({"forge", "show", "src"});
    CHECK(changed.at("api_url") == "https://new.example.org");
    CHECK(changed.at("private_network") == true);
    CHECK(changed.at("tokens") == 1);
    program.refused({"forge", "delete", "src"}, "in use");
    program.done({"token", "delete", "1"});
    program.done({"forge", "delete", "src"});
    CHECK(program.json({"forge", "list"}).size() == 2);

    program.refused({"forge", "create", "x", "--kind", "bitkeeper", "--api-url", "https://x"},
                    "--kind must be one of");
    program.refused({"forge", "create", "x", "--kind", "gitea", "--api-url", "https://x"},
                    "--web-url is missing");
    program.refused({"forge", "create", "x/y", "--kind", "git", "--api-url", "/srv"}, "the name must be");
    program.refused({"forge", "create", "x", "--kind", "git", "--api-url", "srv"}, "--api-url must be");
    program.refused({"forge", "show", "x"}, "there is no forge \"x\"");
    program.refused({"forge", "edit", "x"}, "nothing to change");
    program.configure("forges: [{ name: github.com, kind: git, api_url: /srv }]\n");
    program.refused({"forge", "list"}, "another name");
}

TEST_CASE("who retries or discards a job is written down") {
    const AccountProgram program;
    program.done({"migrate"});
    program.ask(
        "INSERT INTO jobs (kind, key, payload, state, max_attempts) "
        "VALUES ('sync_status', 'a', '{\"status\": 1}', 'dead', 1), "
        "('sync_status', 'b', '{\"status\": 2}', 'dead', 1) RETURNING id");
    program.done({"jobs", "retry", "1"});
    program.done({"jobs", "discard", "2"});
    program.refused({"jobs", "retry", "7"}, "there is no job 7");
    CHECK(program.ask("SELECT action, object FROM audit_log ORDER BY id") ==
          "job.retry|job 1\njob.discard|job 2\n");
}

TEST_CASE("a key is printed once") {
    const AccountProgram program;
    const std::string key = program.done(
        {"key", "create", "--scope", "build-events", "--project", "home:ann", "--name", "the bus"});
    CHECK(key.size() > 24);
    CHECK(key.find('\n') == key.size() - 1);
    const std::string bare = key.substr(0, key.size() - 1);
    const auto all = program.json({"key", "list"});
    REQUIRE(all.size() == 1);
    CHECK(all[0].at("project") == "home:ann");
    CHECK(all[0].at("used_at").is_null());
    CHECK_FALSE(holds(program.done({"key", "list"}) + all.dump(), bare));
    CHECK_FALSE(holds(program.ask("SELECT t::text FROM api_keys t"), bare));
    program.refused({"key", "create", "--scope", "everything"}, "everything");
    program.refused({"key", "create", "--project", "a b"}, "--project");
    program.refused({"key", "delete", "7"}, "there is no key 7");
    program.done({"key", "delete", std::to_string(all[0].at("id").get<int>())});
    CHECK(program.done({"key", "list"}) == "no keys\n");
}

TEST_CASE("doctor tells what stands between webhooks and statuses") {
    AccountProgram program;
    const auto finding = [&](const std::string& about) {
        const Ended ended = program.run({"doctor", "--json"});
        for (const auto& found : nlohmann::json::parse(ended.out))
            if (found.at("about") == about) return found;
        return nlohmann::json{};
    };
    CHECK(finding("public_url").at("note") == true);
    CHECK(finding("credentials").at("text") == "nothing is locked or missing");
    program.environment["HEDDLE_SERVER_PUBLIC_URL"] = "http://heddle.example.org";
    CHECK(finding("public_url").at("note") == false);
    program.done({"user", "create", "ann"});
    program.configure(
        "forges: [{ name: near, kind: gitlab, web_url: 'http://127.0.0.1:1', api_url: "
        "'http://127.0.0.1:1/api' }]\n");
    program.done({"token", "create", "--executor", "ann", "--forge", "near"});
    CHECK(holds(finding("public_url").at("text"), "webhooks of token 1 carry their secret"));
    CHECK(finding("credentials").at("note") == true);
    CHECK(finding("forges").at("ok") == true);
    program.environment["HEDDLE_SERVER_PUBLIC_URL"] = "https://heddle.example.org";
    CHECK(finding("public_url").at("note") == false);

    program.done({"token", "edit", "1", "--scm-token-file", program.file("x")});
    CHECK(finding("credentials").at("note") == false);
    program.configure(
        "forges: [{ name: near, kind: gitlab, web_url: 'http://127.0.0.1:2', api_url: "
        "'http://127.0.0.1:2/api' }]\n");
    program.done({"forge", "list"});
    CHECK(finding("credentials").at("ok") == false);
    CHECK(program.run({"doctor"}).exit_code == 1);

    program.configure(
        "forges: [{ name: near, kind: gitlab, web_url: 'http://x.invalid', api_url: 'http://x.invalid/api' "
        "}]\n");
    program.done({"forge", "list"});
    CHECK(finding("forges").at("ok") == false);
}
