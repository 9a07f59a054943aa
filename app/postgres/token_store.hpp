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
    std::string configuration_url;  // empty: the file in the repository
    bool enabled = true;
};

std::optional<Token> find_token(pqxx::transaction_base& tx, std::int64_t id);

struct NewToken {
    std::string kind = "workflow";  // workflow, rebuild, release, service
    std::int64_t executor_id = 0;
    std::optional<std::int64_t> forge_id;
    std::string secret;
    std::string description;
    std::string configuration_path;  // empty: .obs/workflows.yml
    std::string configuration_url;   // empty: the file in the repository
};

/// The id; nothing when another token has the same secret (a webhook may name its token by nothing else).
std::optional<std::int64_t> create_token(pqxx::transaction_base& tx,
                                         const SecretBox& box,
                                         const NewToken& token);

/// What is absent stays as it is.
struct TokenChanges {
    std::optional<std::string> description;
    std::optional<std::string> configuration_path;
    std::optional<std::string> configuration_url;  // empty: none
    std::optional<bool> enabled;
};
/// False also where it is gone.
bool is_token_enabled(pqxx::transaction_base& tx, std::int64_t id);
void change_token(pqxx::transaction_base& tx, std::int64_t id, const TokenChanges& changes);

/// False when another token has that secret.
bool set_token_secret(pqxx::transaction_base& tx,
                      const SecretBox& box,
                      std::int64_t id,
                      const std::string& secret);

/// Runs of a token that go on, and commit statuses of it that are still pending.
int count_unfinished(pqxx::transaction_base& tx, std::int64_t id);

/// With its credential and everything that happened in its name.
void delete_token(pqxx::transaction_base& tx, std::int64_t id);

/// The workflow token with which `executor_id` acts on a forge from the command line, found by its
/// description and made (with a random secret that nobody is told) when missing. Safe to call at once from
/// several processes.
std::int64_t ensure_workflow_token(pqxx::transaction_base& tx,
                                   const SecretBox& box,
                                   std::int64_t executor_id,
                                   std::int64_t forge_id,
                                   const std::string& description);

}  // namespace heddle
