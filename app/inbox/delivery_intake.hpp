// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <string_view>

#include "app/inbox/inbox.hpp"
#include "app/postgres/delivery_store.hpp"
#include "app/postgres/webhook_token_store.hpp"
#include "workflows/webhooks/webhook.hpp"

namespace heddle {

/// Another delivery of the same id was stored at the same moment: begin anew, and find it.
struct TwinWon {};

/// One delivery of an authentic sender. Everything that needs no database is done by the constructor.
class DeliveryIntake {
public:
    /// `secret`: of the token, so that no header keeps it; empty where the headers are known not to.
    /// `deduplicate`: false for a delivery that is replayed on purpose; it counts as new whatever its id.
    DeliveryIntake(WebhookToken token,
                   const WebhookHeaders& headers,
                   std::string_view body,
                   const std::string& secret,
                   bool deduplicate);

    /// Decides the verdict and stores it, with the run or the next attempt that it starts, in the caller's
    /// transaction. May be repeated in another one. Throws TwinWon.
    InboxAnswer record(pqxx::transaction_base& tx);

private:
    struct Decision {
        Verdict verdict = Verdict::Accepted;
        int status = 200;
        std::string code = "ok";
        std::string reason;
        std::optional<WebhookForge> forge;
        std::optional<std::int64_t> duplicate_of;
        std::optional<std::int64_t> run_id;
    };

    static Decision refuse(int status, std::string code, std::string reason);
    Decision decide(pqxx::transaction_base& tx);
    /// What can be said without a look at the database.
    std::optional<Decision> refuse_content() const;
    /// Finds the forge that it comes from; an answer refuses it.
    std::optional<Decision> refuse_origin(pqxx::transaction_base& tx, std::optional<WebhookForge>& forge);
    std::optional<Decision> refuse_without_address() const;
    bool has_address() const;
    const std::string& address_for(const WebhookForge& forge) const;
    bool comes_from(const WebhookForge& forge) const;
    std::optional<WebhookForge> bind(pqxx::transaction_base& tx);
    Decision repeat(pqxx::transaction_base& tx, const FirstDelivery& first, Decision decision);
    std::int64_t start(pqxx::transaction_base& tx, const WebhookForge& forge);
    void note_repository(pqxx::transaction_base& tx, const Decision& decision) const;
    NewDelivery row_of(const Decision& decision) const;
    InboxAnswer answer_of(const Decision& decision, std::int64_t delivery) const;

    WebhookToken token_;
    ParsedWebhook webhook_;
    NewDelivery row_;  // what does not depend on the decision
};

}  // namespace heddle
