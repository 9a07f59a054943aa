// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/step_store.hpp"

#include <stdexcept>

#include "app/postgres/storable_text.hpp"

namespace heddle {
namespace {

std::string to_text(StepOutcome::Status status) {
    switch (status) {
        case StepOutcome::Status::Done: return "done";
        case StepOutcome::Status::NotApplicable: return "not_applicable";
    }
    throw std::logic_error("unknown StepOutcome::Status");
}

void end_step(pqxx::transaction_base& tx,
              const StepRow& step,
              const std::string& status,
              const std::string& message,
              const std::string& artifacts) {
    static const std::string kEndStep = R"sql(
        UPDATE run_steps SET status = $4, message = $5, artifacts = $6::jsonb, finished_at = now()
        WHERE run_id = $1 AND attempt = $2 AND step_index = $3)sql";
    const pqxx::result rows = tx.exec_params(
        kEndStep, step.run_id, step.attempt, step.step_index, status, storable_text(message), artifacts);
    if (rows.affected_rows() != 1)
        throw std::logic_error("step " + std::to_string(step.step_index) + " of run " +
                               std::to_string(step.run_id) + " ended before it was started");
}

}  // namespace

void start_step(pqxx::transaction_base& tx, const StepRow& step) {
    static const std::string kStartStep = R"sql(
        INSERT INTO run_steps (run_id, attempt, step_index, workflow, step, line, status)
        VALUES ($1, $2, $3, $4, $5, $6, 'running')
        ON CONFLICT ON CONSTRAINT one_row_per_step DO UPDATE
        SET status = 'running', tries = run_steps.tries + 1, message = '', started_at = now(), finished_at = NULL)sql";
    tx.exec_params0(kStartStep,
                    step.run_id,
                    step.attempt,
                    step.step_index,
                    storable_text(step.workflow),
                    step.step,
                    step.line);
}

void finish_step(pqxx::transaction_base& tx, const StepRow& step, const StepOutcome& outcome) {
    end_step(tx, step, to_text(outcome.status), outcome.message, outcome.artifacts);
}

void fail_step(pqxx::transaction_base& tx, const StepRow& step, const std::string& message) {
    end_step(tx, step, "fail", message, "{}");
}

void fail_running_steps(pqxx::transaction_base& tx, std::int64_t run_id, const std::string& message) {
    static const std::string kFailRunning = R"sql(
        UPDATE run_steps SET status = 'fail', message = $2, finished_at = now()
        WHERE run_id = $1 AND status = 'running')sql";
    tx.exec_params0(kFailRunning, run_id, storable_text(message));
}

std::vector<StoredStep> steps_of_run(pqxx::transaction_base& tx, std::int64_t run_id, int attempt) {
    static const std::string kStepsOfRun = R"sql(
        SELECT step_index, workflow, step, line, status, tries, message, artifacts FROM run_steps
        WHERE run_id = $1 AND attempt = $2 ORDER BY step_index)sql";
    std::vector<StoredStep> steps;
    for (const pqxx::row& row : tx.exec_params(kStepsOfRun, run_id, attempt)) {
        StoredStep step;
        step.place = {run_id,
                      attempt,
                      row["step_index"].as<int>(),
                      row["workflow"].as<std::string>(),
                      row["step"].as<std::string>(),
                      row["line"].as<int>()};
        step.status = row["status"].as<std::string>();
        step.tries = row["tries"].as<int>();
        step.message = row["message"].as<std::string>();
        step.artifacts = row["artifacts"].as<std::string>();
        steps.push_back(std::move(step));
    }
    return steps;
}

}  // namespace heddle
