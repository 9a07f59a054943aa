// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/job_log.hpp"

#include <spdlog/spdlog.h>

namespace heddle {
namespace {

LogLine about_run(std::string_view what,
                  const Job& job,
                  const WorkflowRun& run,
                  const std::optional<std::int64_t>& delivery) {
    LogLine line(what);
    line.add("run", run.id).add("attempt", run.attempt).add("delivery", delivery).add("job", job.id);
    line.add("repository", run.event.repository.full_name).add("commit", run.event.commit_sha);
    return line;
}

}  // namespace

LogLine about_job(std::string_view what, const Job& job) {
    LogLine line(what);
    line.add("job", job.id).add("kind", job.kind).add("run", find_payload_number(job, "run"));
    line.add("commit_status", find_payload_number(job, "status"));
    line.add("build_event", find_payload_number(job, "event"));
    return line;
}

void log_dead(const Job& job, const std::string& reason) {
    spdlog::info("{}", about_job("job_dead", job).add("error", reason).text());
}

void log_postponed(const Job& job, const std::string& why) {
    spdlog::info("{}", about_job("job_postponed", job).add("because", why).text());
}

void log_run_started(const Job& job, const WorkflowRun& run, const std::optional<std::int64_t>& delivery) {
    spdlog::info("{}", about_run("run_started", job, run, delivery).text());
}

void log_run_ended(const Job& job,
                   const WorkflowRun& run,
                   const std::optional<std::int64_t>& delivery,
                   RunStatus status,
                   const std::string& message) {
    LogLine line = about_run("run_ended", job, run, delivery);
    spdlog::info("{}", line.add("status", to_string(status)).add("message", message).text());
}

void log_report(std::string_view what,
                const Job& job,
                const StoredStatus& status,
                const StatusOrigin& origin,
                std::int64_t report,
                const std::string& error) {
    LogLine line(what);
    line.add("report", report).add("commit_status", status.id).add("version", status.version);
    line.add("run", origin.run).add("delivery", origin.delivery).add("job", job.id);
    line.add("forge", status.forge_name).add("repository", status.value.repository);
    line.add("commit", status.value.commit_sha).add("context", status.value.context);
    line.add("state", to_string(status.value.state));
    if (!error.empty()) line.add("error", error);
    spdlog::info("{}", line.text());
}

}  // namespace heddle
