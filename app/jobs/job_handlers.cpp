// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/job_handlers.hpp"

namespace heddle {

JobHandlers make_job_handlers(const JobParts& parts) {
    return {{job_kind::kRunWorkflows, make_run_workflows_job(parts)},
            {job_kind::kBuildEvent, make_build_event_job(parts)},
            {job_kind::kSyncStatus, make_sync_status_job(parts)},
            {job_kind::kResync, make_resync_job(parts)},
            {job_kind::kCheckStatus, make_check_status_job(parts)},
            {job_kind::kReconcile, make_reconcile_job(parts)},
            {job_kind::kReconcileRequests, make_reconcile_requests_job(parts)}};
}

}  // namespace heddle
