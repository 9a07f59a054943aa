// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/job_handlers.hpp"
#include "app/postgres/status_store.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

/// Compares what forges show for the statuses of one run with what they should.
class Resync {
public:
    Resync(const JobParts& parts, JobGuard& guard, std::int64_t run_id)
        : parts_(parts), guard_(guard), run_id_(run_id) {}

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
            for (const StoredStatus& status : statuses_of_run(tx, run_id_))
                if (status.is_settled())
                    errands.emplace_back(status, parts_.access(tx, status.forge_id, status.token_id));
            return errands;
        });
    }

    void look_at(const StoredStatus& status, const ForgeAccess& access) {
        try {
            if (is_shown(status, access)) return;
        } catch (const RemoteError& error) {
            // One that may go better later decides: it makes the job come back.
            if (!unread_ || error.kind == RemoteError::Kind::Retry) unread_ = error;
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
    std::int64_t run_id_;
    std::optional<RemoteError> unread_;
};

}  // namespace

JobHandler make_resync_job(const JobParts& parts) {
    JobHandler handler;
    handler.run = [parts](const Job& job, JobGuard& guard) {
        Resync(parts, guard, payload_number(job, "run")).execute();
    };
    return handler;
}

}  // namespace heddle
