// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/config/amqp_url.hpp"

namespace heddle {

struct ServerConfig {
    std::string host = "127.0.0.1";  // where it listens
    int port = 8080;                 // 0: any free one
    std::string public_url;          // without a '/' at the end; empty: statuses carry no link
    bool public_status = true;       // run pages of repositories that are public at the forge
};

/// A forge of the configuration file, or one that is known without being listed (forge_kinds.hpp).
struct ForgeConfig {
    std::string name;
    std::string kind;  // a word of forge_kinds()
    std::string web_url;
    std::string api_url;  // for git: the URL or path below which the repositories lie
    bool private_network = false;
    std::string known_hosts{};  // behind ssh: the file with the keys that its host may show
};

struct DatabaseConfig {
    std::optional<std::string> url;  // absent: a private cluster below data_dir
};

struct SecretsConfig {
    std::filesystem::path key_file;  // default: data_dir/secret.key
};

struct BuilderConfig {
    enum class Sandbox { Bubblewrap, None };

    int workers = 1;
    Sandbox sandbox = Sandbox::Bubblewrap;
    std::chrono::seconds timeout{30 * 60};          // of one build
    std::uint64_t memory = std::uint64_t{2} << 30;  // bytes, whole process tree of one build
    std::uint64_t disk = std::uint64_t{4} << 30;    // bytes, workspace of one build
    int processes = 512;                            // of one build
    std::uint32_t first_uid = 64'000;               // as root: builds run as first_uid + worker number
};

/// The build service behind Heddle: its own, or an Open Build Service ("OBS").
struct BuildServiceConfig {
    enum class Kind { Embedded, Obs };
    /// Public: an OBS with its frontend, as its users see it. Backend: the source server directly, Heddle
    /// being its frontend; it knows no users, so whoever reaches it may do everything.
    enum class Dialect { Public, Backend };

    Kind kind = Kind::Embedded;
    Dialect dialect = Dialect::Public;
    std::string api_url;                  // kind obs; without a '/' at the end
    std::string web_url;                  // its pages, for links; empty: none
    std::string user;                     // the account of executors without a login; empty: the stored one
    std::filesystem::path password_file;  // of the user
    bool private_network = false;         // it may have an address that is not on the internet, and be http
};

struct JobsConfig {
    int runners = 4;
};

/// The bus on which OBS tells what happens.
struct RabbitmqConfig {
    std::optional<AmqpUrl> url;           // absent: nobody listens
    std::filesystem::path password_file;  // in place of a password in the URL; empty: none
    std::filesystem::path ca_file;        // PEM, of amqps; empty: the system's certificates
    std::string exchange = "pubsub";
    std::string topic = "opensuse.obs.#";
    std::string queue;             // durable, of this name; empty: one that ends with the connection
    bool private_network = false;  // nobody else listens there: a password may go in the clear
};

struct BuildEventsConfig {
    std::chrono::seconds reconcile_after{10 * 60};  // without a word: then the build service is asked
    RabbitmqConfig rabbitmq;
    bool poll_notifications = true;  // of an OBS backend
};

struct ReportsConfig {
    enum class Pending { PullRequests, All, None };

    std::string context = "OBS";              // first word of every status context
    Pending pending = Pending::PullRequests;  // pending statuses per build
    std::string public_url;                   // server.public_url: where links of statuses lead
};

struct RetentionConfig {
    std::chrono::hours deliveries{90 * 24};
    std::chrono::hours runs{365 * 24};
    std::chrono::hours audit{3 * 365 * 24};   // who changed what
    std::chrono::hours build_events{7 * 24};  // kept without a match (design 4.3)
};

/// Everything that can be configured, checked. Read once, passed on by value in small pieces.
struct Config {
    std::filesystem::path file;  // where it was read from; empty: the defaults
    std::filesystem::path data_dir;
    ServerConfig server;
    DatabaseConfig database;
    SecretsConfig secrets;
    std::vector<ForgeConfig> forges;
    BuildServiceConfig build_service;
    BuilderConfig builder;
    JobsConfig jobs;
    BuildEventsConfig build_events;
    ReportsConfig reports;
    RetentionConfig retention;
    /// Where each key that was given stands: "database.url" -> "heddle.yml:3:18" or "HEDDLE_DATABASE_URL".
    std::map<std::string, std::string> places;
};

}  // namespace heddle
