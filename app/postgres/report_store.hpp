// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <vector>

#include "app/postgres/status_store.hpp"

namespace heddle {

/// How one attempt to tell a forge went. Sending: not known (yet); Confirmed: the forge was asked afterwards.
enum class ReportState { Sending, Sent, Confirmed, Failed, GivenUp };

/// "sending", "sent", "confirmed", "failed", "given_up".
std::string_view to_string(ReportState state);

struct StatusReport {
    std::int64_t id = 0;
    std::int64_t version = 0;
    ReportState state = ReportState::Sending;
    StatusState sent_state = StatusState::Pending;
    std::string sent_text;
    std::string message;
    std::string created_at;  // RFC 3339, UTC
};

/// Before sending, in a transaction of its own: from here on the outcome is unknown until it is finished.
std::int64_t start_report(pqxx::transaction_base& tx, const StoredStatus& status);
void finish_report(pqxx::transaction_base& tx,
                   std::int64_t id,
                   ReportState state,
                   const std::string& message);
/// Says why the outcome of a report is still unknown.
void note_report(pqxx::transaction_base& tx, std::int64_t id, const std::string& message);
/// The newest report whose outcome nobody recorded.
std::optional<StatusReport> unfinished_report(pqxx::transaction_base& tx, std::int64_t status_id);
/// In order of time.
std::vector<StatusReport> reports_of_status(pqxx::transaction_base& tx, std::int64_t status_id);

}  // namespace heddle
