// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/build_event_store.hpp"

#include <stdexcept>

#include "app/postgres/job_store.hpp"
#include "app/postgres/pool.hpp"
#include "app/postgres/storable_text.hpp"

namespace heddle {
namespace {

std::optional<std::int64_t> microseconds(const std::optional<TimePoint>& time) {
    if (!time) return std::nullopt;
    return time->time_since_epoch().count();
}

std::optional<TimePoint> time_point(const pqxx::field& field) {
    const auto value = nullable<std::int64_t>(field);
    if (!value) return std::nullopt;
    return TimePoint(std::chrono::microseconds(*value));
}

std::optional<std::string> or_null(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

const char* to_text(BuildEventState state) {
    switch (state) {
        case BuildEventState::New: return "new";
        case BuildEventState::Matched: return "matched";
        case BuildEventState::Kept: return "kept";
    }
    throw std::logic_error("unknown BuildEventState");
}

BuildEventState state_from(const std::string& text) {
    for (const auto state : {BuildEventState::New, BuildEventState::Matched, BuildEventState::Kept})
        if (text == to_text(state)) return state;
    throw std::logic_error("unknown state of a build event: " + text);
}

/// Events of one build are handled in the order in which they were stored.
void enqueue(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kEnqueueEvent = R"sql(
        INSERT INTO jobs (kind, key, payload, max_attempts)
        SELECT 'build_event', concat_ws('/', project, package, repository, architecture),
               jsonb_build_object('event', id), 16
        FROM build_events WHERE id = $1)sql";
    tx.exec_params0(kEnqueueEvent, id);
}

BuildEvent read_event(const pqxx::row& row) {
    BuildEvent event;
    event.id = nullable<std::string>(row["sender_id"]).value_or("");
    const auto type = build_event_type_from(row["type"].as<std::string>());
    if (!type) throw std::logic_error("unknown type of build event: " + row["type"].as<std::string>());
    event.type = *type;
    event.package = {row["project"].as<std::string>(), row["package"].as<std::string>()};
    event.repository = row["repository"].as<std::string>();
    event.architecture = row["architecture"].as<std::string>();
    event.revision = {row["rev"].as<std::string>(), row["srcmd5"].as<std::string>()};
    event.started_at = time_point(row["started"]);
    event.ended_at = time_point(row["ended"]);
    event.reason = row["reason"].as<std::string>();
    return event;
}

}  // namespace

std::optional<std::int64_t> store_build_event(pqxx::transaction_base& tx,
                                              const std::string& sender,
                                              const BuildEvent& event) {
    // Microseconds go in through an interval: a double would lose the last digits that causes are ordered by.
    static const std::string kStoreEvent = R"sql(
        INSERT INTO build_events (sender, sender_id, type, project, package, repository, architecture, rev, srcmd5,
                                  started_at, ended_at, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,
                timestamptz 'epoch' + $10::bigint * interval '1 microsecond',
                timestamptz 'epoch' + $11::bigint * interval '1 microsecond', $12)
        ON CONFLICT ON CONSTRAINT one_event_per_sender_id DO NOTHING
        RETURNING id)sql";
    const pqxx::result rows = tx.exec_params(kStoreEvent,
                                             sender,
                                             or_null(event.id),
                                             std::string(to_string(event.type)),
                                             event.package.project,
                                             event.package.package,
                                             event.repository,
                                             event.architecture,
                                             event.revision.rev,
                                             event.revision.srcmd5,
                                             microseconds(event.started_at),
                                             microseconds(event.ended_at),
                                             storable_text(event.reason));
    if (rows.empty()) return std::nullopt;
    const auto id = rows[0][0].as<std::int64_t>();
    enqueue(tx, id);
    return id;
}

std::optional<StoredBuildEvent> find_build_event(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kFindEvent = R"sql(
        SELECT sender_id, type, project, package, repository, architecture, rev, srcmd5, reason, state,
               (extract(epoch FROM started_at) * 1000000)::bigint AS started,
               (extract(epoch FROM ended_at) * 1000000)::bigint AS ended
        FROM build_events WHERE id = $1 FOR UPDATE)sql";
    const pqxx::result rows = tx.exec_params(kFindEvent, id);
    if (rows.empty()) return std::nullopt;
    return StoredBuildEvent{id, read_event(rows[0]), state_from(rows[0]["state"].as<std::string>())};
}

void set_build_event_state(pqxx::transaction_base& tx, std::int64_t id, BuildEventState state) {
    static const std::string kSetState = "UPDATE build_events SET state = $2 WHERE id = $1";
    tx.exec_params0(kSetState, id, std::string(to_text(state)));
}

int look_back(pqxx::transaction_base& tx, const PackageRef& package) {
    static const std::string kKeptEvents = R"sql(
        SELECT id FROM build_events
        WHERE state = 'kept' AND project = $1 AND (package = $2 OR starts_with(package, $2 || ':'))
        ORDER BY id FOR UPDATE)sql";
    const pqxx::result rows = tx.exec_params(kKeptEvents, package.project, package.package);
    for (const pqxx::row& row : rows) {
        const auto id = row[0].as<std::int64_t>();
        set_build_event_state(tx, id, BuildEventState::New);
        enqueue(tx, id);
    }
    return static_cast<int>(rows.size());
}

void lock_package_words(pqxx::transaction_base& tx, const PackageRef& package) {
    static const std::string kLockWords = "SELECT pg_advisory_xact_lock(1214599250, hashtext($1))";
    tx.exec_params(kLockWords, to_string(package));
}

PackageRef without_flavour(const PackageRef& package) {
    // Two names of OBS have a colon of their own.
    const auto colon = package.package.find(':');
    if (colon == std::string::npos || colon == 0) return package;
    const std::string first = package.package.substr(0, colon);
    if (first == "_product" || first == "_patchinfo") return package;
    return {package.project, first};
}

int purge_build_events(pqxx::transaction_base& tx, std::chrono::seconds age, int limit) {
    static const std::string kPurgeEvents = R"sql(
        DELETE FROM build_events WHERE id IN (
            SELECT id FROM build_events
            WHERE received_at < now() - $1 * interval '1 second' AND state IN ('kept', 'matched')
            ORDER BY received_at LIMIT $2))sql";
    const pqxx::result rows = tx.exec_params(kPurgeEvents, static_cast<std::int64_t>(age.count()), limit);
    return static_cast<int>(rows.affected_rows());
}

}  // namespace heddle
