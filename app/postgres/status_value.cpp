// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/status_value.hpp"

#include "app/postgres/job_store.hpp"

namespace heddle {

void compute_status(pqxx::transaction_base& tx, std::int64_t status_id) {
    // Between equally bad words the newest cause decides, so that the link leads to the newest run or build;
    // then the producer's name: the choice must not flap.
    // What a token without credential says is told to nobody, so not with somebody else's credential either.
    static const std::string kCompute = R"sql(
        WITH reporter AS (
            SELECT t.executor_id FROM commit_statuses s
            JOIN tokens t ON t.id = s.token_id JOIN credentials k ON k.id = t.credential_id AND NOT k.locked
            WHERE s.id = $1),
        heard AS (
            SELECT * FROM status_contributions c
            WHERE status_id = $1
              AND NOT EXISTS (SELECT FROM workflow_runs w
                              JOIN tokens t ON t.id = w.token_id
                              JOIN reporter ON reporter.executor_id <> t.executor_id
                              LEFT JOIN credentials k ON k.id = t.credential_id AND NOT k.locked
                              WHERE w.id = c.run_id AND k.id IS NULL))
        UPDATE commit_statuses s
        SET state = worst.state, text = worst.text, url = worst.url, version = version + 1, updated_at = now()
        FROM (SELECT state, text, url FROM heard
              ORDER BY live DESC, array_position(ARRAY['error', 'failure', 'pending', 'success'], state), cause DESC, producer
              LIMIT 1) worst
        WHERE s.id = $1 AND (s.state, s.text, s.url) IS DISTINCT FROM (worst.state, worst.text, worst.url)
        RETURNING version)sql";
    if (!tx.exec_params(kCompute, status_id).empty()) enqueue_sync_status(tx, status_id);
}

}  // namespace heddle
