// SPDX-License-Identifier: Apache-2.0
#include "app/http/trigger_routes.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <utility>

#include "app/http/obs_status.hpp"
#include "workflows/model/log_line.hpp"

namespace heddle {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostBody = std::size_t{25} << 20;  // no forge sends more

/// One line for each delivery that was stored.
void log(const InboxAnswer& answer) {
    LogLine line("delivery_answered");
    line.add("delivery", answer.delivery).add("run", answer.run);
    if (!answer.forge_kind.empty()) line.add("forge", answer.forge_kind);
    line.add("verdict", answer.verdict).add("status", answer.status);
    const std::string& info = answer.info.empty() && answer.status >= 400 ? answer.summary : answer.info;
    if (!info.empty()) line.add("info", info);
    spdlog::info("{}", line.text());
}

class TriggerEndpoint {
public:
    TriggerEndpoint(InboxDoor inbox, Refusals& refusals, Metrics& metrics)
        : inbox_(std::move(inbox)), refusals_(refusals), metrics_(metrics) {}

    std::optional<ServerResponse> check_token(ServerRequest& request) const {
        auto found = inbox_.find_token(request.headers, request.parameter("id"));
        if (const auto* refused = std::get_if<InboxAnswer>(&found)) return refuse(request, *refused);
        request.kept = std::get<TokenClaim>(std::move(found));
        return std::nullopt;
    }

    ServerResponse answer(const ServerRequest& request) const {
        const auto begin = Clock::now();
        const auto& claim = std::any_cast<const TokenClaim&>(request.kept);
        const InboxAnswer answer = inbox_.accept(claim, request.headers, request.body);
        // Nothing stored: the token was there, its signature or its right was not.
        if (answer.verdict.empty()) return refuse(request, answer);
        metrics_.delivery(answer.forge_kind, answer.verdict, Clock::now() - begin);
        log(answer);
        return obs_status(request, answer);
    }

    ServerResponse refuse(const ServerRequest& request, const InboxAnswer& answer) const {
        metrics_.refusal(answer.code);
        refusals_.add({std::chrono::system_clock::now(),
                       request.remote_address,
                       request.path,
                       answer.status,
                       answer.code});
        return obs_status(request, answer);
    }

    ServerResponse refuse(const ServerRequest& request, int status, const std::string& sentence) const {
        InboxAnswer answer;
        answer.status = status;
        answer.code = obs_code(status);
        answer.summary = sentence;
        return refuse(request, answer);
    }

private:
    const InboxDoor inbox_;
    Refusals& refusals_;
    Metrics& metrics_;
};

}  // namespace

std::vector<Route> trigger_routes(InboxDoor inbox, Refusals& refusals, Metrics& metrics) {
    const auto endpoint = std::make_shared<TriggerEndpoint>(std::move(inbox), refusals, metrics);
    return {{.method = "POST",
             .path = "/trigger/workflow",
             .answer = [endpoint](const ServerRequest& request) { return endpoint->answer(request); },
             .most_body = kMostBody,
             .before_body = [endpoint](ServerRequest& request) { return endpoint->check_token(request); },
             .refusal =
                 [endpoint](const ServerRequest& request, int status, const std::string& sentence) {
                     return endpoint->refuse(request, status, sentence);
                 }}};
}

}  // namespace heddle
