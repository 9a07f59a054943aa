// SPDX-License-Identifier: Apache-2.0
// The section `build_events` of the configuration, which has sections in it.
#include <doctest/doctest.h>

#include <fstream>
#include <map>

#include "app/config/amqp_url.hpp"
#include "app/config/load_config.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace heddle;

namespace {

LoadedConfig load(const std::string& text, const std::map<std::string, std::string>& environment = {}) {
    const test::TemporaryFolder folder;
    const std::string file = folder.path() / "heddle.yml";
    std::ofstream(file, std::ios::binary) << text;
    return load_config(file, [&](const char* name) -> const char* {
        const auto found = environment.find(name);
        if (found != environment.end()) return found->second.c_str();
        return std::string(name) == "HOME" ? "/home/ann" : nullptr;
    });
}

/// The problems, one per line, without the folder.
std::string problems(const LoadedConfig& loaded) {
    CHECK(loaded.config.has_value() == loaded.problems.empty());
    std::string all;
    for (const auto& problem : loaded.problems) {
        const auto at = problem.message.find("heddle.yml");
        all += problem.message.substr(at == std::string::npos ? 0 : at) + "\n";
    }
    return all;
}

std::string shown(const std::string& text) {
    const auto url = parse_amqp_url(text);
    if (!url) return "refused";
    return url->place() + " " + url->user + " " + url->password + " " + url->vhost;
}

}  // namespace

TEST_CASE("without a word nobody listens to a bus") {
    for (const char* text : {"", "build_events:\n", "build_events: { rabbitmq: }\n"}) {
        CAPTURE(text);
        const auto loaded = load(text);
        REQUIRE(loaded.config);
        CHECK_FALSE(loaded.config->build_events.rabbitmq.url);
        CHECK(loaded.config->build_events.rabbitmq.exchange == "pubsub");
        CHECK(loaded.config->build_events.rabbitmq.topic == "opensuse.obs.#");
        CHECK(loaded.config->build_events.rabbitmq.queue.empty());
        CHECK(loaded.config->build_events.poll_notifications);
    }
}

TEST_CASE("keys of sections in sections come from the environment, too") {
    const auto loaded = load("",
                             {{"HEDDLE_BUILD_EVENTS_RABBITMQ_URL", "amqp://localhost"},
                              {"HEDDLE_BUILD_EVENTS_RABBITMQ_PASSWORD_FILE", "/run/secrets/bus"}});
    REQUIRE(loaded.config);
    CHECK(loaded.config->build_events.rabbitmq.url->place() == "amqp://localhost:5672");
    CHECK(loaded.config->build_events.rabbitmq.password_file == "/run/secrets/bus");
}

TEST_CASE("mistakes are told with their place, and never with the password") {
    CHECK(problems(load(
              "build_events:\n"
              "  rabbitmq: { url: 'amqp://ann:secret@host:x', queue: amq.mine, topic: 'a b', exchange: '' }\n"
              "  notifications: { poll: often, pol: 1 }\n"
              "  rabbitmq.url: x\n"
              "  kafka: { url: x }\n")) ==
          "heddle.yml:2:20: build_events.rabbitmq.url must be amqp://USER:PASSWORD@HOST:PORT/VHOST or "
          "amqps://..., "
          "special characters as %40\n"
          "heddle.yml:2:55: build_events.rabbitmq.queue must be 1 to 127 letters, digits, '-', '_', '.' and "
          "':', not "
          "beginning with amq.\n"
          "heddle.yml:2:72: build_events.rabbitmq.topic must be words with '.' between them, where * is any "
          "word and # "
          "any number of them\n"
          "heddle.yml:2:89: build_events.rabbitmq.exchange must be 1 to 127 letters, digits, '-', '_', '.' "
          "and ':', "
          "not beginning with amq.\n"
          "heddle.yml:3:26: build_events.notifications.poll must be true or false\n"
          "heddle.yml:3:33: unknown key build_events.notifications.pol; known are poll\n"
          "heddle.yml:4:3: unknown key build_events.rabbitmq.url; known are reconcile_after, notifications, "
          "rabbitmq\n"
          "heddle.yml:5:3: unknown key build_events.kafka; known are reconcile_after, notifications, "
          "rabbitmq\n");
    CHECK(problems(load("build_events: { rabbitmq: none }\n")) ==
          "heddle.yml:1:27: build_events.rabbitmq must be a mapping\n");
    CHECK(
        problems(load("build_events.rabbitmq: { url: x }\n"))
            .starts_with("heddle.yml:1:1: unknown key build_events.rabbitmq; known are data_dir, server, "));
    CHECK(problems(
              load("build_events: { rabbitmq: { url: 'amqps://a:secret@b', password_file: /etc/p } }\n")) ==
          "heddle.yml:1:71: build_events.rabbitmq.password_file is of no use: the url has a password\n");
    const std::string wrong = problems(load("", {{"HEDDLE_BUILD_EVENTS_RABBITMQ_URL", "http://a:secret@b"}}));
    CHECK(wrong.starts_with("HEDDLE_BUILD_EVENTS_RABBITMQ_URL must be amqp://"));
    CHECK(wrong.find("secret") == std::string::npos);
}

TEST_CASE("the URL of a bus is taken apart") {
    CHECK(shown("amqp://localhost") == "amqp://localhost:5672 guest  /");
    CHECK(shown("amqps://rabbit.example.org") == "amqps://rabbit.example.org:5671 guest  /");
    CHECK(shown("amqp://localhost/") == "amqp://localhost:5672 guest  /");
    CHECK(shown("amqp://localhost:80") == "amqp://localhost:80 guest  /");
    CHECK(shown("amqp://ann@[::1]:5673/v") == "amqp://[::1]:5673/v ann  v");
    CHECK(shown("amqp://a%40b:p%3Aq%2F%25@host/%2f") == "amqp://host:5672 a@b p:q/% /");
    CHECK(shown("amqp://ann:a:b@host") == "amqp://host:5672 ann a:b /");
    for (const char* no : {"",
                           "amqp",
                           "amqp://",
                           "AMQP://host",
                           "http://host",
                           "amqp://host:",
                           "amqp://host:0",
                           "amqp://host:65536",
                           "amqp://:pw@host",
                           "amqp://a:%@host",
                           "amqp://a:%4@host",
                           "amqp://a:%00@host",
                           "amqp://host/a/b",
                           "amqp://host?heartbeat=1",
                           "amqp://host#x",
                           "amqp://ho st",
                           "amqp://a@",
                           "amqp://host/%zz",
                           "amqp://a:%ff@host"}) {
        CAPTURE(no);
        CHECK(shown(no) == "refused");
    }
}

TEST_CASE("what says how to listen to a bus needs the bus") {
    CHECK(
        problems(load("build_events:\n  rabbitmq:\n    queue: x\n    topic: a.#\n")) ==
        "heddle.yml:3:12: build_events.rabbitmq.queue is of no use without build_events.rabbitmq.url: nobody "
        "listens\n"
        "heddle.yml:4:12: build_events.rabbitmq.topic is of no use without build_events.rabbitmq.url: nobody "
        "listens\n");
    CHECK(problems(load("", {{"HEDDLE_BUILD_EVENTS_RABBITMQ_QUEUE", "x"}})) ==
          "HEDDLE_BUILD_EVENTS_RABBITMQ_QUEUE: build_events.rabbitmq.queue is of no use without "
          "build_events.rabbitmq.url: nobody listens\n");
}

TEST_CASE("the password of a bus goes in the clear only where somebody says that the network is private") {
    const auto with = [](const std::string& keys) {
        return problems(load("build_events: { rabbitmq: { url: " + keys + " } }\n"));
    };
    const std::string refused =
        "heddle.yml:1:34: build_events.rabbitmq.url must be amqps unless "
        "build_events.rabbitmq.private_network "
        "is true: the password would go in the clear\n";
    CHECK(with("'amqp://a:b@bus.example.org'") == refused);
    CHECK(with("'amqp://a:b@127.0.0.1.example.org'") == refused);
    CHECK(with("'amqp://a:b@10.0.0.7'") == refused);
    CHECK(with("'amqp://a@bus', password_file: /etc/p") == refused);
    CHECK(with("'amqp://a:b@bus', private_network: true").empty());
    CHECK(with("'amqps://a:b@bus'").empty());
    CHECK(with("'amqp://bus'").empty());
    for (const char* loopback : {"localhost", "127.0.0.1", "127.3.2.1:99", "[::1]"})
        CHECK(with("'amqp://a:b@" + std::string(loopback) + "'").empty());
}
