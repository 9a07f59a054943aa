// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/report_store.hpp"

#include <stdexcept>

#include "app/postgres/storable_text.hpp"

namespace heddle {
namespace {

ReportState state_from(const std::string& text) {
    for (const ReportState state : {ReportState::Sending,
                                    ReportState::Sent,
                                    ReportState::Confirmed,
                                    ReportState::Failed,
                                    ReportState::GivenUp})
        if (text == to_string(state)) return state;
    throw std::logic_error("unknown state of a report: " + text);
}

StatusReport read_report(const pqxx::row& row) {
    StatusReport report;
    report.id = row["id"].as<std::int64_t>();
    report.version = row["version"].as<std::int64_t>();
    report.state = state_from(row["state"].as<std::string>());
    report.sent_state = status_state_from(row["sent_state"].as<std::string>()).value();
    report.sent_text = row["sent_text"].as<std::string>();
    report.message = row["message"].as<std::string>();
    report.created_at = row["created"].as<std::string>();
    return report;
}

const std::string kReportColumns = R"sql(
    SELECT id, version, state, sent_state, sent_text, message,
           to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created
    FROM status_reports )sql";

}  // namespace

std::string_view to_string(ReportState state) {
    switch (state) {
        case ReportState::Sending: return "sending";
        case ReportState::Sent: return "sent";
        case ReportState::Confirmed: return "confirmed";
        case ReportState::Failed: return "failed";
        case ReportState::GivenUp: return "given_up";
    }
    throw std::logic_error("unknown ReportState");
}

std::int64_t start_report(pqxx::transaction_base& tx, const StoredStatus& status) {
    static const std::string kStartReport = R"sql(
        INSERT INTO status_reports (status_id, version, state, sent_state, sent_text)
        VALUES ($1, $2, 'sending', $3, $4) RETURNING id)sql";
    return tx
        .exec_params1(kStartReport,
                      status.id,
                      status.version,
                      std::string(to_string(status.value.state)),
                      status.value.text)[0]
        .as<std::int64_t>();
}

void finish_report(pqxx::transaction_base& tx,
                   std::int64_t id,
                   ReportState state,
                   const std::string& message) {
    static const std::string kFinishReport = R"sql(
        UPDATE status_reports SET state = $2, message = $3, finished_at = now()
        WHERE id = $1 AND state = 'sending')sql";
    tx.exec_params0(kFinishReport, id, std::string(to_string(state)), storable_text(message));
}

void note_report(pqxx::transaction_base& tx, std::int64_t id, const std::string& message) {
    static const std::string kNoteReport =
        "UPDATE status_reports SET message = $2 WHERE id = $1 AND state = 'sending'";
    tx.exec_params0(kNoteReport, id, storable_text(message));
}

std::optional<StatusReport> unfinished_report(pqxx::transaction_base& tx, std::int64_t status_id) {
    static const std::string kUnfinished =
        kReportColumns + "WHERE status_id = $1 AND state = 'sending' ORDER BY id DESC LIMIT 1";
    const pqxx::result rows = tx.exec_params(kUnfinished, status_id);
    if (rows.empty()) return std::nullopt;
    return read_report(rows[0]);
}

std::vector<StatusReport> reports_of_status(pqxx::transaction_base& tx, std::int64_t status_id) {
    static const std::string kReportsOfStatus = kReportColumns + "WHERE status_id = $1 ORDER BY id";
    std::vector<StatusReport> reports;
    for (const pqxx::row& row : tx.exec_params(kReportsOfStatus, status_id))
        reports.push_back(read_report(row));
    return reports;
}

}  // namespace heddle
