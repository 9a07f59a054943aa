// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/user_store.hpp"

#include "app/crypto/password.hpp"
#include "app/crypto/random_secret.hpp"

namespace heddle {
namespace {

const std::string kSelectUsers = R"sql(
    SELECT id, login, administrator, active, password IS NOT NULL AS has_password,
           to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created
    FROM users )sql";

User read_user(const pqxx::row& row) {
    User user;
    user.id = row["id"].as<std::int64_t>();
    user.login = row["login"].as<std::string>();
    user.administrator = row["administrator"].as<bool>();
    user.active = row["active"].as<bool>();
    user.has_password = row["has_password"].as<bool>();
    user.created_at = row["created"].as<std::string>();
    return user;
}

void sign_out(pqxx::transaction_base& tx, std::int64_t user_id) {
    static const std::string kSignOut = "DELETE FROM sessions WHERE user_id = $1";
    tx.exec_params0(kSignOut, user_id);
}

bool has_administrator(pqxx::transaction_base& tx) {
    static const std::string kHasOne = "SELECT EXISTS (SELECT FROM users WHERE administrator)";
    return tx.exec1(kHasOne)[0].as<bool>();
}

}  // namespace

std::optional<std::int64_t> create_user(pqxx::transaction_base& tx, const NewUser& user) {
    static const std::string kCreateUser = R"sql(
        INSERT INTO users (login, password, administrator) VALUES ($1, nullif($2, ''), $3)
        ON CONFLICT (login) DO NOTHING RETURNING id)sql";
    const pqxx::result rows = tx.exec_params(kCreateUser, user.login, user.password_hash, user.administrator);
    return rows.empty() ? std::nullopt : std::optional(rows[0][0].as<std::int64_t>());
}

std::optional<User> find_user(pqxx::transaction_base& tx, const std::string& login) {
    static const std::string kFindUser = kSelectUsers + "WHERE login = $1";
    const pqxx::result rows = tx.exec_params(kFindUser, login);
    return rows.empty() ? std::nullopt : std::optional(read_user(rows[0]));
}

std::vector<User> list_users(pqxx::transaction_base& tx) {
    static const std::string kListUsers = kSelectUsers + "ORDER BY login";
    std::vector<User> users;
    for (const pqxx::row& row : tx.exec(kListUsers)) users.push_back(read_user(row));
    return users;
}

void set_password(pqxx::transaction_base& tx, std::int64_t user_id, const std::string& password_hash) {
    static const std::string kSetPassword = "UPDATE users SET password = $2, one_time = false WHERE id = $1";
    tx.exec_params0(kSetPassword, user_id, password_hash);
    sign_out(tx, user_id);
}

bool replace_one_time_password(pqxx::transaction_base& tx,
                               std::int64_t user_id,
                               const std::string& one_time_hash,
                               const std::string& password_hash) {
    static const std::string kReplace = R"sql(
        UPDATE users SET password = $3, one_time = false WHERE id = $1 AND password = $2 AND one_time)sql";
    return tx.exec_params(kReplace, user_id, one_time_hash, password_hash).affected_rows() == 1;
}

bool has_one_time_password(pqxx::transaction_base& tx) {
    static const std::string kHasOne = "SELECT EXISTS (SELECT FROM users WHERE one_time)";
    return tx.exec1(kHasOne)[0].as<bool>();
}

void set_administrator(pqxx::transaction_base& tx, std::int64_t user_id, bool administrator) {
    static const std::string kSetAdministrator = "UPDATE users SET administrator = $2 WHERE id = $1";
    tx.exec_params0(kSetAdministrator, user_id, administrator);
}

void set_active(pqxx::transaction_base& tx, std::int64_t user_id, bool active) {
    static const std::string kSetActive = "UPDATE users SET active = $2 WHERE id = $1";
    tx.exec_params0(kSetActive, user_id, active);
    if (!active) sign_out(tx, user_id);
}

bool has_other_administrator(pqxx::transaction_base& tx, std::int64_t user_id) {
    // The order keeps two who ask at once from waiting for each other for ever.
    static const std::string kLockAdministrators =
        "SELECT id FROM users WHERE administrator AND active ORDER BY id FOR UPDATE";
    for (const pqxx::row& row : tx.exec(kLockAdministrators))
        if (row[0].as<std::int64_t>() != user_id) return true;
    return false;
}

bool delete_user(pqxx::transaction_base& tx, std::int64_t user_id) {
    // A token that is being made for this user holds a lock on its row; the look comes after it.
    static const std::string kLockUser = "SELECT 1 FROM users WHERE id = $1 FOR UPDATE";
    static const std::string kDeleteUser = R"sql(
        DELETE FROM users WHERE id = $1 AND NOT EXISTS (SELECT FROM tokens WHERE executor_id = $1))sql";
    tx.exec_params(kLockUser, user_id);
    return tx.exec_params(kDeleteUser, user_id).affected_rows() == 1;
}

std::optional<std::string> ensure_first_administrator(pqxx::transaction_base& tx) {
    static const std::string kLock = "LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE";
    static const std::string kMakeAdministrator = R"sql(
        INSERT INTO users (login, password, one_time, administrator) VALUES ('admin', $1, true, true)
        ON CONFLICT (login) DO UPDATE
        SET password = excluded.password, one_time = true, administrator = true, active = true)sql";
    if (has_administrator(tx)) return std::nullopt;
    tx.exec0(kLock);
    if (has_administrator(tx)) return std::nullopt;
    const std::string password = random_secret();
    tx.exec_params0(kMakeAdministrator, hash_password(password));
    return password;
}

}  // namespace heddle
