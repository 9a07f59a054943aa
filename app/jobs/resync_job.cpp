// SPDX-License-Identifier: Apache-2.0
#include <functional>

#include "app/jobs/forge_pause.hpp"
#include "app/jobs/job_handlers.hpp"
#include "app/postgres/status_store.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

using StatusesOf = std::function<std::vector<StoredStatus>(pqxx::work& tx)>;

/// Compares what forges show for some statuses with what they should.
class Resync {
public:
    Resync(const JobParts& parts, JobGuard& guard, StatusesOf statuses)
        : parts_(parts), guard_(guard), statuses_(std::move(statuses)) {}

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
        try {
            if (is_shown(status, access)) return;
        } catch (const RemoteError& error) {
            // One that may go better later decides: it makes the job come back.
            if (!unread_ || error.kind == RemoteError::Kind::Retry) unread_ = error;
            guard_.record([&](pqxx::work& tx) { keep_pause(tx, status.forge_id, status.token_id, error); });
            if (error.retry_after.count() > 0) throw;
            return;
        }
        guard_.record([&](pqxx::work& tx) { send_status_again(tx, status.id, status.version); });
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
    const StatusesOf statuses_;
    std::optional<RemoteError> unread_;
};

}  // namespace

JobHandler make_resync_job(const JobParts& parts) {
    JobHandler handler;
    handler.run = [parts](const Job& job, JobGuard& guard) {
        const std::int64_t run = payload_number(job, "run");
        Resync(parts, guard, [run](pqxx::work& tx) { return statuses_of_run(tx, run); }).execute();
    };
    return handler;
}

JobHandler make_check_status_job(const JobParts& parts) {
    JobHandler handler;
    handler.run = [parts](const Job& job, JobGuard& guard) {
        const std::int64_t id = payload_number(job, "status");
        const auto told = [id](pqxx::work& tx) {
            const std::optional<StoredStatus> status = lock_status(tx, id);
            const bool is_told = status && status->sent_version >= status->version;
            return is_told ? std::vector{*status} : std::vector<StoredStatus>{};
        };
        Resync(parts, guard, told).execute();
    };
    return handler;
}

}  // namespace heddle
