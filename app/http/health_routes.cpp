// SPDX-License-Identifier: Apache-2.0
#include "app/http/health_routes.hpp"

#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

#include "app/http/probe.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

ServerResponse text(int status, const std::string& sentence) {
    ServerResponse response;
    response.status = status;
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = sentence + "\n";
    return response;
}

class HealthEndpoints {
public:
    HealthEndpoints(HealthSources sources, Metrics& metrics)
        : metrics_(metrics),
          stopping_(std::move(sources.stopping)),
          readiness_(std::move(sources.why_not_ready), sources.patience, sources.ready_for),
          counts_(std::move(sources.count_tables), sources.patience, sources.counts_for) {}

    ServerResponse ready() {
        if (stopping_()) return text(503, "stopping");
        const auto result = readiness_.get();
        if (!result.answer) {
            // What the database says may name hosts and users: that is for the log.
            spdlog::warn("not ready: {}", one_line(result.trouble));
            return text(503, "the database can't be reached");
        }
        return result.answer->empty() ? text(200, "ready") : text(503, one_line(*result.answer));
    }

    ServerResponse metrics() {
        ServerResponse response = text(200, "");
        response.content_type = "text/plain; version=0.0.4; charset=utf-8";
        response.body = metrics_.text(counts_.get().answer);
        return response;
    }

private:
    Metrics& metrics_;
    const std::function<bool()> stopping_;
    Probe<std::string> readiness_;
    Probe<std::vector<TableCount>> counts_;
};

}  // namespace

std::vector<Route> health_routes(HealthSources sources, Metrics& metrics) {
    const auto endpoints = std::make_shared<HealthEndpoints>(std::move(sources), metrics);
    return {{"GET", "/healthz", [](const ServerRequest&) { return text(200, "alive"); }},
            {"GET", "/readyz", [endpoints](const ServerRequest&) { return endpoints->ready(); }},
            {"GET", "/metrics", [endpoints](const ServerRequest&) { return endpoints->metrics(); }}};
}

}  // namespace heddle
