// SPDX-License-Identifier: Apache-2.0
#include "app/config/load_config.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "app/config/settings.hpp"

using namespace heddle;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// A configuration file and an environment.
struct World {
    World() {
        std::string name = (fs::temp_directory_path() / "heddle-config-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        folder = name;
    }
    ~World() { fs::remove_all(folder); }

    LoadedConfig load() const {
        return load_config(file(), [this](const char* name) { return get(name); });
    }
    LoadedConfig load(const std::string& text) const {
        std::ofstream(file(), std::ios::binary) << text;
        return load();
    }
    const char* get(const char* name) const {
        const auto found = environment.find(name);
        return found == environment.end() ? nullptr : found->second.c_str();
    }
    std::string file() const { return folder / "heddle.yml"; }

    fs::path folder;
    std::map<std::string, std::string> environment{{"HOME", "/home/ann"}};
};

/// The problems, one per line, without the folder.
std::string problems(const World& world, const LoadedConfig& loaded) {
    std::string all;
    for (const auto& problem : loaded.problems) {
        std::string line = problem.message;
        if (line.starts_with(world.folder.string())) line.erase(0, world.folder.string().size() + 1);
        all += line + "\n";
    }
    CHECK(loaded.config.has_value() == loaded.problems.empty());
    return all;
}

std::string problems(const std::string& text) {
    const World world;
    return problems(world, world.load(text));
}

}  // namespace

TEST_CASE("an empty file means the defaults") {
    const World world;
    for (const char* text : {"", "# only a comment\n", "---\n", "database:\n"}) {
        CAPTURE(text);
        const auto loaded = world.load(text);
        REQUIRE(problems(world, loaded).empty());
        CHECK(loaded.config->jobs.runners == 4);
        CHECK(loaded.config->builder.timeout == 30min);
        CHECK(loaded.config->builder.memory == std::uint64_t{2} << 30);
        CHECK(loaded.config->retention.build_events == 7 * 24h);
        CHECK(loaded.config->retention.deliveries == 90 * 24h);
        CHECK(loaded.config->server.host == "127.0.0.1");
        CHECK(loaded.config->server.port == 8080);
        CHECK(loaded.config->server.public_url.empty());
        CHECK(loaded.config->server.public_status);
        CHECK_FALSE(loaded.config->database.url);
        CHECK(loaded.config->secrets.key_file == loaded.config->data_dir / "secret.key");
    }
}

TEST_CASE("the data directory is the user's own unless root runs it") {
    World world;
    const auto data_dir = [&world] { return world.load("").config->data_dir.string(); };
    if (geteuid() == 0) {
        CHECK(data_dir() == "/var/lib/heddle");
        return;
    }
    CHECK(data_dir() == "/home/ann/.local/share/heddle");
    world.environment["XDG_DATA_HOME"] = "/data";
    CHECK(data_dir() == "/data/heddle");
    world.environment["XDG_DATA_HOME"] = "relative";
    CHECK(data_dir() == "/home/ann/.local/share/heddle");
    world.environment = {};
    CHECK(problems(world, world.load("")) == "data_dir must be given: HOME names no folder\n");
}

TEST_CASE("every key of the file has its effect") {
    const World world;
    const auto loaded = world.load(R"(
data_dir: /srv/heddle
server: { listen: "[::1]:0", public_url: "HTTPS://Heddle.example.org/ci/", public_status: false }
database: { url: "postgresql:///heddle" }
secrets: { key_file: /etc/heddle/secret.key }
build_service: { kind: embedded }
builder:
  workers: 3
  sandbox: none
  timeout: 90s
  memory: 512MiB
  disk: 10GiB
  processes: 64
  first_uid: 70000
jobs: { runners: 8 }
build_events:
  reconcile_after: 5m
  notifications: { poll: false }
  rabbitmq:
    url: "amqps://ann:p%40ss@Rabbit.example.org/v%2Fh"
    ca_file: /etc/ssl/own.pem
    private_network: true
    exchange: events
    topic: "suse.#.build_*"
    queue: heddle.events
reports: { context: Wéb, pending: all }
retention: { deliveries: 10d, runs: 90d, audit: 20d, build_events: 12h }
)");
    REQUIRE(problems(world, loaded).empty());
    const Config& config = *loaded.config;
    CHECK(config.file == world.file());
    CHECK(config.data_dir == "/srv/heddle");
    CHECK(config.server.host == "::1");
    CHECK(config.server.port == 0);
    CHECK(config.server.public_url == "https://heddle.example.org/ci");
    CHECK_FALSE(config.server.public_status);
    CHECK(config.database.url == "postgresql:///heddle");
    CHECK(config.places.at("database.url") == world.file() + ":4:18");
    CHECK(config.places.at("data_dir") == world.file() + ":2:11");
    CHECK(config.secrets.key_file == "/etc/heddle/secret.key");
    CHECK(config.builder.workers == 3);
    CHECK(config.builder.sandbox == BuilderConfig::Sandbox::None);
    CHECK(config.builder.timeout == 90s);
    CHECK(config.builder.memory == std::uint64_t{512} << 20);
    CHECK(config.builder.disk == std::uint64_t{10} << 30);
    CHECK(config.builder.processes == 64);
    CHECK(config.builder.first_uid == 70'000);
    CHECK(config.jobs.runners == 8);
    CHECK(config.build_events.reconcile_after == 5min);
    CHECK_FALSE(config.build_events.poll_notifications);
    const RabbitmqConfig& bus = config.build_events.rabbitmq;
    CHECK(bus.url.value().place() + bus.url->password == "amqps://rabbit.example.org:5671/v/hp@ss");
    CHECK((bus.ca_file == "/etc/ssl/own.pem" && bus.private_network));
    CHECK(bus.exchange + " " + bus.topic + " " + bus.queue == "events suse.#.build_* heddle.events");
    CHECK(config.reports.context == "Wéb");
    CHECK(config.reports.pending == ReportsConfig::Pending::All);
    CHECK(config.retention.deliveries == 10 * 24h);
    CHECK(config.retention.runs == 90 * 24h);
    CHECK(config.retention.audit == 20 * 24h);
    CHECK(config.retention.build_events == 12h);
}

TEST_CASE("every key can come from the environment, which wins over the file") {
    World world;
    const std::map<std::string, std::string> kOther{{"data_dir", "/x"},
                                                    {"url", "postgresql:///x"},
                                                    {"key_file", "/x/key"},
                                                    {"kind", "obs"},
                                                    {"dialect", "backend"},
                                                    {"api_url", "https://api.x"},
                                                    {"web_url", "https://x"},
                                                    {"user", "heddle"},
                                                    {"password_file", "/x/password"},
                                                    {"private_network", "true"},
                                                    {"workers", "2"},
                                                    {"sandbox", "none"},
                                                    {"timeout", "1h"},
                                                    {"memory", "1GiB"},
                                                    {"disk", "1GiB"},
                                                    {"processes", "100"},
                                                    {"first_uid", "2000"},
                                                    {"reconcile_after", "90s"},
                                                    {"runners", "9"},
                                                    {"context", "x"},
                                                    {"pending", "none"},
                                                    {"listen", "0.0.0.0:80"},
                                                    {"public_url", "http://x"},
                                                    {"public_status", "false"},
                                                    {"deliveries", "1d"},
                                                    {"runs", "1d"},
                                                    {"audit", "1d"},
                                                    {"build_events", "1d"},
                                                    {"build_events.rabbitmq.url", "amqp://x"},
                                                    {"ca_file", "/x"},
                                                    {"exchange", "x"},
                                                    {"topic", "x"},
                                                    {"poll", "false"},
                                                    {"queue", "x"}};
    for (const Setting& setting : settings()) {
        const std::string name = name_of(setting);
        const std::string key = kOther.contains(name) ? name : std::string(setting.key);
        REQUIRE(kOther.contains(key));
        world.environment[environment_name(setting)] = kOther.at(key);
    }
    CHECK(world.environment.contains("HEDDLE_DATA_DIR"));
    CHECK(world.environment.contains("HEDDLE_JOBS_RUNNERS"));
    CHECK(world.environment.contains("HEDDLE_SERVER_LISTEN"));
    const auto loaded = world.load("jobs: { runners: 3 }\n");
    REQUIRE(problems(world, loaded).empty());
    CHECK(loaded.config->data_dir == "/x");
    CHECK(loaded.config->jobs.runners == 9);
    CHECK(loaded.config->retention.runs == 24h);
    CHECK(loaded.config->server.host == "0.0.0.0");
    CHECK(loaded.config->places.at("jobs.runners") == "HEDDLE_JOBS_RUNNERS");
}

TEST_CASE("all problems of file and environment come at once, each with its place") {
    World world;
    world.environment["HEDDLE_BUILDER_MEMORY"] = "2GB";
    const auto loaded = world.load(
        "jobs:\n"
        "  runners: many\n"
        "  runner: 4\n"
        "retentoin: {}\n"
        "builder: { timeout: 5, workers: 0, sandbox: docker }\n");
    CHECK(problems(world, loaded) ==
          "heddle.yml:2:12: jobs.runners must be a number from 1 to 256\n"
          "heddle.yml:3:3: unknown key jobs.runner; known are runners\n"
          "heddle.yml:4:1: unknown key retentoin; known are data_dir, server, database, secrets, "
          "build_service, "
          "builder, jobs, build_events, reports, "
          "retention, forges\n"
          "heddle.yml:5:21: builder.timeout must be a time such as 90s, 30m, 12h or 7d\n"
          "heddle.yml:5:33: builder.workers must be a number from 1 to 64\n"
          "heddle.yml:5:45: builder.sandbox must be one of bubblewrap, none\n"
          "HEDDLE_BUILDER_MEMORY must be a size such as 512MiB or 2GiB\n");
}

TEST_CASE("a variable that names no key is a problem, one of other programs is none") {
    World world;
    std::ofstream(world.file()) << "";
    const auto load = [&](const std::vector<std::string>& names) {
        return problems(world,
                        load_config(
                            world.file(), [&](const char* name) { return world.get(name); }, names));
    };
    CHECK(load({"HOME", "HEDDLE_CONFIG", "HEDDLE_DATA_DIR", "HEDDLE_BUILDER_WORKERS", "HEDDLE_PROJECT"})
              .empty());
    CHECK(
        load({"HEDDLE_REPORTS_CONTXT"}) ==
        "unknown variable HEDDLE_REPORTS_CONTXT; known are HEDDLE_REPORTS_CONTEXT, HEDDLE_REPORTS_PENDING\n");
    CHECK(load({"HEDDLE_BUILDER_FOO"})
              .starts_with("unknown variable HEDDLE_BUILDER_FOO; known are HEDDLE_BUILDER_"));
    CHECK(load({"HEDDLE_DATA_DIRR", "HEDDLE_SERVERR_LISTEN"}) ==
          "unknown variable HEDDLE_DATA_DIRR; the nearest known is HEDDLE_DATA_DIR\n"
          "unknown variable HEDDLE_SERVERR_LISTEN; the nearest known is HEDDLE_SERVER_LISTEN\n");
    CHECK_FALSE(load({"HEDDLE_"}).empty());
    CHECK_FALSE(load({"HEDDLE_data_dir"}).empty());
    CHECK(load({"HEDDLETOO", "heddle_x", "HEDDLE", "XHEDDLE_DATA_DIRR"}).empty());
    CHECK(load({"HEDDLE_COMMIT",
                "HEDDLE_PROGRAM",
                "HEDDLE_SEED",
                "HEDDLE_SHARED",
                "HEDDLE_TOUR",
                "HEDDLE_VERSION"})
              .empty());
}

TEST_CASE("what a cluster sets beside a service called heddle is passed over") {
    World world;
    std::ofstream(world.file()) << "";
    world.environment["HEDDLE_PORT"] = "tcp://10.0.0.7:8080";
    world.environment["HEDDLE_DATABASE_PORT"] = "tcp://10.0.0.8:5432";
    world.environment["HEDDLE_NAME"] = "/web/heddle";
    world.environment["HEDDLE_SERVER_PORT"] = "80";  // a guess at a key
    const auto load = [&](const std::vector<std::string>& names) {
        return problems(world,
                        load_config(
                            world.file(), [&](const char* name) { return world.get(name); }, names));
    };
    CHECK(load({"HEDDLE_SERVICE_HOST",
                "HEDDLE_SERVICE_PORT",
                "HEDDLE_SERVICE_PORT_HTTP",
                "HEDDLE_PORT",
                "HEDDLE_PORT_8080_TCP",
                "HEDDLE_PORT_8080_TCP_ADDR",
                "HEDDLE_DATABASE_SERVICE_HOST",
                "HEDDLE_DATABASE_PORT",
                "HEDDLE_DATABASE_PORT_5432_TCP_PROTO",
                "HEDDLE_NAME",
                "HEDDLE_ENV_PATH"})
              .empty());
    CHECK(load({"HEDDLE_SERVER_PORT"}).starts_with("unknown variable HEDDLE_SERVER_PORT; known are "));
    CHECK_FALSE(load({"HEDDLE_SERVICE"}).empty());
    CHECK_FALSE(load({"HEDDLE_JOBS_PORT"}).empty());
}

TEST_CASE("columns count characters") {
    CHECK(problems("reports: { context: äöü, pending: x }\n") ==
          "heddle.yml:1:35: reports.pending must be one of pull_requests, all, none\n");
}

TEST_CASE("odd YAML is refused with its place") {
    CHECK(problems("- a\n") == "heddle.yml:1:1: the configuration must be a mapping of sections\n");
    CHECK(problems("just text\n") == "heddle.yml:1:1: the configuration must be a mapping of sections\n");
    CHECK(problems("jobs: 4\n") == "heddle.yml:1:7: jobs must be a mapping\n");
    CHECK(problems("jobs: { runners: [4] }\n") == "heddle.yml:1:18: jobs.runners must be a single value\n");
    CHECK(problems("jobs: { runners: }\n").find("heddle.yml:1:") == 0);
    CHECK(problems("jobs: { runners: 4, runners: 5 }\n") ==
          "heddle.yml:1:21: the key runners is given twice\n");
    CHECK(problems("? [a]\n: b\n") == "heddle.yml:1:3: a key must be a word\n");
    CHECK(problems("a: 1\n---\nb: 2\n").find("there is more than one document") != std::string::npos);
    CHECK(problems("jobs: { runners: 4\n").starts_with("heddle.yml:"));
    CHECK(problems("jobs:\n\trunners: 4\n").starts_with("heddle.yml:2:"));
    CHECK(problems("<<: { a: 1 }\n").starts_with("heddle.yml:1:1: unknown key <<"));
    CHECK_FALSE(problems(std::string(20'000, '[')).empty());
    CHECK(problems(std::string(65 * 1024, '#')) == "heddle.yml: the configuration is larger than 64 KiB\n");
}

TEST_CASE("an alias is the value it stands for") {
    const World world;
    const auto loaded = world.load("jobs: { runners: &n 7 }\nbuilder: { workers: *n }\n");
    REQUIRE(problems(world, loaded).empty());
    CHECK(loaded.config->builder.workers == 7);
}

TEST_CASE("values that C or PostgreSQL would read otherwise are refused") {
    CHECK(problems("data_dir: \"/srv/a\\0b\"\n") ==
          "heddle.yml:1:11: data_dir must be printable UTF-8 text\n");
    CHECK(problems("reports: { context: \"a\\nb\" }\n") ==
          "heddle.yml:1:21: reports.context must be printable UTF-8 text\n");
    for (const char* broken : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe2\x82"}) {
        CAPTURE(broken);
        World world;
        world.environment["HEDDLE_REPORTS_CONTEXT"] = broken;
        CHECK(problems(world, world.load("")) == "HEDDLE_REPORTS_CONTEXT must be printable UTF-8 text\n");
    }
    World world;
    world.environment["HEDDLE_REPORTS_CONTEXT"] = "Grün 編 🧵";
    CHECK(problems(world, world.load("")).empty());
}

TEST_CASE("numbers, times and sizes have limits") {
    for (const char* text : {"jobs: { runners: 0 }",
                             "jobs: { runners: 257 }",
                             "jobs: { runners: -1 }",
                             "jobs: { runners: 4.0 }",
                             "jobs: { runners: 99999999999999999999 }",
                             "builder: { timeout: 0s }",
                             "builder: { timeout: -1m }",
                             "builder: { timeout: 99999999999999d }",
                             "builder: { memory: 1 }",
                             "builder: { memory: 9999999999GiB }",
                             "retention: { runs: 30m }",
                             "builder: { first_uid: 0 }",
                             "data_dir: relative",
                             "data_dir: ''",
                             "database: { url: '' }",
                             "server: { listen: '8080' }",
                             "server: { listen: ':8080' }",
                             "server: { listen: 'localhost' }",
                             "server: { listen: 'localhost:65536' }",
                             "server: { listen: 'localhost:-1' }",
                             "server: { listen: '::1:80' }",
                             "server: { listen: '[::1]' }",
                             "server: { listen: '[::1]80' }",
                             "server: { listen: '[nonsense]:80' }",
                             "server: { listen: 'a b:80' }",
                             "server: { public_url: heddle.example.org }",
                             "server: { public_url: '' }",
                             "server: { public_url: 'ftp://heddle.example.org' }",
                             "server: { public_url: 'https://me:secret@heddle.example.org' }",
                             "server: { public_url: 'https://heddle.example.org/?a' }",
                             "server: { public_status: yes }",
                             "retention: { deliveries: 0d }",
                             "reports: { context: '' }"}) {
        CAPTURE(text);
        CHECK_FALSE(problems(text).empty());
    }
}

TEST_CASE("a file that is named must be readable") {
    const World world;
    CHECK(problems(world, world.load()) ==
          "heddle.yml: the configuration can't be read: No such file or directory\n");
    fs::create_directory(world.file());
    CHECK(problems(world, world.load()).starts_with("heddle.yml: the configuration can't be read"));
}

TEST_CASE("HEDDLE_CONFIG names the file unless an option does") {
    World world;
    const std::string other = world.folder / "other.yml";
    std::ofstream(other) << "jobs: { runners: 5 }\n";
    world.environment["HEDDLE_CONFIG"] = other;
    const auto loaded = load_config(std::nullopt, [&world](const char* name) { return world.get(name); });
    REQUIRE(loaded.config);
    CHECK(loaded.config->jobs.runners == 5);
    CHECK(world.load("jobs: { runners: 6 }\n").config->jobs.runners == 6);
}
