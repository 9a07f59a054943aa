// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/configuration.hpp"
#include "app/cli/verbs.hpp"
#include "app/compose_database.hpp"
#include "app/config/wrong_use.hpp"
#include "app/postgres/delivery_store.hpp"
#include "workflows/model/scm_event.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;

json or_null(const std::optional<std::int64_t>& id) { return id ? json(*id) : json(nullptr); }
json or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

json to_json(const StoredDelivery& delivery) {
    return {{"id", delivery.id},
            {"received_at", delivery.received_at},
            {"token", delivery.token_id},
            {"forge_kind", or_null(delivery.forge_kind)},
            {"event_name", or_null(delivery.event_name)},
            {"delivery_id", or_null(delivery.delivery_id)},
            {"verdict", delivery.verdict},
            {"reason", or_null(delivery.reason)},
            {"duplicate_of", or_null(delivery.duplicate_of)},
            {"run", or_null(delivery.run_id)},
            {"answer", {{"code", delivery.answer_code}, {"text", delivery.answer}}},
            {"body_size", delivery.body_size},
            {"event", delivery.event.empty() ? json(nullptr) : json::parse(delivery.event)},
            {"headers", json::parse(delivery.headers)}};
}

std::string repository_of(const StoredDelivery& delivery) {
    if (delivery.event.empty()) return "-";
    const json name = json::parse(delivery.event).at("repository").at("full_name");
    return name.is_string() ? one_line(name.get<std::string>()) : "-";
}

std::string outcome_of(const StoredDelivery& delivery) {
    std::string text = one_line(delivery.reason);
    if (delivery.run_id && delivery.verdict == "accepted") text = "run " + std::to_string(*delivery.run_id);
    return text;
}

int list(Pool& pool, const GlobalArguments& global, const DeliveriesArguments& given) {
    const DeliveryFilter filter{
        given.verdict, given.token, given.run, given.repository, std::nullopt, given.limit};
    const std::vector<StoredDelivery> deliveries =
        in_transaction(pool, [&](pqxx::work& tx) { return list_deliveries(tx, filter); });
    json all = json::array();
    for (const StoredDelivery& delivery : deliveries) {
        all.push_back(to_json(delivery));
        if (!global.json)
            std::printf("%6lld  %-9s  %s  token %lld  %s  %s  %s\n",
                        static_cast<long long>(delivery.id),
                        delivery.verdict.c_str(),
                        delivery.received_at.c_str(),
                        static_cast<long long>(delivery.token_id),
                        delivery.event_name.empty() ? "-" : one_line(delivery.event_name).c_str(),
                        repository_of(delivery).c_str(),
                        outcome_of(delivery).c_str());
    }
    if (global.json)
        std::cout << all.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
    else if (deliveries.empty())
        std::cout << "no deliveries\n";
    return 0;
}

/// What the payload was understood as; nothing of what was rejected.
void tell_event(const StoredDelivery& delivery) {
    if (delivery.event.empty()) return;
    const ScmEvent event = scm_event_from_json(delivery.event);
    std::cout << "  event: " << in_words(event);
    if (!event.commit_sha.empty()) std::cout << ", commit " << event.commit_sha;
    if (event.event_class == EventClass::PullRequest)
        std::cout << " (" << one_line(event.source.branch) << " into " << one_line(event.target.branch)
                  << ")";
    std::cout << '\n';
}

void tell(const StoredDelivery& delivery) {
    std::cout << "delivery " << delivery.id << ", " << delivery.received_at << '\n'
              << "  verdict: " << delivery.verdict;
    if (!delivery.reason.empty()) std::cout << ": " << one_line(delivery.reason);
    std::cout << '\n';
    if (delivery.run_id) std::cout << "  run: " << *delivery.run_id << '\n';
    std::cout << "  token: " << delivery.token_id << '\n'
              << "  answer: " << delivery.answer_code << ' ' << one_line(delivery.answer) << '\n';
    if (!delivery.delivery_id.empty()) std::cout << "  id: " << one_line(delivery.delivery_id) << '\n';
    tell_event(delivery);
    std::cout << "  repository: " << repository_of(delivery) << '\n'
              << "  body: " << delivery.body_size << " bytes\n"
              << "  headers:\n";
    for (const json& header : json::parse(delivery.headers))
        std::cout << "    " << one_line(header.at(0).get<std::string>()) << ": "
                  << one_line(header.at(1).get<std::string>()) << '\n';
}

/// A body is anybody's bytes: a terminal is not asked to obey them.
std::string for_output(std::string body) {
    if (!::isatty(STDOUT_FILENO)) return body;
    std::string text;
    for (std::size_t at = 0, end = 0; at < body.size(); at = end + 1) {
        end = std::min(body.find('\n', at), body.size());
        text += one_line(body.substr(at, end - at)) + "\n";
    }
    return text;
}

int show(Pool& pool, const GlobalArguments& global, const DeliveriesArguments& given) {
    const auto delivery = in_transaction(pool, [&](pqxx::work& tx) { return find_delivery(tx, given.id); });
    if (!delivery) throw WrongUse("there is no delivery " + std::to_string(given.id));
    if (given.body)
        std::cout << for_output(in_transaction(pool, [&](pqxx::work& tx) {
                                    return read_delivery_body(tx, given.id);
                                }).value_or(""));
    else if (global.json)
        std::cout << to_json(*delivery).dump(2, ' ', false, json::error_handler_t::replace) << '\n';
    else
        tell(*delivery);
    return 0;
}

}  // namespace

int run_deliveries(const GlobalArguments& global, const DeliveriesArguments& arguments) {
    if (arguments.body) refuse_json(global, "deliveries show --body");
    const Config config = read_configuration(global);
    const OpenDatabase database = open_database(config, global.try_repository, 1);
    using Action = DeliveriesArguments::Action;
    switch (arguments.action) {
        case Action::List: return list(*database.pool, global, arguments);
        case Action::Show: return show(*database.pool, global, arguments);
    }
    throw std::logic_error("unknown DeliveriesArguments::Action");
}

}  // namespace heddle
