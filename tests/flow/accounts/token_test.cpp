// SPDX-License-Identifier: Apache-2.0
// `heddle token` as people type it.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "tests/flow/accounts/account_program.hpp"
#include "tests/support/ssh_server.hpp"

using namespace heddle::test;

namespace {

constexpr const char* kForges =
    "forges:\n"
    "  - { name: src, kind: gitea, web_url: 'https://src.example.org', api_url: "
    "'https://src.example.org/api/v1' }\n"
    "  - { name: plain, kind: git, api_url: /srv/git }\n";

struct TokenProgram : AccountProgram {
    TokenProgram() {
        configure(kForges);
        done({"user", "create", "ann"});
    }
    std::string make(const std::vector<std::string>& more = {}) const {
        std::vector<std::string> arguments{
            "token", "create", "--kind", "workflow", "--executor", "ann", "--forge", "src"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return std::to_string(json(arguments).at("id").get<int>());
    }
};

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a token is made for each forge, and its secret is told once") {
    const TokenProgram program;
    for (const char* forge : {"github.com", "gitlab.com", "src", "plain"}) {
        CAPTURE(forge);
        const auto made =
            program.json({"token", "create", "--kind", "workflow", "--executor", "ann", "--forge", forge});
        CHECK(made.size() == 3);
        const std::string secret = made.at("secret");
        CHECK(secret.size() >= 24);
        CHECK(std::all_of(secret.begin(), secret.end(), [](unsigned char c) {
            return (c < 0x80 && std::isalnum(c)) || c == '+' || c == '/';
        }));
        const std::string id = std::to_string(made.at("id").get<int>());
        CHECK(made.at("url") == "http://127.0.0.1:8080/trigger/workflow?id=" + id);
        for (const auto& arguments : {std::vector<std::string>{"token", "list"},
                                      {"token", "list", "--json"},
                                      {"token", "show", id},
                                      {"token", "show", id, "--json"}})
            CHECK_FALSE(holds(program.done(arguments), secret));
        CHECK(program.json({"token", "show", id}).at("forge") == forge);
    }
    CHECK(program.json({"token", "list"}).size() == 4);
}

TEST_CASE("the first secret makes the data directory for its key file") {
    AccountProgram program;
    const std::filesystem::path data = program.environment.at("HEDDLE_DATA_DIR") + "/not/there/yet";
    program.environment["HEDDLE_DATA_DIR"] = data;
    program.done({"user", "create", "ann"});
    program.done({"token", "create", "--executor", "ann", "--forge", "github.com"});
    CHECK(std::filesystem::exists(data / "secret.key"));
}

TEST_CASE("a token's URL is where the server is reached") {
    TokenProgram program;
    program.environment["HEDDLE_SERVER_PUBLIC_URL"] = "https://heddle.example.org/ci/";
    program.make();
    CHECK(program.json({"token", "show", "1"}).at("url") ==
          "https://heddle.example.org/ci/trigger/workflow?id=1");
    program.environment.erase("HEDDLE_SERVER_PUBLIC_URL");
    program.environment["HEDDLE_SERVER_LISTEN"] = "[::1]:0";
    CHECK(program.json({"token", "show", "1"}).at("url").is_null());
    program.environment["HEDDLE_SERVER_LISTEN"] = "[::]:81";
    CHECK(program.json({"token", "list"})[0].at("url") == "http://[::1]:81/trigger/workflow?id=1");
}

TEST_CASE("no token is made that nothing could be triggered with") {
    const TokenProgram program;
    for (const char* kind : {"rebuild", "release", "service"})
        program.refused({"token", "create", "--kind", kind, "--executor", "ann"}, kind);
    CHECK(holds(program.done({"token", "create", "--help"}), "nothing that another kind could trigger"));
    CHECK(program.json({"token", "list"}).empty());
    // One that came into the database in another way is told without an address.
    program.make();
    program.ask("UPDATE tokens SET kind = 'rebuild', forge_id = NULL RETURNING id");
    CHECK(program.json({"token", "show", "1"}).at("url").is_null());
    CHECK(holds(program.done({"token", "show", "1"}), "nothing that a rebuild token triggers"));
}

TEST_CASE("secrets come from files or standard input, and are shown nowhere") {
    const TokenProgram program;
    const std::string secret = "agreed on: Zx9+/", credential = "glpat-f00f00f00";
    const auto made = program.json({"token",
                                    "create",
                                    "--executor",
                                    "ann",
                                    "--forge",
                                    "src",
                                    "--secret-file",
                                    program.file(secret + "\r\n"),
                                    "--scm-token-file",
                                    program.file(credential)});
    CHECK(made.at("secret") == secret);
    const auto shown = program.json({"token", "show", "1"});
    CHECK(shown.at("credential") == "given");
    CHECK(shown.at("credential_origin") == "https://src.example.org");
    for (const auto& arguments : {std::vector<std::string>{"token", "list"},
                                  {"token", "list", "--json"},
                                  {"token", "show", "1"},
                                  {"token", "show", "1", "--json"},
                                  {"doctor"}}) {
        const Ended ended = program.run(arguments);
        CHECK_FALSE(holds(ended.out + ended.err, secret));
        CHECK_FALSE(holds(ended.out + ended.err, credential));
    }
    for (const char* table : {"tokens", "credentials", "audit_log"}) {
        const std::string rows = program.ask("SELECT t::text FROM " + std::string(table) + " t");
        CHECK_FALSE(holds(rows, secret));
        CHECK_FALSE(holds(rows, credential));
    }
    // The same secret would name two tokens.
    program.refused(
        {"token", "create", "--executor", "ann", "--forge", "src", "--secret-file", program.file(secret)},
        "another token has this secret");

    RunOptions options;
    options.environment = program.environment;
    const Ended piped = run(
        {"sh", "-c", "echo came-from-a-pipe | \"$1\" token rotate 1 --secret-file -", "sh", heddle_program()},
        options);
    CHECK_MESSAGE(piped.exit_code == 0, piped.err);
    CHECK(holds(piped.out, "came-from-a-pipe"));
}

TEST_CASE("a token is changed, disabled, given a new secret and deleted") {
    const TokenProgram program;
    const std::string id = program.make({"--description", "the site", "--path", "ci/workflows.yml"});
    program.done({"token",
                  "edit",
                  id,
                  "--description",
                  "-- the old site",
                  "--scm-token-file",
                  program.file("s3cr3t")});
    auto shown = program.json({"token", "show", id});
    CHECK(shown.at("description") == "-- the old site");
    CHECK(shown.at("path") == "ci/workflows.yml");
    CHECK(shown.at("credential") == "given");
    program.done({"token", "edit", id, "--configuration-url", "https://files.example/w.yml?ref=main"});
    program.done({"token", "edit", id, "--no-credential"});
    program.done({"token", "disable", id});
    shown = program.json({"token", "show", id});
    CHECK(shown.at("configuration_url") == "https://files.example/w.yml?ref=main");
    CHECK(shown.at("credential") == "none");
    CHECK(shown.at("enabled") == false);
    CHECK(shown.at("triggered_at").is_null());
    program.done({"token", "edit", id, "--configuration-url", ""});
    program.done({"token", "enable", id});
    shown = program.json({"token", "show", id});
    CHECK(shown.at("configuration_url").is_null());
    CHECK(shown.at("enabled") == true);
    const std::string before = program.ask("SELECT secret_digest FROM tokens");
    CHECK(program.json({"token", "rotate", id}).at("secret").get<std::string>().size() >= 24);
    CHECK(program.ask("SELECT secret_digest FROM tokens") != before);
    program.done({"token", "delete", id});
    CHECK(program.done({"token", "list"}) == "no tokens\n");
    CHECK(program.ask(
              "SELECT action, object, details FROM audit_log WHERE action LIKE 'token.%' ORDER BY id") ==
          "token.create|token 1|workflow for ann on src\n"
          "token.edit|token 1|description and credential\n"
          "token.edit|token 1|configuration_url\n"
          "token.edit|token 1|credential\n"
          "token.disable|token 1|\n"
          "token.edit|token 1|configuration_url\n"
          "token.enable|token 1|\n"
          "token.rotate|token 1|\n"
          "token.delete|token 1|workflow for ann\n");
}

TEST_CASE("a credential waits for its owner's word when its forge moves") {
    TokenProgram program;
    const std::string id = program.make({"--scm-token-file", program.file("s3cr3t")});
    program.refused({"token", "confirm", id}, "no locked credential");
    program.configure(
        "forges:\n"
        "  - { name: src, kind: gitea, web_url: 'https://new.example.org', api_url: "
        "'https://new.example.org/api/v1' "
        "}\n");
    CHECK(program.json({"token", "show", id}).at("credential") == "locked");
    CHECK(holds(program.done({"token", "list"}), "credential locked"));
    const auto shown = program.json({"token", "confirm", id});
    CHECK(shown.at("credential") == "given");
    CHECK(shown.at("credential_origin") == "https://new.example.org");
}

TEST_CASE("a token whose work goes on is deleted only by force") {
    const TokenProgram program;
    const std::string id = program.make();
    program.ask(R"sql(
        WITH there AS (INSERT INTO repositories (forge_id, identity, full_name)
                       SELECT forge_id, '1', 'a/b' FROM tokens RETURNING id)
        INSERT INTO workflow_runs (token_id, repository_id, origin, event, queue_key)
        SELECT tokens.id, there.id, 'webhook', '{}', 'src/1/main' FROM tokens, there RETURNING id)sql");
    program.refused({"token", "delete", id}, "would never end");
    CHECK(program.json({"token", "show", id}).at("id") == std::stoi(id));
    program.done({"token", "delete", id, "--force"});
    program.refused({"token", "delete", id}, "there is no token " + id);
    CHECK(program.ask("SELECT count(*) FROM workflow_runs") == "0\n");
}

TEST_CASE("nonsense about tokens is one sentence and exit 2, and changes nothing") {
    const TokenProgram program;
    const auto create = [](std::vector<std::string> more) {
        more.insert(more.begin(), {"token", "create"});
        return more;
    };
    program.refused(create({"--executor", "bob", "--forge", "src"}), "there is no user \"bob\"");
    program.refused(create({"--executor", "ann", "--forge", "nowhere"}), "there is no forge \"nowhere\"");
    program.refused(create({"--executor", "ann"}), "--forge is missing");
    program.refused(create({"--forge", "src"}), "executor");
    program.refused(create({"--kind", "wizard", "--executor", "ann", "--forge", "src"}), "wizard");
    const auto good = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"--executor", "ann", "--forge", "src"});
        return create(more);
    };
    program.refused(good({"--secret", "x"}), "--secret");
    program.refused(good({"--secret-file", "/nonexistent"}), "/nonexistent");
    program.refused(good({"--secret-file", "/tmp"}), "can't be read");
    program.refused(good({"--secret-file", program.file("")}), "is empty");
    program.refused(good({"--secret-file", program.file("\n")}), "is empty");
    program.refused(good({"--secret-file", program.file("two\nlines\n")}), "one line");
    program.refused(good({"--secret-file", program.file(std::string(5000, 'x'))}), "one line");
    program.refused(good({"--secret-file", program.file("caf\xC3\xA9")}), "printable ASCII");
    program.refused(good({"--secret-file", program.file("fifteen letters\n")}), "at least 16 characters");
    program.refused(good({"--secret-file", program.file(std::string(1025, 'x'))}), "at most 1024");
    program.refused(good({"--scm-token-file", program.file(std::string("a\0b", 3))}), "printable ASCII");
    program.refused(good({"--secret-file", "-", "--scm-token-file", "-"}), "both");
    program.refused(good({"--path", "../secret"}), "--path");
    program.refused(good({"--path", "/etc/passwd"}), "--path");
    program.refused(good({"--path", ""}), "--path");
    program.refused(good({"--description", std::string(65, 'x')}), "--description");
    program.refused(good({"--description", "a\nb"}), "--description");
    program.refused(good({"--configuration-url", "file:///etc/passwd"}), "--configuration-url");
    program.refused(good({"--configuration-url", "https://me:pw@files.example/"}), "--configuration-url");
    program.refused(create({"--executor", "ann", "--forge", "plain", "--scm-token-file", program.file("x")}),
                    "without a credential");
    program.refused({"token", "show", "7"}, "there is no token 7");
    program.refused({"token", "show", "x"}, "x");
    program.refused({"token", "edit", "7", "--description", "x"}, "there is no token 7");
    program.refused({"token", "edit", "7"}, "nothing to change");
    program.refused({"token", "list", "--try", "."}, "--try");
    CHECK(program.ask("SELECT count(*) FROM tokens") == "0\n");
    CHECK(program.ask("SELECT count(*) FROM audit_log WHERE action LIKE 'token%'") == "0\n");
    program.done({"user", "edit", "ann", "--inactive"});
    program.refused(good({}), "not active");
}

TEST_CASE("a forge behind ssh takes a private key without a passphrase, and no other forge takes one") {
    const TokenProgram program;
    const TemporaryFolder folder;
    program.done({"forge",
                  "create",
                  "far",
                  "--kind",
                  "git",
                  "--api-url",
                  "ssh://git@git.example.org/srv",
                  "--known-hosts",
                  "/etc/passwd"});
    CHECK(program.json({"forge", "show", "far"}).at("known_hosts") == "/etc/passwd");
    const auto with = [&](const std::string& forge, const std::string& file) {
        return std::vector<std::string>{
            "token", "create", "--executor", "ann", "--forge", forge, "--scm-token-file", file};
    };
    for (const std::string type : {"ed25519", "rsa", "ecdsa"}) {
        const std::string file = folder.path() / type;
        make_ssh_key(file, "", type);
        program.done(with("far", file));
        make_ssh_key(file + ".locked", "a passphrase", type);
        program.refused(with("far", file + ".locked"), "with a passphrase");
        make_ssh_key(file + ".pem", "", type, "PEM");
        if (type != "ed25519") program.done(with("far", file + ".pem"));
        make_ssh_key(file + ".pem-locked", "a passphrase", type, "PEM");
        program.refused(with("far", file + ".pem-locked"), "with a passphrase");
        program.refused(with("src", file), "wants no private key");
        program.refused(with("plain", file), "reached without a credential");
        program.refused(with("far", file + ".pub"), "wants a private key");
    }
    const std::string key = folder.path() / "ed25519";
    std::string text;
    std::getline(std::ifstream(key), text, '\0');
    program.done(with("far", program.file(text.substr(0, text.size() - 1) + "\r\n\r\n")));
    program.refused(with("far", program.file(text.substr(0, text.size() / 2))), "no whole private key");
    program.refused(with("far", program.file("-----BEGIN X-----\n-----END X-----\n")),
                    "no whole private key");
    program.refused(with("far", program.file("t0ken")), "wants a private key");
    CHECK(program.json({"token", "show", "1"}).at("credential_origin") == "ssh://git@git.example.org");
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"token", "list"}, {"doctor"}}) {
        const Ended ended = program.run(arguments);
        CHECK_FALSE(holds(ended.out + ended.err, "PRIVATE KEY"));
    }
    // Its host's key is not in that file.
    CHECK(holds(program.run({"doctor"}).out, "/etc/passwd has no key of git.example.org"));
    program.refused({"forge", "create", "x", "--kind", "git", "--api-url", "ssh://git@git.example.org/srv"},
                    "--known-hosts is missing");
}
