// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <vector>

namespace heddle {

/// A body as it is stored.
struct PackedBody {
    std::string bytes;     // zstd
    std::size_t size = 0;  // before
};
PackedBody pack_body(std::string_view body);

/// One webhook request with its verdict. Texts from outside are storable (storable_text), JSON is valid.
struct NewDelivery {
    std::int64_t token_id = 0;
    std::string forge_kind;                  // empty: unknown
    std::optional<std::string> delivery_id;  // takes part in deduplication
    std::string event_name;
    std::string verdict;  // accepted, ignored, duplicate, rejected
    std::string reason;
    std::optional<std::int64_t> duplicate_of;
    std::optional<std::int64_t> run_id;
    std::optional<std::string> event;  // JSON, as `plan --json`
    std::string headers = "[]";        // JSON: [[name, value]], secrets redacted
    PackedBody body;
    int answer_code = 200;
    std::string answer;
};

/// Stores it; nullopt, and nothing is stored, when another delivery of that token has the delivery id: one
/// that was there, or one that came at the same moment and committed first. Duplicates are always stored.
std::optional<std::int64_t> store_delivery(pqxx::transaction_base& tx, const NewDelivery& delivery);

struct FirstDelivery {
    std::int64_t id = 0;
    std::optional<std::int64_t> run_id;
};
/// The delivery that has this id of its forge and is no duplicate.
std::optional<FirstDelivery> find_first_delivery(pqxx::transaction_base& tx,
                                                 std::int64_t token_id,
                                                 const std::string& delivery_id);

/// A delivery as people look at it; its body is read by itself.
struct StoredDelivery {
    std::int64_t id = 0;
    std::int64_t token_id = 0;
    std::string forge_kind;
    std::string delivery_id;  // empty: none, or it takes no part in deduplication
    std::string event_name;
    std::string verdict;
    std::string reason;
    std::optional<std::int64_t> duplicate_of;
    std::optional<std::int64_t> run_id;
    std::string event;    // JSON; empty: it could not be read
    std::string headers;  // JSON: [[name, value]], secrets redacted
    std::size_t body_size = 0;
    int answer_code = 0;
    std::string answer;
    std::string received_at;  // RFC 3339, UTC
};

std::optional<StoredDelivery> find_delivery(pqxx::transaction_base& tx, std::int64_t id);
/// The raw bytes as they came; nullopt: there is no such delivery.
std::optional<std::string> read_delivery_body(pqxx::transaction_base& tx, std::int64_t id);

/// The delivery that started a run; nullopt: none did, or it is purged.
std::optional<std::int64_t> delivery_of_run(pqxx::transaction_base& tx, std::int64_t run_id);

/// The newest accepted delivery that came after this one to the same token and made it an old one: about
/// another commit of the same pull request, branch or tag, or about its end.
std::optional<std::int64_t> later_delivery(pqxx::transaction_base& tx, std::int64_t id);

struct DeliveryFilter {
    std::optional<std::string> verdict;
    std::optional<std::int64_t> token_id;
    std::optional<std::int64_t> run_id;
    std::optional<std::string> repository;  // full name, as the delivery has it
    std::optional<std::int64_t> before;     // only those with smaller ids
    int limit = 20;
};
/// Newest first.
std::vector<StoredDelivery> list_deliveries(pqxx::transaction_base& tx, const DeliveryFilter& filter);

/// Takes up to `limit` deliveries that came more than `age` ago; returns how many.
int purge_deliveries(pqxx::transaction_base& tx, std::chrono::seconds age, int limit);

}  // namespace heddle
