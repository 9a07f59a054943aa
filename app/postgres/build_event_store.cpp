// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/build_event_store.hpp"

#include <stdexcept>

#include "app/postgres/array_text.hpp"
#include "app/postgres/pool.hpp"
#include "app/postgres/storable_text.hpp"

namespace heddle {
namespace {

/// Empty: none.
std::string microseconds(const std::optional<TimePoint>& time) {
    return time ? std::to_string(time->time_since_epoch().count()) : "";
}

std::optional<TimePoint> time_point(const pqxx::field& field) {
    const auto value = nullable<std::int64_t>(field);
    if (!value) return std::nullopt;
    return TimePoint(std::chrono::microseconds(*value));
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

/// Rows for jobs, one for each event of `events`. Those of one build or request are handled in the order in
/// which they were stored.
std::string jobs_for(const std::string& events) {
    return R"sql(
        INSERT INTO jobs (kind, key, payload, max_attempts)
        SELECT 'build_event',
               CASE WHEN request IS NULL THEN concat_ws('/', project, package, repository, architecture)
                    ELSE 'request/' || request END,
               jsonb_build_object('event', id), 16
        FROM )sql" +
           events + " ORDER BY id";
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
    event.is_last = row["is_last"].as<bool>();
    event.request = nullable<std::int64_t>(row["request"]).value_or(0);
    event.request_state = row["request_state"].as<std::string>();
    return event;
}

}  // namespace

int store_build_events(pqxx::transaction_base& tx,
                       const std::string& sender,
                       const std::vector<BuildEvent>& events) {
    // Microseconds go in through an interval: a double would lose the last digits that causes are ordered by.
    // The changes of a request are ordered by their time: whoever does not tell it means now.
    static const std::string kStoreEvents = R"sql(
        WITH stored AS (
            INSERT INTO build_events (sender, sender_id, type, project, package, repository, architecture, rev, srcmd5,
                                      started_at, ended_at, reason, is_last, request, request_state)
            SELECT $1, nullif(id, ''), type, project, package, repository, architecture, rev, srcmd5,
                   timestamptz 'epoch' + nullif(started, '')::bigint * interval '1 microsecond',
                   coalesce(timestamptz 'epoch' + nullif(ended, '')::bigint * interval '1 microsecond',
                            CASE WHEN request <> '0' THEN clock_timestamp() END),
                   reason, is_last, nullif(request, '0')::bigint, request_state
            FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                        $9::text[], $10::text[], $11::text[], $12::text[], $13::boolean[], $14::text[],
                        $15::text[]) WITH ORDINALITY
                 AS given (id, type, project, package, repository, architecture, rev, srcmd5, started, ended, reason,
                           is_last, request, request_state, position)
            ORDER BY position
            ON CONFLICT ON CONSTRAINT one_event_per_sender_id DO NOTHING
            RETURNING id, project, package, repository, architecture, request))sql" +
                                            jobs_for("stored");
    const auto column = [&](auto value_of) {
        std::vector<std::string> values;
        for (const BuildEvent& event : events) values.push_back(value_of(event));
        return array_text(values);
    };
    const pqxx::result rows =
        tx.exec_params(kStoreEvents,
                       sender,
                       column([](const BuildEvent& event) { return event.id; }),
                       column([](const BuildEvent& event) { return std::string(to_string(event.type)); }),
                       column([](const BuildEvent& event) { return event.package.project; }),
                       column([](const BuildEvent& event) { return event.package.package; }),
                       column([](const BuildEvent& event) { return event.repository; }),
                       column([](const BuildEvent& event) { return event.architecture; }),
                       column([](const BuildEvent& event) { return event.revision.rev; }),
                       column([](const BuildEvent& event) { return event.revision.srcmd5; }),
                       column([](const BuildEvent& event) { return microseconds(event.started_at); }),
                       column([](const BuildEvent& event) { return microseconds(event.ended_at); }),
                       column([](const BuildEvent& event) { return storable_text(event.reason); }),
                       column([](const BuildEvent& event) { return std::string(event.is_last ? "t" : "f"); }),
                       column([](const BuildEvent& event) { return std::to_string(event.request); }),
                       column([](const BuildEvent& event) { return storable_text(event.request_state); }));
    return static_cast<int>(rows.affected_rows());
}

std::optional<StoredBuildEvent> find_build_event(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kFindEvent = R"sql(
        SELECT sender, sender_id, is_last, type, project, package, repository, architecture, rev, srcmd5, reason, state,
               request, request_state,
               (extract(epoch FROM started_at) * 1000000)::bigint AS started,
               (extract(epoch FROM ended_at) * 1000000)::bigint AS ended,
               (extract(epoch FROM received_at) * 1000000)::bigint AS received
        FROM build_events WHERE id = $1 FOR UPDATE)sql";
    const pqxx::result rows = tx.exec_params(kFindEvent, id);
    if (rows.empty()) return std::nullopt;
    return StoredBuildEvent{id,
                            read_event(rows[0]),
                            state_from(rows[0]["state"].as<std::string>()),
                            rows[0]["sender"].as<std::string>(),
                            rows[0]["received"].as<std::int64_t>()};
}

void set_build_event_state(pqxx::transaction_base& tx, std::int64_t id, BuildEventState state) {
    static const std::string kSetState = "UPDATE build_events SET state = $2 WHERE id = $1";
    tx.exec_params0(kSetState, id, std::string(to_text(state)));
}

int look_back(pqxx::transaction_base& tx, const PackageRef& package) {
    static const std::string kLookBack = R"sql(
        WITH kept AS (
            SELECT id FROM build_events
            WHERE state = 'kept' AND request IS NULL AND project = $1 AND (package = $2 OR starts_with(package, $2 || ':'))
            ORDER BY id FOR UPDATE),
        renewed AS (
            UPDATE build_events SET state = 'new' WHERE id IN (SELECT id FROM kept)
            RETURNING id, project, package, repository, architecture, request))sql" +
                                         jobs_for("renewed");
    const pqxx::result rows = tx.exec_params(kLookBack, package.project, package.package);
    return static_cast<int>(rows.affected_rows());
}

int store_answers(pqxx::transaction_base& tx, const std::vector<BuildEvent>& events) {
    static const std::string kAskedAgain = R"sql(
        WITH renewed AS (
            UPDATE build_events e SET
                state = 'new', is_last = given.is_last, received_at = now()
            FROM unnest($2::text[], $3::boolean[]) AS given (id, is_last)
            WHERE e.sender = $1 AND e.sender_id = given.id AND e.state <> 'new'
            RETURNING e.id, project, package, repository, architecture, request))sql" +
                                           jobs_for("renewed");
    std::vector<std::string> ids;
    std::vector<std::string> last;
    for (const BuildEvent& event : events) {
        ids.push_back(event.id);
        last.push_back(event.is_last ? "t" : "f");
    }
    tx.exec_params0(kAskedAgain, std::string(kReconciliation), array_text(ids), array_text(last));
    return store_build_events(tx, kReconciliation, events);
}

int look_back_at_request(pqxx::transaction_base& tx, std::int64_t number) {
    static const std::string kLookBack = R"sql(
        WITH kept AS (
            SELECT id FROM build_events WHERE state = 'kept' AND request = $1 ORDER BY id FOR UPDATE),
        renewed AS (
            UPDATE build_events SET state = 'new' WHERE id IN (SELECT id FROM kept)
            RETURNING id, project, package, repository, architecture, request))sql" +
                                         jobs_for("renewed");
    return static_cast<int>(tx.exec_params(kLookBack, number).affected_rows());
}

void lock_request_words(pqxx::transaction_base& tx, std::int64_t number) {
    static const std::string kLockWords =
        "SELECT pg_advisory_xact_lock(1214599250, hashtext('request/' || $1))";
    tx.exec_params(kLockWords, std::to_string(number));
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

PackageRef with_flavour(const PackageRef& package, const std::string& flavour) {
    return {package.project, flavour.empty() ? package.package : package.package + ":" + flavour};
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
