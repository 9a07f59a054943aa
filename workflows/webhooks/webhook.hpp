// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "workflows/model/scm_event.hpp"

namespace heddle {

/// Header lines in the order in which they came, names and values raw (never percent-decoded).
using WebhookHeaders = std::vector<std::pair<std::string, std::string>>;

/// The value of the first header of that name, in any spelling; empty: there is none.
std::string header_value(const WebhookHeaders& headers, std::string_view name);

/// What becomes of a delivery.
enum class Verdict { Accepted, Ignored, Duplicate, Rejected };

/// "accepted", "ignored", "duplicate", "rejected".
std::string_view to_string(Verdict verdict);

/// A webhook request normalised by the rules of exactly one forge (decision D3).
struct ParsedWebhook {
    std::string forge_kind;  // as ForgeAccess::kind; empty: unknown
    std::string event_name;  // the event header as it came; quoted and cut where it is no plain word
    ScmEvent event;  // of an ignored delivery as much as could be read (a pull request's action that starts
                     // nothing: class pull_request, no kind); event.forge is left empty
    Verdict verdict = Verdict::Rejected;  // as for a first, authentic delivery: accepted, ignored or rejected
    std::string reason;                   // one sentence; empty when accepted
};

/// Reads a webhook request. Pure; `body` is hostile input: nothing in it makes this throw. A body that is not
/// JSON (or, where its forge sends that, a form with `payload=`), or that lacks what its event needs, is
/// rejected with the place.
ParsedWebhook parse_webhook(const WebhookHeaders& headers, std::string_view body);

/// The kind of forge that the headers speak for, without a look at the body; empty: unknown.
std::string forge_kind_of(const WebhookHeaders& headers);

/// "push 72d3162e-...": the event header, then what the forge's delivery header says (design 4.9); at most
/// 301 printable characters of ASCII. Empty: none was sent, or what was sent can't be one.
std::string delivery_id_of(const WebhookHeaders& headers);

}  // namespace heddle
