// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/event_source_store.hpp"

#include <stdexcept>

#include "app/crypto/sha256.hpp"
#include "app/postgres/build_event_store.hpp"

namespace heddle {
namespace {

std::string hex(const std::string& bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : bytes) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

/// The minute in which the same was said first stands behind the digest.
std::string untimed_id(pqxx::transaction_base& tx, const std::string& digest) {
    static const std::string kMinute = R"sql(
        SELECT m.minute - (SELECT count(*) FROM build_events
                           WHERE sender = 'bus' AND sender_id = $1 || '@' || m.minute - 1)
        FROM (SELECT floor(extract(epoch FROM now()) / 60)::bigint AS minute) m)sql";
    return digest + "@" + tx.exec_params1(kMinute, digest)[0].as<std::string>();
}

QueuePosition read_position(const pqxx::row& row) {
    return {row["repoid"].as<std::string>(),
            row["generation"].as<std::int64_t>(),
            row["next_number"].as<std::int64_t>()};
}

}  // namespace

std::string to_string(EventSource source) {
    switch (source) {
        case EventSource::Notifications: return "notifications";
        case EventSource::Bus: return "bus";
    }
    throw std::logic_error("unknown EventSource");
}

bool try_to_listen(pqxx::connection& connection, EventSource source) {
    static const std::string kLock = "SELECT pg_try_advisory_lock(1214599253, $1)";
    pqxx::work tx(connection);
    const bool ours = tx.exec_params1(kLock, static_cast<int>(source))[0].as<bool>();
    tx.commit();
    return ours;
}

std::optional<QueuePosition> find_queue_position(pqxx::transaction_base& tx, const std::string& queue) {
    static const std::string kFind =
        "SELECT repoid, generation, next_number FROM notification_positions WHERE source = $1";
    const pqxx::result rows = tx.exec_params(kFind, queue);
    return rows.empty() ? std::nullopt : std::optional(read_position(rows[0]));
}

QueuePosition begin_queue(pqxx::transaction_base& tx,
                          const std::string& queue,
                          const std::string& repoid,
                          std::int64_t next) {
    static const std::string kBegin = R"sql(
        INSERT INTO notification_positions (source, repoid, next_number) VALUES ($1, $2, $3)
        ON CONFLICT (source) DO UPDATE
            SET repoid = $2, next_number = $3, generation = DEFAULT, updated_at = now()
        RETURNING repoid, generation, next_number)sql";
    return read_position(tx.exec_params1(kBegin, queue, repoid, next));
}

bool advance_queue(pqxx::transaction_base& tx,
                   const std::string& queue,
                   const QueuePosition& from,
                   std::int64_t next) {
    static const std::string kAdvance = R"sql(
        UPDATE notification_positions SET next_number = $4, updated_at = now()
        WHERE source = $1 AND generation = $2 AND next_number = $3)sql";
    return tx.exec_params(kAdvance, queue, from.generation, from.next, next).affected_rows() == 1;
}

int store_bus_events(pqxx::transaction_base& tx, const std::vector<BusEvent>& events) {
    std::vector<BuildEvent> known;
    for (const BusEvent& said : events) {
        const std::string digest = hex(sha256(said.wording));
        known.push_back(said.event);
        known.back().id = said.timed ? digest : untimed_id(tx, digest);
    }
    return store_build_events(tx, to_string(EventSource::Bus), known);
}

}  // namespace heddle
