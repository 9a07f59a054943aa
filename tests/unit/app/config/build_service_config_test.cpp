// SPDX-License-Identifier: Apache-2.0
// What one key of build_service says about another.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "app/config/load_config.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace heddle;

namespace {

struct World {
    LoadedConfig load(const std::string& text) const {
        std::ofstream(file()) << text;
        return load_config(
            file(), [](const char* name) { return std::string(name) == "HOME" ? "/home/ann" : nullptr; });
    }
    std::string file() const { return folder.path() / "heddle.yml"; }

    test::TemporaryFolder folder;
};

/// One per line, without the folder.
std::string problems(const World& world, const LoadedConfig& loaded) {
    std::string all;
    for (const auto& problem : loaded.problems)
        all += problem.message.substr(world.folder.path().string().size() + 1) + "\n";
    CHECK(loaded.config.has_value() == loaded.problems.empty());
    return all;
}

std::string problems(const std::string& text) {
    const World world;
    return problems(world, world.load(text));
}

}  // namespace

TEST_CASE("an Open Build Service is configured by all that it needs") {
    const World world;
    const auto loaded = world.load(R"(
build_service:
  kind: obs
  dialect: backend
  api_url: "http://10.0.0.7:5352/"
  web_url: https://obs.example.org
  user: heddle
  password_file: /etc/heddle/obs
  private_network: true
)");
    REQUIRE(problems(world, loaded).empty());
    const BuildServiceConfig& service = loaded.config->build_service;
    CHECK(service.kind == BuildServiceConfig::Kind::Obs);
    CHECK(service.dialect == BuildServiceConfig::Dialect::Backend);
    CHECK(service.api_url == "http://10.0.0.7:5352");
    CHECK(service.web_url == "https://obs.example.org");
    CHECK(service.user == "heddle");
    CHECK(service.password_file == "/etc/heddle/obs");
    CHECK(service.private_network);
}

TEST_CASE("an Open Build Service without an account of the configuration has logins of its own") {
    const std::string obs = "build_service: { kind: obs, api_url: https://obs.test";
    CHECK(problems(obs + " }\n").empty());
    CHECK(problems(obs + ", user: '" + std::string(255, 'a') + "', password_file: /p }\n").empty());
    for (const std::string& user : {std::string(256, 'a'), std::string("a:b")})
        CHECK(problems(obs + ", user: '" + user + "', password_file: /p }\n")
                  .find("build_service.user must be a login") != std::string::npos);
}

TEST_CASE("what an Open Build Service lacks is told with its place") {
    CHECK(problems("build_service:\n  kind: obs\n  dialect: backend\n") ==
          "heddle.yml:2:9: build_service.api_url must be given: where is the Open Build Service?\n");
    CHECK(problems(
              "build_service:\n  kind: obs\n  api_url: http://obs.test\n  user: a\n  password_file: /p\n") ==
          "heddle.yml:3:12: build_service.api_url must be https unless build_service.private_network is "
          "true\n");
    CHECK(problems("build_service: { kind: obs, api_url: https://obs.test, password_file: /p }\n") ==
          "heddle.yml:1:24: build_service.user must be given: who is Heddle there?\n");
    CHECK(problems("build_service: { kind: obs, dialect: backend, api_url: https://obs.test, user: a }\n") ==
          "heddle.yml:1:24: build_service.password_file must be given: who is Heddle there?\n");
    CHECK(problems(
              "build_service: { kind: obs, api_url: https://a@obs.test, user: 'a:b', password_file: p }\n") ==
          "heddle.yml:1:38: build_service.api_url must be an http or https URL without user, query and "
          "fragment\n"
          "heddle.yml:1:64: build_service.user must be a login of at most 255 characters, without colons "
          "and control characters\n"
          "heddle.yml:1:86: build_service.password_file must be an absolute path\n");
    CHECK(problems("build_service: { api_url: https://obs.test }\n") ==
          "heddle.yml:1:27: build_service.api_url is for build_service.kind obs\n");
}
