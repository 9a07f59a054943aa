// SPDX-License-Identifier: Apache-2.0
#include "workflows/webhooks/webhook.hpp"

#include <algorithm>
#include <stdexcept>

#include "workflows/model/wording.hpp"
#include "workflows/webhooks/form.hpp"
#include "workflows/webhooks/webhook_kinds.hpp"

namespace heddle {
namespace {

constexpr std::size_t kLongestEventName = 100;
constexpr std::size_t kLongestDeliveryId = 200;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_letters(std::string_view a, std::string_view b) {
    return std::equal(
        a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

/// Fit to be a key in the database and a word in a log.
bool is_plain(std::string_view text, std::size_t longest) {
    return text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

/// The forge's own id of the delivery; empty: none was sent, or what was sent is no id.
std::string forge_delivery_id(const WebhookKind& kind, const WebhookHeaders& headers) {
    for (const std::string_view name : kind.delivery_headers) {
        if (name.empty()) continue;
        const std::string id = header_value(headers, name);
        if (!id.empty()) return is_plain(id, kLongestDeliveryId) ? id : "";
    }
    return {};
}

/// "application/json" of "Application/JSON; charset=utf-8".
std::string media_type(const WebhookHeaders& headers) {
    std::string type = header_value(headers, "Content-Type");
    type = one_line(type.substr(0, type.find(';')));
    std::transform(type.begin(), type.end(), type.begin(), &lower);
    return type;
}

/// The JSON in a body; empty with `refusal` set when it is wrapped in something that we do not take.
std::optional<std::string> unwrapped(const WebhookKind& kind,
                                     const WebhookHeaders& headers,
                                     std::string_view body,
                                     std::string& refusal) {
    const std::string type = media_type(headers);
    const bool is_form = type == "application/x-www-form-urlencoded";
    if (type == "multipart/form-data" || (is_form && !kind.takes_form)) {
        refusal = "the body is a form: set the webhook's content type to application/json";
        return std::nullopt;
    }
    if (!is_form) return std::nullopt;
    std::optional<std::string> json = form_field(body, "payload");
    if (!json) refusal = "the body is a form without a readable field \"payload\"";
    return json;
}

void read_body(ParsedWebhook& parsed,
               const WebhookKind& kind,
               const std::string& name,
               std::string_view json) {
    Payload payload(json);
    if (payload.unreadable()) {
        parsed.reason = payload.problem();
        return;
    }
    WebhookReading reading = kind.read(name, payload);
    reading.event.delivery_id = std::move(parsed.event.delivery_id);
    parsed.event = std::move(reading.event);
    const bool is_whole = reading.verdict != Verdict::Accepted || payload.problem().empty();
    parsed.verdict = is_whole ? reading.verdict : Verdict::Rejected;
    parsed.reason = is_whole ? reading.reason : payload.problem();
}

}  // namespace

std::string header_value(const WebhookHeaders& headers, std::string_view name) {
    for (const auto& [key, value] : headers)
        if (same_letters(key, name)) return value;
    return {};
}

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::Accepted: return "accepted";
        case Verdict::Ignored: return "ignored";
        case Verdict::Duplicate: return "duplicate";
        case Verdict::Rejected: return "rejected";
    }
    throw std::logic_error("unknown Verdict");
}

ParsedWebhook parse_webhook(const WebhookHeaders& headers, std::string_view body) {
    ParsedWebhook parsed;
    const WebhookKind* kind = webhook_kind_of(headers);
    if (!kind) {
        parsed.reason = "no event header of a known forge";
        return parsed;
    }
    const std::string name = header_value(headers, kind->event_header);
    parsed.event_name = is_plain(name, kLongestEventName) ? name : quoted(name);
    if (!kind->read) {
        parsed.reason = std::string(kind->forge_name) + " is not supported";
        return parsed;
    }
    parsed.forge_kind = kind->forge_kind;
    parsed.event.delivery_id = forge_delivery_id(*kind, headers);
    const std::optional<std::string> json = unwrapped(*kind, headers, body, parsed.reason);
    if (parsed.reason.empty()) read_body(parsed, *kind, name, json ? std::string_view(*json) : body);
    return parsed;
}

std::string forge_kind_of(const WebhookHeaders& headers) {
    const WebhookKind* kind = webhook_kind_of(headers);
    return kind ? std::string(kind->forge_kind) : "";
}

std::string delivery_id_of(const WebhookHeaders& headers) {
    const WebhookKind* kind = webhook_kind_of(headers);
    if (!kind) return {};
    const std::string id = forge_delivery_id(*kind, headers);
    const std::string name = header_value(headers, kind->event_header);
    return id.empty() || !is_plain(name, kLongestEventName) ? "" : name + " " + id;
}

}  // namespace heddle
