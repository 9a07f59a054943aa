// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/delivery_store.hpp"

#include <zstd.h>

#include <stdexcept>

#include "app/postgres/pool.hpp"

namespace heddle {
namespace {

constexpr int kLevel = 1;  // a recorded payload of 22 kB becomes 1.9 kB (library-notes, section 3)

std::string unpack(const pqxx::binarystring& packed, std::size_t size) {
    std::string body(size, '\0');
    const std::size_t got = ZSTD_decompress(body.data(), body.size(), packed.data(), packed.size());
    if (ZSTD_isError(got) || got != size) throw std::logic_error("a stored body does not unpack");
    return body;
}

const std::string kDeliveryColumns = R"sql(
    SELECT id, token_id, forge_kind, delivery_id, event_name, verdict, reason, duplicate_of, run_id, event, headers,
           body_size, answer_code, answer,
           to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS received
    FROM deliveries )sql";

StoredDelivery read_delivery(const pqxx::row& row) {
    StoredDelivery delivery;
    delivery.id = row["id"].as<std::int64_t>();
    delivery.token_id = row["token_id"].as<std::int64_t>();
    delivery.forge_kind = row["forge_kind"].as<std::string>();
    delivery.delivery_id = nullable<std::string>(row["delivery_id"]).value_or("");
    delivery.event_name = row["event_name"].as<std::string>();
    delivery.verdict = row["verdict"].as<std::string>();
    delivery.reason = row["reason"].as<std::string>();
    delivery.duplicate_of = nullable<std::int64_t>(row["duplicate_of"]);
    delivery.run_id = nullable<std::int64_t>(row["run_id"]);
    delivery.event = nullable<std::string>(row["event"]).value_or("");
    delivery.headers = row["headers"].as<std::string>();
    delivery.body_size = row["body_size"].as<std::size_t>();
    delivery.answer_code = row["answer_code"].as<int>();
    delivery.answer = row["answer"].as<std::string>();
    delivery.received_at = row["received"].as<std::string>();
    return delivery;
}

}  // namespace

PackedBody pack_body(std::string_view body) {
    PackedBody packed{std::string(ZSTD_compressBound(body.size()), '\0'), body.size()};
    const std::size_t size =
        ZSTD_compress(packed.bytes.data(), packed.bytes.size(), body.data(), body.size(), kLevel);
    if (ZSTD_isError(size)) throw std::logic_error(std::string("packing a body: ") + ZSTD_getErrorName(size));
    packed.bytes.resize(size);
    return packed;
}

std::optional<std::int64_t> store_delivery(pqxx::transaction_base& tx, const NewDelivery& delivery) {
    static const std::string kStoreDelivery = R"sql(
        INSERT INTO deliveries (token_id, forge_kind, delivery_id, event_name, verdict, reason, duplicate_of, run_id,
                                event, headers, body, body_size, answer_code, answer)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10::jsonb, $11, $12, $13, $14)
        ON CONFLICT (token_id, delivery_id) WHERE verdict <> 'duplicate' DO NOTHING
        RETURNING id)sql";
    const pqxx::result rows =
        tx.exec_params(kStoreDelivery,
                       delivery.token_id,
                       delivery.forge_kind,
                       delivery.delivery_id,
                       delivery.event_name,
                       delivery.verdict,
                       delivery.reason,
                       delivery.duplicate_of,
                       delivery.run_id,
                       delivery.event,
                       delivery.headers,
                       pqxx::binarystring(delivery.body.bytes.data(), delivery.body.bytes.size()),
                       delivery.body.size,
                       delivery.answer_code,
                       delivery.answer);
    if (rows.empty()) return std::nullopt;
    return rows[0][0].as<std::int64_t>();
}

std::optional<FirstDelivery> find_first_delivery(pqxx::transaction_base& tx,
                                                 std::int64_t token_id,
                                                 const std::string& delivery_id) {
    static const std::string kFindFirst = R"sql(
        SELECT id, run_id FROM deliveries
        WHERE token_id = $1 AND delivery_id = $2 AND verdict <> 'duplicate')sql";
    const pqxx::result rows = tx.exec_params(kFindFirst, token_id, delivery_id);
    if (rows.empty()) return std::nullopt;
    return FirstDelivery{rows[0]["id"].as<std::int64_t>(), nullable<std::int64_t>(rows[0]["run_id"])};
}

std::optional<StoredDelivery> find_delivery(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kFindDelivery = kDeliveryColumns + "WHERE id = $1";
    const pqxx::result rows = tx.exec_params(kFindDelivery, id);
    if (rows.empty()) return std::nullopt;
    return read_delivery(rows[0]);
}

std::optional<std::int64_t> delivery_of_run(pqxx::transaction_base& tx, std::int64_t run_id) {
    static const std::string kOfRun = "SELECT id FROM deliveries WHERE run_id = $1 AND verdict = 'accepted'";
    const pqxx::result rows = tx.exec_params(kOfRun, run_id);
    if (rows.empty()) return std::nullopt;
    return rows[0][0].as<std::int64_t>();
}

std::optional<std::string> read_delivery_body(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kReadBody = "SELECT body, body_size FROM deliveries WHERE id = $1";
    const pqxx::result rows = tx.exec_params(kReadBody, id);
    if (rows.empty()) return std::nullopt;
    return unpack(pqxx::binarystring(rows[0]["body"]), rows[0]["body_size"].as<std::size_t>());
}

std::optional<std::int64_t> later_delivery(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kLater = R"sql(
        SELECT later.id FROM deliveries this JOIN deliveries later
            ON later.id > this.id AND later.token_id = this.token_id AND later.verdict = 'accepted'
           AND later.event->'repository'->'id' = this.event->'repository'->'id'
           AND later.event->'number' = this.event->'number'
           AND (this.event->'number' <> 'null' OR (later.event->'target'->'branch' = this.event->'target'->'branch'
                                                   AND later.event->'tag' = this.event->'tag'))
        WHERE this.id = $1 AND (later.event->>'commit_sha' <> this.event->>'commit_sha'
                                OR later.event->>'kind' IN ('closed', 'merged'))
        ORDER BY later.id DESC LIMIT 1)sql";
    const pqxx::result rows = tx.exec_params(kLater, id);
    if (rows.empty()) return std::nullopt;
    return rows[0][0].as<std::int64_t>();
}

std::vector<StoredDelivery> list_deliveries(pqxx::transaction_base& tx, const DeliveryFilter& filter) {
    static const std::string kListDeliveries = kDeliveryColumns + R"sql(
        WHERE ($1::text IS NULL OR verdict = $1) AND ($2::bigint IS NULL OR token_id = $2)
          AND ($3::bigint IS NULL OR run_id = $3)
          AND ($4::text IS NULL OR event->'repository'->>'full_name' = $4) AND ($5::bigint IS NULL OR id < $5)
        ORDER BY id DESC LIMIT $6)sql";
    std::vector<StoredDelivery> deliveries;
    for (const pqxx::row& row : tx.exec_params(kListDeliveries,
                                               filter.verdict,
                                               filter.token_id,
                                               filter.run_id,
                                               filter.repository,
                                               filter.before,
                                               filter.limit))
        deliveries.push_back(read_delivery(row));
    return deliveries;
}

int purge_deliveries(pqxx::transaction_base& tx, std::chrono::seconds age, int limit) {
    static const std::string kPurgeDeliveries = R"sql(
        DELETE FROM deliveries WHERE id IN (
            SELECT id FROM deliveries WHERE received_at < now() - $1 * interval '1 second'
            ORDER BY received_at LIMIT $2))sql";
    return static_cast<int>(
        tx.exec_params(kPurgeDeliveries, static_cast<std::int64_t>(age.count()), limit).affected_rows());
}

}  // namespace heddle
