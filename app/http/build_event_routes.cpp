// SPDX-License-Identifier: Apache-2.0
#include "app/http/build_event_routes.hpp"

#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "app/http/header_text.hpp"
#include "app/http/problem.hpp"
#include "workflows/model/log_line.hpp"

namespace heddle {
namespace {

constexpr std::string_view kScheme = "Bearer ";

/// What stands behind "Bearer "; empty: nothing does.
std::string key_of(const ServerRequest& request) {
    const std::string header = request.header("Authorization");
    if (!same_word(std::string_view(header).substr(0, kScheme.size()), kScheme)) return {};
    return std::string(trimmed(std::string_view(header).substr(kScheme.size())));
}

class BuildEventEndpoint {
public:
    BuildEventEndpoint(BuildEventDoor door, Refusals& refusals, Metrics& metrics)
        : door_(std::move(door)), refusals_(refusals), metrics_(metrics) {}

    std::optional<ServerResponse> check_key(ServerRequest& request) const {
        const std::string key = key_of(request);
        auto found = key.empty() ? std::nullopt : door_.find_key(key);
        if (found) {
            request.kept = std::move(*found);
            return std::nullopt;
        }
        auto response =
            refuse(request, 401, "A key of scope build-events is needed: Authorization: Bearer KEY.");
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
        return response;
    }

    ServerResponse answer(const ServerRequest& request) const {
        const auto& key = std::any_cast<const BuildEventKey&>(request.kept);
        const IntakeAnswer answer = door_.accept(key, request.body);
        if (answer.status >= 400) {
            metrics_.refusal("build_events_" + std::to_string(answer.status));
            return problem(answer.status, answer.problem);
        }
        metrics_.build_events(answer.accepted, answer.duplicates);
        spdlog::info("{}",
                     LogLine("build_events_answered")
                         .add("key", key.id)
                         .add("accepted", answer.accepted)
                         .add("duplicates", answer.duplicates)
                         .text());
        ServerResponse response;
        response.status = answer.status;
        response.content_type = "application/json";
        response.body =
            nlohmann::json{{"accepted", answer.accepted}, {"duplicates", answer.duplicates}}.dump() + "\n";
        return response;
    }

    /// Nothing of such a request is kept but that it was there.
    ServerResponse refuse(const ServerRequest& request, int status, const std::string& sentence) const {
        const std::string code = "build_events_" + std::to_string(status);
        metrics_.refusal(code);
        refusals_.add({std::chrono::system_clock::now(), request.remote_address, request.path, status, code});
        return problem(status, sentence);
    }

private:
    const BuildEventDoor door_;
    Refusals& refusals_;
    Metrics& metrics_;
};

}  // namespace

std::vector<Route> build_event_routes(BuildEventDoor door, Refusals& refusals, Metrics& metrics) {
    const auto endpoint = std::make_shared<BuildEventEndpoint>(std::move(door), refusals, metrics);
    return {{.method = "POST",
             .path = "/api/v1/build-events",
             .answer = [endpoint](const ServerRequest& request) { return endpoint->answer(request); },
             .most_body = std::size_t{1} << 20,
             .before_body = [endpoint](ServerRequest& request) { return endpoint->check_key(request); },
             .refusal =
                 [endpoint](const ServerRequest& request, int status, const std::string& sentence) {
                     return endpoint->refuse(request, status, sentence);
                 }}};
}

}  // namespace heddle
