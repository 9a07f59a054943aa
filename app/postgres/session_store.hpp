// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>

namespace heddle {

/// What is needed to check a password.
struct SignIn {
    std::int64_t user_id = 0;
    std::string password;   // as app/crypto/password writes it
    bool one_time = false;  // good for setting another one, and for nothing else
};

/// nullopt: there is no such user, or it may not sign in (inactive, without password).
std::optional<SignIn> find_sign_in(pqxx::transaction_base& tx, const std::string& login);

/// Somebody who signed in.
struct SignedIn {
    std::int64_t user_id = 0;
    std::string login;
    bool administrator = false;
    std::string csrf;  // stands in each form of this session
};

/// `token_hash`: SHA-256 of the cookie's value, 32 bytes; the value itself is never stored.
void start_session(pqxx::transaction_base& tx,
                   std::int64_t user_id,
                   const std::string& token_hash,
                   const std::string& csrf,
                   std::chrono::seconds lifetime);
/// nullopt: unknown or expired, or its user may no longer sign in.
std::optional<SignedIn> find_session(pqxx::transaction_base& tx, const std::string& token_hash);
void end_session(pqxx::transaction_base& tx, const std::string& token_hash);

/// Takes up to `limit` sessions that expired more than `age` ago; returns how many.
int purge_sessions(pqxx::transaction_base& tx, std::chrono::seconds age, int limit);

}  // namespace heddle
