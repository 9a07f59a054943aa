// SPDX-License-Identifier: Apache-2.0
// The section `forges` of the configuration.
#include <doctest/doctest.h>

#include <fstream>

#include "app/config/forge_kinds.hpp"
#include "app/config/load_config.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace heddle;

namespace {

LoadedConfig load(const std::string& text) {
    const test::TemporaryFolder folder;
    const std::string file = folder.path() / "heddle.yml";
    std::ofstream(file, std::ios::binary) << text;
    return load_config(file, [](const char* name) -> const char* {
        return std::string(name) == "HOME" ? "/home/ann" : nullptr;
    });
}

/// The problems, one per line, without the folder.
std::string problems(const std::string& text) {
    const LoadedConfig loaded = load(text);
    CHECK(loaded.config.has_value() == loaded.problems.empty());
    std::string all;
    for (const auto& problem : loaded.problems)
        all += problem.message.substr(std::min(problem.message.find("heddle.yml"), problem.message.size())) +
               "\n";
    return all;
}

std::string shown(const ForgeConfig& forge) {
    return forge.name + " " + forge.kind + " " + forge.web_url + " " + forge.api_url +
           (forge.private_network ? " private" : "") +
           (forge.known_hosts.empty() ? "" : " " + forge.known_hosts);
}

}  // namespace

TEST_CASE("the public forges are known without being listed") {
    for (const char* text : {"", "forges:\n", "forges: []\n"}) {
        CAPTURE(text);
        const auto loaded = load(text);
        REQUIRE(loaded.config);
        REQUIRE(loaded.config->forges.size() == 2);
        CHECK(shown(loaded.config->forges[0]) ==
              "github.com github https://github.com https://api.github.com");
        CHECK(shown(loaded.config->forges[1]) ==
              "gitlab.com gitlab https://gitlab.com https://gitlab.com/api/v4");
    }
}

TEST_CASE("forges are read as they are listed, and one of the file replaces a known one") {
    const auto loaded = load(R"(
forges:
  - { name: src, kind: gitea, web_url: "https://SRC.example.org:443/", api_url: "https://src.example.org/api/v1/" }
  - { name: local, kind: github, web_url: "http://127.0.0.1:3000", api_url: "http://127.0.0.1:3000/api/v3", private_network: true }
  - { name: plain, kind: git, api_url: /srv/git/ }
  - { name: far, kind: git, api_url: "ssh://git@GIT.example.org:22/srv/", web_url: "https://git.example.org/cgit", known_hosts: /etc/passwd }
  - { name: gitlab.com, kind: gitlab, web_url: "https://mirror.example.org", api_url: "https://mirror.example.org/api/v4" }
)");
    REQUIRE(loaded.config);
    std::string all;
    for (const ForgeConfig& forge : loaded.config->forges) all += shown(forge) + "\n";
    CHECK(all ==
          "src gitea https://src.example.org https://src.example.org/api/v1\n"
          "local github http://127.0.0.1:3000 http://127.0.0.1:3000/api/v3 private\n"
          "plain git  /srv/git\n"
          "far git https://git.example.org/cgit ssh://git@git.example.org/srv /etc/passwd\n"
          "gitlab.com gitlab https://mirror.example.org https://mirror.example.org/api/v4\n"
          "github.com github https://github.com https://api.github.com\n");
}

TEST_CASE("all mistakes in forges come at once, each with its place") {
    CHECK(problems("forges:\n"
                   "  - { name: a, kind: bitkeeper, web_url: x, api_url: 'https://u:p@a.example' }\n"
                   "  - { nmae: b, kind: gitea, kind: gitea }\n"
                   "  - just text\n"
                   "  - { name: c/d, kind: git, api_url: relative, private_network: maybe, web_url: [] }\n"
                   "  - { name: a, kind: git, api_url: /a }\n") ==
          "heddle.yml:2:22: forges.kind must be one of github, gitlab, gitea, git\n"
          "heddle.yml:2:42: forges.web_url must be an http or https URL without user, query and fragment\n"
          "heddle.yml:2:54: forges.api_url must be an http or https URL without user, query and fragment\n"
          "heddle.yml:3:7: unknown key forges.nmae; known are name, kind, web_url, api_url, private_network, "
          "known_hosts\n"
          "heddle.yml:3:29: the key kind is given twice\n"
          "heddle.yml:3:5: a forge needs name\n"
          "heddle.yml:3:5: a forge needs web_url\n"
          "heddle.yml:3:5: a forge needs api_url\n"
          "heddle.yml:4:5: a forge must be a mapping of name, kind, web_url, api_url, private_network, "
          "known_hosts\n"
          "heddle.yml:5:13: forges.name must be 1 to 64 letters, digits, '.', '-' and '_', a letter or digit "
          "first\n"
          "heddle.yml:5:81: forges.web_url must be a single value\n"
          "heddle.yml:5:38: forges.api_url must be an absolute path or a URL of the schemes file, ssh, http, "
          "https\n"
          "heddle.yml:5:65: forges.private_network must be true or false\n"
          "heddle.yml:6:5: the forge a is listed twice\n");
    CHECK(problems("forges: { name: a }\n") == "heddle.yml:1:9: forges must be a list\n");
    CHECK(problems("forges: nonsense\n") == "heddle.yml:1:9: forges must be a list\n");
}

TEST_CASE("a forge behind ssh needs its user and a file of known hosts that can be read") {
    const std::string far = "forges: [{ name: far, kind: git, api_url: ";
    CHECK(problems(far + "'ssh://git@a.example/srv' }]\n") ==
          "heddle.yml:1:10: the forge far needs known_hosts\n");
    CHECK(problems(far + "'ssh://git@a.example/srv', known_hosts: /nonexistent/hosts }]\n") ==
          "heddle.yml:1:83: forges.known_hosts must be a file that can be read\n");
    CHECK(problems(far + "'ssh://git@a.example/srv', known_hosts: /etc }]\n") ==
          "heddle.yml:1:83: forges.known_hosts must be a file that can be read\n");
    for (const char* path : {"'/etc/a b'", "hosts", "'/etc/%h'", "'/etc/${HOME}'", "'/etc/\"x'", "'~/x'"})
        CHECK(problems(far + "'ssh://git@a.example/srv', known_hosts: " + path + " }]\n") ==
              "heddle.yml:1:83: forges.known_hosts must be an absolute path of letters, digits and any of "
              "/._-+,=@:\n");
    CHECK(problems(far + "/srv, known_hosts: /etc/passwd }]\n") ==
          "heddle.yml:1:62: forges.known_hosts goes with an api_url of the scheme ssh\n");
    for (const char* url : {"ssh://a.example/srv", "ssh://git:pw@a.example/srv", "ssh://-ox@a.example/srv"})
        CHECK(problems(far + "'" + url + "', known_hosts: /etc/passwd }]\n")
                  .find("forges.api_url must be an ssh URL that names the user, as "
                        "ssh://git@git.example.org/srv/git") != std::string::npos);
}

TEST_CASE("only hooks that carry their secret are marked so") {
    REQUIRE(find_forge_kind("gitlab"));
    CHECK(find_forge_kind("gitlab")->sends_secret);
    CHECK_FALSE(find_forge_kind("github")->sends_secret);
    CHECK_FALSE(find_forge_kind("gitea")->sends_secret);
    CHECK_FALSE(find_forge_kind("bitkeeper"));
}
