// SPDX-License-Identifier: Apache-2.0
#include "app/config/check_together.hpp"

#include <arpa/inet.h>

namespace heddle {
namespace {

using Problems = std::vector<ConfigProblem>;

// What one key of build_service says about another.
void check_build_service(const Config& config, Problems& problems) {
    const auto given = [&](const std::string& key) { return config.places.contains("build_service." + key); };
    const auto add = [&](const std::string& key, const std::string& message) {
        const auto place = config.places.find("build_service." + (given(key) ? key : "kind"));
        problems.push_back({place->second + ": build_service." + key + " " + message});
    };
    const BuildServiceConfig& service = config.build_service;
    if (service.kind == BuildServiceConfig::Kind::Embedded) {
        for (const char* key : {"dialect", "api_url", "web_url", "user", "password_file", "private_network"})
            if (given(key)) add(key, "is for build_service.kind obs");
        return;
    }
    if (!given("api_url")) add("api_url", "must be given: where is the Open Build Service?");
    // Whoever stands between could read the password and change what is built.
    if (service.api_url.starts_with("http:") && !service.private_network)
        add("api_url", "must be https unless build_service.private_network is true");
    // Without both, logins are those of `heddle obs login`.
    for (const char* key : {"user", "password_file"})
        if ((given("user") || given("password_file")) && !given(key))
            add(key, "must be given: who is Heddle there?");
}

/// This machine, whatever its resolver says.
bool is_loopback(const std::string& host) {
    in_addr address{};
    if (::inet_pton(AF_INET, host.c_str(), &address) == 1) return (ntohl(address.s_addr) >> 24) == 127;
    return host == "localhost" || host == "::1";
}

/// What one key of build_events.rabbitmq says about another.
void check_bus(const Config& config, Problems& problems) {
    const std::string front = "build_events.rabbitmq.";
    const auto given = [&](const std::string& key) { return config.places.contains(front + key); };
    const auto add = [&](const std::string& key, const std::string& message) {
        problems.push_back({config.places.at(key) + ": " + key + " " + message});
    };
    if (!given("url"))
        for (const auto& [key, place] : config.places)
            if (key.starts_with(front)) add(key, "is of no use without " + front + "url: nobody listens");
    const RabbitmqConfig& bus = config.build_events.rabbitmq;
    if (!bus.url) return;
    if (!bus.url->password.empty() && given("password_file"))
        add(front + "password_file", "is of no use: the url has a password");
    const bool has_password = !bus.url->password.empty() || given("password_file");
    if (has_password && !bus.url->tls && !bus.private_network && !is_loopback(bus.url->host))
        add(front + "url",
            "must be amqps unless " + front + "private_network is true: the password would go in the clear");
}

}  // namespace

void check_together(const Config& config, std::vector<ConfigProblem>& problems) {
    check_bus(config, problems);
    check_build_service(config, problems);
}

}  // namespace heddle
