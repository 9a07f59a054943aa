// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

namespace heddle {

/// Somebody who signs in, or in whose name tokens act. The password stays where it is.
struct User {
    std::int64_t id = 0;
    std::string login;
    bool administrator = false;
    bool active = true;         // an inactive one can't sign in, and its tokens are refused
    bool has_password = false;  // without one nobody signs in
    std::string created_at;     // RFC 3339, UTC
};

struct NewUser {
    std::string login;
    std::string password_hash;  // from hash_password(); empty: none
    bool administrator = false;
};

/// The id; nothing when the login is taken.
std::optional<std::int64_t> create_user(pqxx::transaction_base& tx, const NewUser& user);

std::optional<User> find_user(pqxx::transaction_base& tx, const std::string& login);
/// By login.
std::vector<User> list_users(pqxx::transaction_base& tx);

/// `password_hash` from hash_password(). Whoever is signed in with the old one is signed out.
void set_password(pqxx::transaction_base& tx, std::int64_t user_id, const std::string& password_hash);
/// Takes the place of a one-time password, whose hash is told. False: it has been used already.
bool replace_one_time_password(pqxx::transaction_base& tx,
                               std::int64_t user_id,
                               const std::string& one_time_hash,
                               const std::string& password_hash);
/// Is there a one-time password that nobody has used yet?
bool has_one_time_password(pqxx::transaction_base& tx);
void set_administrator(pqxx::transaction_base& tx, std::int64_t user_id, bool administrator);
/// A user who is no longer active is signed out.
void set_active(pqxx::transaction_base& tx, std::int64_t user_id, bool active);

/// Is there an active administrator besides this user? Until the transaction ends no other one takes that
/// away.
bool has_other_administrator(pqxx::transaction_base& tx, std::int64_t user_id);

/// False: tokens act in its name, so it stays.
bool delete_user(pqxx::transaction_base& tx, std::int64_t user_id);

/// Makes the administrator `admin` in a database that has no administrator, and returns the one-time
/// password, which is told this once. Nothing: there is one already. Safe to call at once from several
/// processes.
std::optional<std::string> ensure_first_administrator(pqxx::transaction_base& tx);

}  // namespace heddle
