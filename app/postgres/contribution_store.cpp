// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/contribution_store.hpp"

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "app/postgres/array_text.hpp"
#include "app/postgres/job_store.hpp"
#include "app/postgres/status_value.hpp"
#include "app/postgres/storable_text.hpp"

namespace heddle {
namespace {

struct LockedStatus {
    std::int64_t id = 0;
    bool fresh = false;  // made by this call
};

std::string word(StatusState state) { return std::string(to_string(state)); }

std::optional<LockedStatus> make_status(pqxx::transaction_base& tx, const Contribution& said) {
    static const std::string kMakeStatus = R"sql(
        INSERT INTO commit_statuses
            (forge_id, repository_id, token_id, commit_sha, context, state, text, url, posted_to, posted_to_name)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT ON CONSTRAINT one_status_per_context DO NOTHING
        RETURNING id)sql";
    const pqxx::result rows = tx.exec_params(kMakeStatus,
                                             said.key.forge_id,
                                             said.key.repository_id,
                                             said.key.token_id,
                                             said.key.commit_sha,
                                             said.key.context,
                                             word(said.state),
                                             said.text,
                                             said.url,
                                             said.key.posted_to,
                                             said.key.posted_to_name);
    if (rows.empty()) return std::nullopt;
    return LockedStatus{rows[0][0].as<std::int64_t>(), true};
}

LockedStatus lock_or_make_status(pqxx::transaction_base& tx, const Contribution& said) {
    static const std::string kLockStatus = R"sql(
        SELECT id FROM commit_statuses
        WHERE forge_id = $1 AND repository_id = $2 AND commit_sha = $3 AND context = $4 AND posted_to = $5
        FOR UPDATE)sql";
    // Another one may be made, or deleted with its token, between the two statements.
    for (int tries = 0; tries < 5; ++tries) {
        const StatusKey& key = said.key;
        const pqxx::result rows = tx.exec_params(
            kLockStatus, key.forge_id, key.repository_id, key.commit_sha, key.context, key.posted_to);
        if (!rows.empty()) return {rows[0][0].as<std::int64_t>(), false};
        if (const auto made = make_status(tx, said)) return *made;
    }
    throw std::runtime_error("the commit status \"" + said.key.context + "\" comes and goes");
}

/// False: an older cause, or pending after a result of the same one.
bool write_contribution(pqxx::transaction_base& tx, std::int64_t status_id, const Contribution& said) {
    static const std::string kWriteContribution = R"sql(
        INSERT INTO status_contributions AS c
            (status_id, producer, cause, state, text, url, run_id, project, package)
        VALUES ($1, $2, $3::bigint[], $4, $5, $6, $7, $8, $9)
        ON CONFLICT ON CONSTRAINT one_contribution_per_producer DO UPDATE
        SET cause = excluded.cause, state = excluded.state, text = excluded.text, url = excluded.url, live = true,
            run_id = excluded.run_id, project = excluded.project, package = excluded.package, updated_at = now()
        WHERE (excluded.cause > c.cause
               OR (excluded.cause = c.cause AND (excluded.state <> 'pending' OR c.state = 'pending')))
          AND (c.state = 'pending' OR NOT $10))sql";
    const std::vector<std::int64_t> cause(said.cause.begin(), said.cause.end());
    return tx.exec_params(kWriteContribution,
                          status_id,
                          said.producer,
                          array_text(cause),
                          word(said.state),
                          said.text,
                          said.url,
                          said.run_id,
                          said.package.project,
                          said.package.package,
                          said.ends_pending)
               .affected_rows() == 1;
}

void contribute_one(pqxx::transaction_base& tx, const Contribution& said) {
    // A token that can tell the forge nothing takes no status from one that can.
    static const std::string kTakeToken = R"sql(
        UPDATE commit_statuses s SET token_id = $2
        WHERE s.id = $1 AND s.token_id <> $2
          AND (EXISTS (SELECT 1 FROM tokens t JOIN credentials c ON c.id = t.credential_id
                       WHERE t.id = $2 AND NOT c.locked)
               OR NOT EXISTS (SELECT 1 FROM tokens t JOIN credentials c ON c.id = t.credential_id
                              WHERE t.id = s.token_id AND t.enabled AND NOT c.locked)))sql";
    static const std::string kTakeName =
        "UPDATE commit_statuses SET posted_to_name = $2 WHERE id = $1 AND posted_to_name <> $2";
    const LockedStatus status = lock_or_make_status(tx, said);
    if (!write_contribution(tx, status.id, said)) return;
    if (status.fresh) return enqueue_sync_status(tx, status.id);
    tx.exec_params0(kTakeToken, status.id, said.key.token_id);
    if (!said.key.posted_to.empty()) tx.exec_params0(kTakeName, status.id, said.key.posted_to_name);
    compute_status(tx, status.id);
}

/// As kStatusLockOrder.
bool before(const Contribution& a, const Contribution& b) {
    const auto order = [](const StatusKey& key) {
        return std::tie(key.forge_id, key.repository_id, key.commit_sha, key.context, key.posted_to);
    };
    return order(a.key) < order(b.key);
}

}  // namespace

void contribute(pqxx::transaction_base& tx, std::vector<Contribution> contributions) {
    std::stable_sort(contributions.begin(), contributions.end(), before);
    for (Contribution& said : contributions) {
        said.text = storable_text(said.text);
        contribute_one(tx, said);
    }
}

}  // namespace heddle
