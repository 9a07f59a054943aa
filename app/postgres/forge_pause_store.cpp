// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/forge_pause_store.hpp"

namespace heddle {

void pause_forge(pqxx::transaction_base& tx,
                 std::int64_t forge_id,
                 std::int64_t token_id,
                 std::chrono::seconds time) {
    static const std::string kPause = R"sql(
        INSERT INTO forge_pauses (forge_id, credential_id, until)
        SELECT $1, credential_id,
               clock_timestamp() + least($3 * interval '1 second', interval '6 hours')
        FROM tokens WHERE id = $2
        ON CONFLICT ON CONSTRAINT one_pause_per_credential
        DO UPDATE SET until = greatest(forge_pauses.until, excluded.until))sql";
    tx.exec_params0(kPause, forge_id, token_id, static_cast<std::int64_t>(time.count()));
}

std::optional<std::chrono::milliseconds> left_of_pause(pqxx::transaction_base& tx,
                                                       std::int64_t forge_id,
                                                       std::int64_t token_id) {
    static const std::string kLeft = R"sql(
        SELECT ceil(1000 * extract(epoch FROM until - clock_timestamp()))::bigint
        FROM forge_pauses p JOIN tokens t ON t.credential_id IS NOT DISTINCT FROM p.credential_id
        WHERE p.forge_id = $1 AND t.id = $2 AND until > clock_timestamp())sql";
    const pqxx::result rows = tx.exec_params(kLeft, forge_id, token_id);
    if (rows.empty()) return std::nullopt;
    return std::chrono::milliseconds(rows[0][0].as<std::int64_t>());
}

}  // namespace heddle
