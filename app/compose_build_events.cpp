// SPDX-License-Identifier: Apache-2.0
#include "app/compose_build_events.hpp"

#include "app/build_events/bus_feed.hpp"
#include "app/build_events/notification_feed.hpp"
#include "app/cli/secret_file.hpp"
#include "app/http/metrics.hpp"
#include "app/net/http_client.hpp"
#include "app/postgres/reconciliation_store.hpp"

namespace heddle {
namespace {

std::optional<BusOptions> bus_options(const Config& config) {
    const RabbitmqConfig& bus = config.build_events.rabbitmq;
    if (!bus.url) return std::nullopt;
    BusOptions options;
    options.url = *bus.url;
    const std::filesystem::path& file = bus.password_file;
    if (!file.empty())
        options.url.password =
            read_secret(require_own_file(config, "build_events.rabbitmq.password_file", file), file);
    options.ca_file = bus.ca_file;
    options.exchange = bus.exchange;
    options.topic = bus.topic;
    options.queue = bus.queue;
    return options;
}

std::optional<ForgeAccess> queue_of(const Config& config) {
    const BuildServiceConfig& service = config.build_service;
    // A frontend shows the queue to nobody.
    if (service.kind != BuildServiceConfig::Kind::Obs ||
        service.dialect != BuildServiceConfig::Dialect::Backend || !config.build_events.poll_notifications)
        return std::nullopt;
    ForgeAccess backend;
    backend.name = "obs";
    backend.api_url = service.api_url;
    backend.private_network = service.private_network;
    return backend;
}

EventWatch watch_with(Metrics& metrics) {
    EventWatch watch;
    watch.heard = [&metrics](EventSource source, const std::string& type, int count) {
        metrics.events_heard(to_string(source), type, count);
    };
    watch.listening = [&metrics](EventSource source, bool on) { metrics.listening(to_string(source), on); };
    watch.missed = reconcile_everything;
    return watch;
}

}  // namespace

BuildEventSources build_event_sources(const Config& config) {
    return {bus_options(config), queue_of(config)};
}

std::vector<std::unique_ptr<EventListener>> listen(const BuildEventSources& sources,
                                                   const std::string& database_url,
                                                   HttpClient& client,
                                                   Metrics& metrics) {
    const EventWatch watch = watch_with(metrics);
    std::vector<std::unique_ptr<EventFeed>> feeds;
    if (sources.bus) feeds.push_back(std::make_unique<BusFeed>(*sources.bus, watch));
    if (sources.queue) feeds.push_back(std::make_unique<NotificationFeed>(client, *sources.queue, watch));
    std::vector<std::unique_ptr<EventListener>> listeners;
    for (auto& feed : feeds)
        listeners.push_back(std::make_unique<EventListener>(database_url, std::move(feed), watch));
    return listeners;
}

}  // namespace heddle
