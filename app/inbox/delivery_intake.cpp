// SPDX-License-Identifier: Apache-2.0
#include "app/inbox/delivery_intake.hpp"

#include "app/inbox/forge_match.hpp"
#include "app/inbox/redact_headers.hpp"
#include "app/postgres/repository_store.hpp"
#include "app/postgres/run_store.hpp"
#include "app/postgres/storable_text.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

// OBS's code for a payload that it can't use (reference 1.5).
const std::string kUnknown = "unknown";

/// Known by the forge's own id; a plain repository without one is what its name says below the forge's
/// address.
NewRepository repository_of(const ScmEvent& event, std::int64_t token_id) {
    const EventRepository& repository = event.repository;
    return {repository.id.empty() ? repository.full_name : repository.id,
            repository.full_name,
            repository.clone_url,
            repository.web_url,
            repository.is_public,
            token_id};
}

}  // namespace

DeliveryIntake::DeliveryIntake(WebhookToken token,
                               const WebhookHeaders& headers,
                               std::string_view body,
                               const std::string& secret,
                               bool deduplicate)
    : token_(std::move(token)), webhook_(parse_webhook(headers, body)) {
    row_.token_id = token_.id;
    row_.forge_kind = webhook_.forge_kind;
    row_.event_name = storable_text(webhook_.event_name);
    row_.headers = redacted_json(headers, secret);
    row_.body = pack_body(body);
    const std::string id = delivery_id_of(headers);
    if (deduplicate && !id.empty()) row_.delivery_id = id;
}

InboxAnswer DeliveryIntake::record(pqxx::transaction_base& tx) {
    Decision decision = decide(tx);
    if (decision.forge) webhook_.event.forge = decision.forge->name;
    if (decision.verdict == Verdict::Accepted) decision.run_id = start(tx, *decision.forge);
    if (decision.verdict == Verdict::Ignored) note_repository(tx, decision);
    const std::optional<std::int64_t> id = store_delivery(tx, row_of(decision));
    if (!id) throw TwinWon{};
    if (decision.verdict != Verdict::Rejected) note_triggered(tx, token_.id);
    return answer_of(decision, *id);
}

DeliveryIntake::Decision DeliveryIntake::refuse(int status, std::string code, std::string reason) {
    Decision decision;
    decision.verdict = Verdict::Rejected;
    decision.status = status;
    decision.code = std::move(code);
    decision.reason = std::move(reason);
    return decision;
}

DeliveryIntake::Decision DeliveryIntake::decide(pqxx::transaction_base& tx) {
    if (auto refusal = refuse_content()) return std::move(*refusal);
    Decision decision;
    if (auto refusal = refuse_origin(tx, decision.forge)) return std::move(*refusal);
    if (row_.delivery_id)
        if (const auto first = find_first_delivery(tx, token_.id, *row_.delivery_id))
            return repeat(tx, *first, std::move(decision));
    decision.verdict = webhook_.verdict;
    decision.reason = webhook_.reason;
    return decision;
}

std::optional<DeliveryIntake::Decision> DeliveryIntake::refuse_content() const {
    const std::string& kind = webhook_.forge_kind;
    if (token_.forge && !kind.empty() && kind != token_.forge->kind)
        return refuse(403,
                      "invalid_token",
                      "the token is one of the forge " + token_.forge->name + " (" + token_.forge->kind +
                          "), and this comes from a forge of kind " + kind);
    if (webhook_.verdict == Verdict::Rejected) return refuse(400, kUnknown, webhook_.reason);
    return std::nullopt;
}

std::optional<DeliveryIntake::Decision> DeliveryIntake::refuse_origin(pqxx::transaction_base& tx,
                                                                      std::optional<WebhookForge>& forge) {
    forge = token_.forge;
    if (!has_address()) return refuse_without_address();
    if (!forge) forge = bind(tx);
    if (!forge)
        return refuse(403,
                      "invalid_token",
                      "the token has no forge yet, and this comes from none (or from more than one) of the "
                      "configured forges of kind " +
                          webhook_.forge_kind);
    if (comes_from(*forge)) return std::nullopt;
    return refuse(403,
                  "invalid_token",
                  "the token is one of the forge " + forge->name + ", and " +
                      heddle::quoted(address_for(*forge)) + " does not belong to it");
}

/// Nothing can start without a place. Of a plain repository it is its name below the forge's address.
std::optional<DeliveryIntake::Decision> DeliveryIntake::refuse_without_address() const {
    const bool by_name = token_.forge && token_.forge->kind == "git";
    if (webhook_.verdict == Verdict::Ignored || by_name) return std::nullopt;
    return refuse(400, kUnknown, "the payload does not say where its repository is");
}

bool DeliveryIntake::has_address() const {
    return !webhook_.event.repository.web_url.empty() || !webhook_.event.repository.clone_url.empty();
}

/// The address by which a repository is told from those of other forges.
const std::string& DeliveryIntake::address_for(const WebhookForge& forge) const {
    const EventRepository& repository = webhook_.event.repository;
    const bool by_clone =
        repository.web_url.empty() || (forge.web_url.empty() && !repository.clone_url.empty());
    return by_clone ? repository.clone_url : repository.web_url;
}

bool DeliveryIntake::comes_from(const WebhookForge& forge) const {
    const std::string& address = address_for(forge);
    return lies_below(address, forge.web_url) || lies_below(address, forge.api_url);
}

/// A token without a forge is bound when exactly one fits (design 8).
std::optional<WebhookForge> DeliveryIntake::bind(pqxx::transaction_base& tx) {
    std::vector<WebhookForge> forges = list_bindable_forges(tx, webhook_.forge_kind);
    std::erase_if(forges, [&](const WebhookForge& forge) { return !comes_from(forge); });
    if (forges.size() != 1) return std::nullopt;
    if (bind_token(tx, token_, forges.front())) return forges.front();
    // Another delivery, or somebody, was quicker.
    const std::optional<WebhookToken> now = find_webhook_token(tx, token_.id);
    return now ? now->forge : std::nullopt;
}

DeliveryIntake::Decision DeliveryIntake::repeat(pqxx::transaction_base& tx,
                                                const FirstDelivery& first,
                                                Decision decision) {
    decision.verdict = Verdict::Duplicate;
    decision.duplicate_of = first.id;
    decision.reason = "duplicate of delivery " + std::to_string(first.id);
    const std::optional<int> attempt = first.run_id ? rerun_failed(tx, *first.run_id) : std::nullopt;
    if (!attempt) return decision;
    decision.run_id = first.run_id;
    decision.reason += "; its run " + std::to_string(*first.run_id) + " had failed and starts attempt " +
                       std::to_string(*attempt);
    return decision;
}

std::int64_t DeliveryIntake::start(pqxx::transaction_base& tx, const WebhookForge& forge) {
    const std::int64_t repository_id =
        ensure_repository(tx, forge.id, repository_of(webhook_.event, token_.id));
    return start_run(tx, {token_.id, repository_id, "webhook", std::nullopt, webhook_.event});
}

/// What starts nothing may still say that a repository has another name, or is not public any more.
void DeliveryIntake::note_repository(pqxx::transaction_base& tx, const Decision& decision) const {
    const bool is_told = has_address() && !webhook_.event.repository.full_name.empty();
    if (decision.forge && is_told)
        refresh_repository(tx, decision.forge->id, repository_of(webhook_.event, token_.id));
}

NewDelivery DeliveryIntake::row_of(const Decision& decision) const {
    NewDelivery row = row_;
    row.verdict = std::string(to_string(decision.verdict));
    row.reason = storable_text(decision.reason);
    row.duplicate_of = decision.duplicate_of;
    row.run_id = decision.run_id;
    row.answer_code = decision.status;
    row.answer = row.reason.empty() ? "Ok" : row.reason;
    // A rejected delivery had no effect: once its cause is mended, the same one may come again.
    if (decision.verdict == Verdict::Rejected) row.delivery_id.reset();
    if (webhook_.verdict != Verdict::Rejected) row.event = to_json(webhook_.event);
    return row;
}

InboxAnswer DeliveryIntake::answer_of(const Decision& decision, std::int64_t delivery) const {
    InboxAnswer answer;
    answer.status = decision.status;
    answer.code = decision.code;
    (decision.verdict == Verdict::Rejected ? answer.summary : answer.info) = storable_text(decision.reason);
    answer.delivery = delivery;
    answer.run = decision.run_id;
    answer.forge_kind = webhook_.forge_kind;
    answer.verdict = std::string(to_string(decision.verdict));
    return answer;
}

}  // namespace heddle
