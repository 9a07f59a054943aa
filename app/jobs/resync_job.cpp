// SPDX-License-Identifier: Apache-2.0
#include <functional>

#include "app/jobs/forge_pause.hpp"
#include "app/jobs/job_handlers.hpp"
#include "app/postgres/report_store.hpp"
#include "app/postgres/status_store.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

using StatusesOf = std::function<std::vector<StoredStatus>(pqxx::work& tx)>;

/// What is done about a status that was given up, and that the forge does not show.
enum class GivenUpOnes { SendAgain, Leave };

/// Compares what forges show for some statuses with what they should.
class Resync {
public:
    Resync(const JobParts& parts, JobGuard& guard, GivenUpOnes given_up, StatusesOf statuses)
        : parts_(parts), guard_(guard), given_up_(given_up), statuses_(std::move(statuses)) {}

    void execute() {
        for (const auto& [status, access] : settled()) {
            guard_.give_way();
            look_at(status, access);
        }
        // What could be read is mended; trying again reads all of it once more.
        if (unread_) throw *unread_;
        guard_.finish();
    }

private:
    using Errand = std::pair<StoredStatus, ForgeAccess>;

    /// The others have a job that sends them.
    std::vector<Errand> settled() {
        return guard_.record([&](pqxx::work& tx) {
            std::vector<Errand> errands;
            for (const StoredStatus& status : statuses_(tx))
                if (status.is_settled()) {
                    wait_for_forge(tx, status.forge_id, status.token_id);
                    errands.emplace_back(status, parts_.access(tx, status.forge_id, status.token_id));
                }
            return errands;
        });
    }

    void look_at(const StoredStatus& status, const ForgeAccess& access) {
        const bool is_told = status.sent_version >= status.version;
        try {
            if (is_shown(status, access)) {
                if (!is_told) guard_.record([&](pqxx::work& tx) { confirm(tx, status); });
                return;
            }
        } catch (const RemoteError& error) {
            // One that may go better later decides: it makes the job come back.
            if (!unread_ || error.kind == RemoteError::Kind::Retry) unread_ = error;
            guard_.record([&](pqxx::work& tx) { keep_pause(tx, status.forge_id, status.token_id, error); });
            if (error.retry_after.count() > 0) throw;
            return;
        }
        if (is_told || given_up_ == GivenUpOnes::SendAgain)
            guard_.record([&](pqxx::work& tx) { send_status_again(tx, status.id, status.version); });
    }

    /// It had been given up, and had arrived all the same.
    static void confirm(pqxx::transaction_base& tx, const StoredStatus& status) {
        mark_status_sent(tx, status.id, status.version);
        finish_report(tx, start_report(tx, status), ReportState::Confirmed, "");
    }

    bool is_shown(const StoredStatus& status, const ForgeAccess& access) const {
        const auto reporter = parts_.reporters.find(status.forge_kind);
        if (reporter == parts_.reporters.end())
            throw RemoteError(RemoteError::Kind::GiveUp,
                              "read the statuses at " + status.forge_name,
                              "forges of kind " + status.forge_kind + " are not supported");
        const CommitStatus& value = status.value;
        const auto shown = reporter->second->shown(value, access);
        return shown && reporter->second->shows(*shown, value);
    }

    const JobParts& parts_;
    JobGuard& guard_;
    const GivenUpOnes given_up_;
    const StatusesOf statuses_;
    std::optional<RemoteError> unread_;
};

}  // namespace

JobHandler make_resync_job(const JobParts& parts) {
    JobHandler handler;
    handler.run = [parts](const Job& job, JobGuard& guard) {
        const std::int64_t run = payload_number(job, "run");
        const auto statuses = [run](pqxx::work& tx) { return statuses_of_run(tx, run); };
        Resync(parts, guard, GivenUpOnes::SendAgain, statuses).execute();
    };
    return handler;
}

JobHandler make_check_status_job(const JobParts& parts) {
    JobHandler handler;
    handler.run = [parts](const Job& job, JobGuard& guard) {
        const std::int64_t id = payload_number(job, "status");
        const auto status = [id](pqxx::work& tx) {
            const std::optional<StoredStatus> found = lock_status(tx, id);
            return found ? std::vector{*found} : std::vector<StoredStatus>{};
        };
        Resync(parts, guard, GivenUpOnes::Leave, status).execute();
    };
    return handler;
}

}  // namespace heddle
