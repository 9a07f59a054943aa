// SPDX-License-Identifier: Apache-2.0
#include "app/config/settings.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

#include "app/config/basic_login.hpp"
#include "app/config/plain_text.hpp"
#include "app/config/url.hpp"

namespace heddle {
namespace {

using Wrong = std::optional<std::string>;

std::optional<std::uint64_t> number_from(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

template <class Number>
Wrong set_number(Number& target, const std::string& text, std::uint64_t least, std::uint64_t most) {
    const auto value = number_from(text);
    if (!value || *value < least || *value > most)
        return "must be a number from " + std::to_string(least) + " to " + std::to_string(most);
    target = static_cast<Number>(*value);
    return std::nullopt;
}

// "30m": the digits and the factor of the unit.
template <std::size_t N>
std::optional<std::uint64_t> scaled(const std::string& text,
                                    const std::array<std::pair<std::string_view, std::uint64_t>, N>& units,
                                    std::uint64_t most) {
    const auto digits = static_cast<std::size_t>(
        std::find_if_not(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; }) -
        text.begin());
    const auto value = number_from(std::string_view(text).substr(0, digits));
    if (!value) return std::nullopt;
    for (const auto& [unit, factor] : units)
        if (std::string_view(text).substr(digits) == unit && *value > 0 && *value <= most / factor)
            return *value * factor;
    return std::nullopt;
}

template <class Duration>
Wrong set_duration(Duration& target, const std::string& text) {
    constexpr std::array<std::pair<std::string_view, std::uint64_t>, 4> kUnits{
        {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}}};
    const auto seconds = scaled(text, kUnits, std::uint64_t{86400} * 36500);
    const auto value = std::chrono::duration_cast<Duration>(std::chrono::seconds(seconds.value_or(0)));
    if (!seconds || value.count() == 0) return "must be a time such as 90s, 30m, 12h or 7d";
    target = value;
    return std::nullopt;
}

Wrong set_size(std::uint64_t& target, const std::string& text) {
    constexpr std::array<std::pair<std::string_view, std::uint64_t>, 3> kUnits{
        {{"KiB", std::uint64_t{1} << 10}, {"MiB", std::uint64_t{1} << 20}, {"GiB", std::uint64_t{1} << 30}}};
    const auto size = scaled(text, kUnits, std::uint64_t{1} << 50);
    if (!size) return "must be a size such as 512MiB or 2GiB";
    target = *size;
    return std::nullopt;
}

Wrong set_path(std::filesystem::path& target, const std::string& text) {
    if (!std::filesystem::path(text).is_absolute()) return "must be an absolute path";
    target = std::filesystem::path(text).lexically_normal();
    return std::nullopt;
}

template <class Value, std::size_t N>
Wrong set_word(Value& target,
               const std::string& text,
               const std::array<std::pair<std::string_view, Value>, N>& words) {
    std::string allowed;
    for (const auto& [word, value] : words) {
        if (text == word) {
            target = value;
            return std::nullopt;
        }
        allowed += (allowed.empty() ? "" : ", ") + std::string(word);
    }
    return "must be one of " + allowed;
}

Wrong set_sandbox(Config& config, const std::string& text) {
    using Sandbox = BuilderConfig::Sandbox;
    constexpr std::array<std::pair<std::string_view, Sandbox>, 2> kWords{
        {{"bubblewrap", Sandbox::Bubblewrap}, {"none", Sandbox::None}}};
    return set_word(config.builder.sandbox, text, kWords);
}

Wrong set_pending(Config& config, const std::string& text) {
    using Pending = ReportsConfig::Pending;
    constexpr std::array<std::pair<std::string_view, Pending>, 3> kWords{
        {{"pull_requests", Pending::PullRequests}, {"all", Pending::All}, {"none", Pending::None}}};
    return set_word(config.reports.pending, text, kWords);
}

Wrong set_context(Config& config, const std::string& text) {
    if (text.empty() || text.size() > 64) return "must be 1 to 64 printable characters";
    config.reports.context = text;
    return std::nullopt;
}

Wrong set_flag(bool& target, const std::string& text) {
    if (text != "true" && text != "false") return "must be true or false";
    target = text == "true";
    return std::nullopt;
}

Wrong set_listen(Config& config, const std::string& text) {
    const auto found = parse_host_and_port(text);
    if (!found) return "must be HOST:PORT, as 127.0.0.1:8080 or [::1]:8080 (port 0: any free one)";
    config.server.host = found->host;
    config.server.port = found->port;
    return std::nullopt;
}

Wrong set_public_url(Config& config, const std::string& text) {
    const auto url = parse_web_url(text);
    if (!url) return "must be an http or https URL without user, query and fragment";
    config.server.public_url = url->text();
    config.reports.public_url = url->text();
    return std::nullopt;
}

Wrong set_build_service_kind(Config& config, const std::string& text) {
    using Kind = BuildServiceConfig::Kind;
    constexpr std::array<std::pair<std::string_view, Kind>, 2> kWords{
        {{"embedded", Kind::Embedded}, {"obs", Kind::Obs}}};
    return set_word(config.build_service.kind, text, kWords);
}

Wrong set_dialect(Config& config, const std::string& text) {
    using Dialect = BuildServiceConfig::Dialect;
    constexpr std::array<std::pair<std::string_view, Dialect>, 2> kWords{
        {{"public", Dialect::Public}, {"backend", Dialect::Backend}}};
    return set_word(config.build_service.dialect, text, kWords);
}

Wrong set_web_url(std::string& target, const std::string& text) {
    const auto url = parse_web_url(text);
    if (!url) return "must be an http or https URL without user, query and fragment";
    target = url->text();
    return std::nullopt;
}

Wrong set_build_service_user(Config& config, const std::string& text) {
    if (!is_basic_login(text)) return kBasicLoginRule;
    config.build_service.user = text;
    return std::nullopt;
}

Wrong set_url(Config& config, const std::string& text) {
    if (text.empty()) return "must not be empty: leave the key out for a private cluster";
    config.database.url = text;
    return std::nullopt;
}

Wrong set_bus_url(Config& config, const std::string& text) {
    // What is wrong must not be told: a password may stand in it.
    config.build_events.rabbitmq.url = parse_amqp_url(text);
    if (config.build_events.rabbitmq.url) return std::nullopt;
    return "must be amqp://USER:PASSWORD@HOST:PORT/VHOST or amqps://..., special characters as %40";
}

/// AMQP 0-9-1: what exchanges and queues may be called; RabbitMQ keeps "amq." to itself.
Wrong set_bus_name(std::string& target, const std::string& text) {
    const bool good = !text.empty() && text.size() <= 127 && !text.starts_with("amq.") &&
                      std::all_of(text.begin(), text.end(), [](unsigned char c) {
                          return std::isalnum(c) != 0 || std::string_view("-_.:").find(
                                                             static_cast<char>(c)) != std::string_view::npos;
                      });
    if (!good) return "must be 1 to 127 letters, digits, '-', '_', '.' and ':', not beginning with amq.";
    target = text;
    return std::nullopt;
}

Wrong set_topic(Config& config, const std::string& text) {
    const bool good =
        !text.empty() && text.size() <= 255 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
            return std::isalnum(c) != 0 ||
                   std::string_view("-_.:*#").find(static_cast<char>(c)) != std::string_view::npos;
        });
    if (!good) return "must be words with '.' between them, where * is any word and # any number of them";
    config.build_events.rabbitmq.topic = text;
    return std::nullopt;
}

/// Where it runs and keeps what it has.
std::vector<Setting> settings_of_server() {
    return {
        {"", "data_dir", [](Config& c, const std::string& t) { return set_path(c.data_dir, t); }},
        {"server", "listen", set_listen},
        {"server", "public_url", set_public_url},
        {"server",
         "public_status",
         [](Config& c, const std::string& t) { return set_flag(c.server.public_status, t); }},
        {"database", "url", set_url},
        {"secrets",
         "key_file",
         [](Config& c, const std::string& t) { return set_path(c.secrets.key_file, t); }},
    };
}

/// What builds.
std::vector<Setting> settings_of_builds() {
    return {
        {"build_service", "kind", set_build_service_kind},
        {"build_service", "dialect", set_dialect},
        {"build_service",
         "api_url",
         [](Config& c, const std::string& t) { return set_web_url(c.build_service.api_url, t); }},
        {"build_service",
         "web_url",
         [](Config& c, const std::string& t) { return set_web_url(c.build_service.web_url, t); }},
        {"build_service", "user", set_build_service_user},
        {"build_service",
         "password_file",
         [](Config& c, const std::string& t) { return set_path(c.build_service.password_file, t); }},
        {"build_service",
         "private_network",
         [](Config& c, const std::string& t) { return set_flag(c.build_service.private_network, t); }},
        {"builder",
         "workers",
         [](Config& c, const std::string& t) { return set_number(c.builder.workers, t, 1, 64); }},
        {"builder", "sandbox", set_sandbox},
        {"builder",
         "timeout",
         [](Config& c, const std::string& t) { return set_duration(c.builder.timeout, t); }},
        {"builder", "memory", [](Config& c, const std::string& t) { return set_size(c.builder.memory, t); }},
        {"builder", "disk", [](Config& c, const std::string& t) { return set_size(c.builder.disk, t); }},
        {"builder",
         "processes",
         [](Config& c, const std::string& t) { return set_number(c.builder.processes, t, 16, 65536); }},
        {"builder",
         "first_uid",
         [](Config& c, const std::string& t) {
             return set_number(c.builder.first_uid, t, 1000, 4'000'000'000);
         }},
    };
}

/// What is done with events and runs, and for how long they are kept.
std::vector<Setting> settings_of_work() {
    return {
        {"jobs",
         "runners",
         [](Config& c, const std::string& t) { return set_number(c.jobs.runners, t, 1, 256); }},
        {"build_events",
         "reconcile_after",
         [](Config& c, const std::string& t) { return set_duration(c.build_events.reconcile_after, t); }},
        {"build_events.notifications",
         "poll",
         [](Config& c, const std::string& t) { return set_flag(c.build_events.poll_notifications, t); }},
        {"build_events.rabbitmq", "url", set_bus_url},
        {"build_events.rabbitmq",
         "password_file",
         [](Config& c, const std::string& t) { return set_path(c.build_events.rabbitmq.password_file, t); }},
        {"build_events.rabbitmq",
         "ca_file",
         [](Config& c, const std::string& t) { return set_path(c.build_events.rabbitmq.ca_file, t); }},
        {"build_events.rabbitmq",
         "private_network",
         [](Config& c, const std::string& t) {
             return set_flag(c.build_events.rabbitmq.private_network, t);
         }},
        {"build_events.rabbitmq",
         "exchange",
         [](Config& c, const std::string& t) { return set_bus_name(c.build_events.rabbitmq.exchange, t); }},
        {"build_events.rabbitmq", "topic", set_topic},
        {"build_events.rabbitmq",
         "queue",
         [](Config& c, const std::string& t) { return set_bus_name(c.build_events.rabbitmq.queue, t); }},
        {"reports", "context", set_context},
        {"reports", "pending", set_pending},
        {"retention",
         "deliveries",
         [](Config& c, const std::string& t) { return set_duration(c.retention.deliveries, t); }},
        {"retention",
         "runs",
         [](Config& c, const std::string& t) { return set_duration(c.retention.runs, t); }},
        {"retention",
         "audit",
         [](Config& c, const std::string& t) { return set_duration(c.retention.audit, t); }},
        {"retention",
         "build_events",
         [](Config& c, const std::string& t) { return set_duration(c.retention.build_events, t); }},
    };
}

}  // namespace

const std::vector<Setting>& settings() {
    static const std::vector<Setting> kSettings = [] {
        std::vector<Setting> all;
        for (const auto& part : {settings_of_server(), settings_of_builds(), settings_of_work()})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return kSettings;
}

Wrong apply_setting(const Setting& setting, Config& config, const std::string& text) {
    if (!is_plain_text(text)) return "must be printable UTF-8 text";
    return setting.apply(config, text);
}

std::string name_of(const Setting& setting) {
    return (setting.section.empty() ? "" : std::string(setting.section) + ".") + std::string(setting.key);
}

std::string environment_name(const Setting& setting) {
    std::string name = "HEDDLE_";
    if (!setting.section.empty()) name += std::string(setting.section) + "_";
    name += setting.key;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
        return c == '.' ? '_' : std::toupper(c);
    });
    return name;
}

}  // namespace heddle
