// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "workflows/model/step_outcome.hpp"

namespace heddle {

/// One step of one attempt, by its place in the file.
struct StepRow {
    std::int64_t run_id = 0;
    int attempt = 1;
    int step_index = 0;
    std::string workflow;
    std::string step;
    int line = 0;
};

/// Safe to repeat: a step that is begun again counts its tries.
void start_step(pqxx::transaction_base& tx, const StepRow& step);
void finish_step(pqxx::transaction_base& tx, const StepRow& step, const StepOutcome& outcome);
void fail_step(pqxx::transaction_base& tx, const StepRow& step, const std::string& message);
/// An attempt that ended can't have running steps: they failed with it.
void fail_running_steps(pqxx::transaction_base& tx, std::int64_t run_id, const std::string& message);

struct StoredStep {
    StepRow place;
    std::string status;  // running, done, not_applicable, fail
    int tries = 1;
    std::string message;
    std::string artifacts = "{}";
};

/// In order of the file.
std::vector<StoredStep> steps_of_run(pqxx::transaction_base& tx, std::int64_t run_id, int attempt);

}  // namespace heddle
