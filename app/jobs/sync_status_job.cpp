// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/forge_pause.hpp"
#include "app/jobs/job_handlers.hpp"
#include "app/jobs/job_log.hpp"
#include "app/postgres/report_store.hpp"
#include "app/postgres/status_store.hpp"
#include "app/postgres/token_store.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

const std::string kBuildsFirst = "the forge has not heard yet that builds are pending";
/// The report that it waits for lets it go; what is never reported because it is gone does not.
constexpr std::chrono::minutes kLongestWait{1};

/// What is to be sent now, and how an earlier attempt may have ended.
struct Errand {
    StoredStatus status;
    ForgeAccess access;
    std::optional<StatusReport> unknown;  // sent or not: nobody recorded it
};

/// Tells a forge the newest value of one commit status.
class Sync {
public:
    Sync(const JobParts& parts, JobGuard& guard, std::int64_t status_id)
        : parts_(parts), guard_(guard), id_(status_id) {}

    void execute() {
        std::optional<Errand> errand = begin();
        if (errand && errand->unknown) {
            settle_unknown(*errand);
            if (guard_.finished()) return;
            errand = begin();
        }
        if (!errand) return guard_.finish();
        send(*errand);
    }

private:
    /// nullopt: nothing to send (any more).
    std::optional<Errand> begin() {
        return guard_.record([&](pqxx::work& tx) -> std::optional<Errand> {
            const std::optional<StoredStatus> status = lock_status(tx, id_);
            if (!status) return std::nullopt;
            origin_ = origin_of_status(tx, id_);
            if (!is_token_enabled(tx, status->token_id)) {
                give_up_for_now(tx, *status);
                return std::nullopt;
            }
            const auto unknown = unfinished_report(tx, id_);
            if (status->is_settled() && !unknown) return std::nullopt;
            wait_for_forge(tx, status->forge_id, status->token_id);
            return Errand{*status, parts_.access(tx, status->forge_id, status->token_id), unknown};
        });
    }

    Reporter* find_reporter(const StoredStatus& status) const {
        const auto found = parts_.reporters.find(status.forge_kind);
        return found == parts_.reporters.end() ? nullptr : found->second.get();
    }

    /// A disabled token's credential is not used; when it is enabled again, what it missed is sent.
    void give_up_for_now(pqxx::work& tx, const StoredStatus& status) {
        if (status.is_settled()) return;
        mark_status_given_up(tx, id_, status.version);
        finish_report(tx,
                      start_report(tx, status),
                      ReportState::GivenUp,
                      "token " + std::to_string(status.token_id) +
                          " is disabled; what it does not report now is reported when it is enabled");
    }

    /// An attempt was sent, or died before that, and no answer was recorded: the forge knows.
    void settle_unknown(const Errand& errand) {
        const StatusReport& report = *errand.unknown;
        bool is_there = false;
        const std::string was = report.message.empty() ? "sending was interrupted" : report.message;
        std::string message = was + ", and the forge does not show it";
        if (Reporter* reporter = find_reporter(errand.status)) {
            try {
                is_there = is_shown(*reporter, errand);
            } catch (const RemoteError& error) {
                guard_.record([&](pqxx::work& tx) { learn(tx, errand.status, error); });
                if (may_go_better(error)) throw;
                if (error.kind == RemoteError::Kind::Retry) return give_up(errand.status, report.id, error);
                message = was + "; " + error.what();
            }
        }
        guard_.record([&](pqxx::work& tx) {
            if (is_there) mark_status_sent(tx, id_, report.version);
            // A slow forge may take it yet, after what is sent next.
            if (!is_there) enqueue_status_check(tx, id_);
            finish_report(tx,
                          report.id,
                          is_there ? ReportState::Confirmed : ReportState::Failed,
                          is_there ? "" : message);
        });
        if (is_there)
            tell("report_confirmed", errand.status, report.id);
        else
            tell("report_failed", errand.status, report.id, message);
    }

    /// Does the forge show what the report said? Its row does not keep the link.
    static bool is_shown(Reporter& reporter, const Errand& errand) {
        CommitStatus sent = errand.status.value;
        const auto shown = reporter.shown(sent, errand.access);
        if (!shown) return false;
        sent.state = errand.unknown->sent_state;
        sent.text = errand.unknown->sent_text;
        sent.url = shown->url;
        return reporter.shows(*shown, sent);
    }

    /// The report's row comes first: after a crash its outcome is known to be unknown.
    void send(const Errand& errand) {
        std::optional<StoredStatus> status;
        std::int64_t report = 0;
        const bool waits = guard_.record([&](pqxx::work& tx) {
            status = lock_status(tx, errand.status.id);
            if (!status) return false;
            if (wait_for_builds(tx)) return true;
            report = start_report(tx, *status);
            return false;
        });
        if (waits) return end_waiting();
        if (!status) return guard_.finish();
        try {
            report_to_forge(*status, errand.access);
        } catch (const RemoteError& error) {
            return record_failure(*status, report, error);
        }
        guard_.finish([&](pqxx::work& tx) {
            mark_status_sent(tx, id_, status->version);
            finish_report(tx, report, ReportState::Sent, "");
        });
        tell("report_sent", *status, report);
    }

    /// True: it is no time yet, and the job waits for it.
    bool wait_for_builds(pqxx::work& tx) {
        const std::optional<std::int64_t> build = told_before(tx, id_);
        if (build) let_wait_behind(tx, guard_.job(), *build, kBuildsFirst, kLongestWait);
        return build.has_value();
    }

    void end_waiting() {
        guard_.end_with_record();
        log_postponed(guard_.job(), kBuildsFirst);
    }

    void report_to_forge(const StoredStatus& status, const ForgeAccess& access) {
        Reporter* reporter = find_reporter(status);
        if (!reporter)
            throw RemoteError(RemoteError::Kind::GiveUp,
                              "report to " + status.forge_name,
                              "forges of kind " + status.forge_kind + " are not supported");
        reporter->report(status.value, access);
    }

    bool may_go_better(const RemoteError& error) const {
        return error.kind == RemoteError::Kind::Retry && !guard_.job().last_try();
    }

    void record_failure(const StoredStatus& status, std::int64_t report, const RemoteError& error) {
        if (!may_go_better(error)) return give_up(status, report, error);
        guard_.record([&](pqxx::work& tx) {
            learn(tx, status, error);
            // Sent, and no answer: the next try asks the forge first.
            if (error.may_be_done) return note_report(tx, report, error.what());
            finish_report(tx, report, ReportState::Failed, error.what());
        });
        tell("report_failed", status, report, error.what());
        throw error;
    }

    /// A report that can't be made is no failure of the run, and no dead letter: its row tells why.
    void give_up(const StoredStatus& status, std::int64_t report, const RemoteError& error) {
        std::string message = error.what();
        if (error.kind == RemoteError::Kind::Retry)
            message += "; given up after " + std::to_string(guard_.job().failures + 1) + " attempts";
        guard_.finish([&](pqxx::work& tx) {
            mark_status_given_up(tx, id_, status.version);
            finish_report(tx, report, ReportState::GivenUp, message);
            // Nothing is sent any more, but what was sent last may have arrived.
            if (error.may_be_done) enqueue_status_check(tx, id_);
            learn(tx, status, error);
        });
        tell("report_given_up", status, report, message);
    }

    void tell(std::string_view what,
              const StoredStatus& status,
              std::int64_t report,
              const std::string& error = {}) const {
        log_report(what, guard_.job(), status, origin_, report, error);
    }

    /// A pause that one report was asked for is one for all that the same credential reports.
    static void learn(pqxx::transaction_base& tx, const StoredStatus& status, const RemoteError& error) {
        keep_pause(tx, status.forge_id, status.token_id, error);
    }

    const JobParts& parts_;
    JobGuard& guard_;
    std::int64_t id_;
    StatusOrigin origin_;
};

}  // namespace

JobHandler make_sync_status_job(const JobParts& parts) {
    JobHandler handler;
    handler.run = [parts](const Job& job, JobGuard& guard) {
        Sync(parts, guard, payload_number(job, "status")).execute();
    };
    return handler;
}

}  // namespace heddle
