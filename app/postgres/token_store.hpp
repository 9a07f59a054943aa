// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>

namespace heddle {

class SecretBox;

/// The user of that login, made when missing.
std::int64_t ensure_user(pqxx::transaction_base& tx, const std::string& login);

/// What a webhook or a person acts as. The secret stays in its box.
struct Token {
    std::int64_t id = 0;
    std::int64_t executor_id = 0;
    std::string executor;  // login
    std::string description;
    std::string configuration_path;
    bool enabled = true;
};

std::optional<Token> find_token(pqxx::transaction_base& tx, std::int64_t id);

/// The workflow token with which `executor_id` acts on a forge from the command line, found by its
/// description and made (with a random secret that nobody is told) when missing. Safe to call at once from
/// several processes.
std::int64_t ensure_workflow_token(pqxx::transaction_base& tx,
                                   const SecretBox& box,
                                   std::int64_t executor_id,
                                   std::int64_t forge_id,
                                   const std::string& description);

}  // namespace heddle
