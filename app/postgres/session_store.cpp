// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/session_store.hpp"

namespace heddle {
namespace {

pqxx::binarystring bytes(const std::string& text) { return {text.data(), text.size()}; }

}  // namespace

std::optional<SignIn> find_sign_in(pqxx::transaction_base& tx, const std::string& login) {
    static const std::string kFindSignIn =
        "SELECT id, password, one_time FROM users WHERE login = $1 AND active AND password IS NOT NULL";
    const pqxx::result rows = tx.exec_params(kFindSignIn, login);
    if (rows.empty()) return std::nullopt;
    return SignIn{rows[0]["id"].as<std::int64_t>(),
                  rows[0]["password"].as<std::string>(),
                  rows[0]["one_time"].as<bool>()};
}

void start_session(pqxx::transaction_base& tx,
                   std::int64_t user_id,
                   const std::string& token_hash,
                   const std::string& csrf,
                   std::chrono::seconds lifetime) {
    static const std::string kStartSession = R"sql(
        INSERT INTO sessions (token_hash, user_id, csrf, expires_at)
        VALUES ($1, $2, $3, now() + $4 * interval '1 second'))sql";
    tx.exec_params0(
        kStartSession, bytes(token_hash), user_id, csrf, static_cast<std::int64_t>(lifetime.count()));
}

std::optional<SignedIn> find_session(pqxx::transaction_base& tx, const std::string& token_hash) {
    static const std::string kFindSession = R"sql(
        SELECT user_id, login, administrator, csrf FROM sessions JOIN users ON users.id = user_id
        WHERE token_hash = $1 AND expires_at > now() AND active AND password IS NOT NULL)sql";
    const pqxx::result rows = tx.exec_params(kFindSession, bytes(token_hash));
    if (rows.empty()) return std::nullopt;
    return SignedIn{rows[0]["user_id"].as<std::int64_t>(),
                    rows[0]["login"].as<std::string>(),
                    rows[0]["administrator"].as<bool>(),
                    rows[0]["csrf"].as<std::string>()};
}

void end_session(pqxx::transaction_base& tx, const std::string& token_hash) {
    static const std::string kEndSession = "DELETE FROM sessions WHERE token_hash = $1";
    tx.exec_params0(kEndSession, bytes(token_hash));
}

int purge_sessions(pqxx::transaction_base& tx, std::chrono::seconds age, int limit) {
    static const std::string kPurgeSessions = R"sql(
        DELETE FROM sessions WHERE token_hash IN (
            SELECT token_hash FROM sessions WHERE expires_at < now() - $1 * interval '1 second'
            ORDER BY expires_at LIMIT $2))sql";
    return static_cast<int>(
        tx.exec_params(kPurgeSessions, static_cast<std::int64_t>(age.count()), limit).affected_rows());
}

}  // namespace heddle
