// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "workflows/ports/build_service.hpp"

namespace heddle {

struct StoredRequest {
    std::int64_t number = 0;
    PackageRef source;
    int source_rev = 0;
    PackageRef target;
    std::string description;
    std::string state;    // new, accepted, declined, revoked, superseded
    std::string comment;  // of the last change; that of a superseded one names its successor
    std::optional<std::int64_t> superseded_by;  // a number
    std::string login;                          // who made it
    std::string created_at;                     // for people
};

/// One state of a request's life.
struct RequestChange {
    std::string state;
    std::string comment;
    std::string login;
    std::string changed_at;  // for people
};

std::optional<StoredRequest> find_request(pqxx::transaction_base& tx, std::int64_t number);
/// The same, kept from every other writer until the transaction ends. Whoever changes packages for it locks
/// their projects first.
std::optional<StoredRequest> lock_request(pqxx::transaction_base& tx, std::int64_t number);
/// The one with the mark of `run` between these packages.
std::optional<StoredRequest> find_request_of_run(pqxx::transaction_base& tx, const NewRequest& wanted);

/// Which requests: empty values mean all.
struct RequestFilter {
    std::string project;  // of source or target
    std::string state;
};
/// Newest first.
std::vector<StoredRequest> list_requests(pqxx::transaction_base& tx, const RequestFilter& filter, int limit);
std::vector<RequestChange> history_of_request(pqxx::transaction_base& tx, std::int64_t number);

/// A new one, between existing packages but for the target's; returns its number.
std::int64_t insert_request(pqxx::transaction_base& tx,
                            const NewRequest& wanted,
                            int source_rev,
                            const std::string& login);
/// Writes the state and its place in the history, and the build event that tells of it.
void change_request(pqxx::transaction_base& tx, const StoredRequest& request, const RequestChange& change);
void set_successor(pqxx::transaction_base& tx, std::int64_t number, std::int64_t by);

/// The open requests that have a package as source or target (of the whole project, when none is named),
/// locked, by number.
std::vector<StoredRequest> lock_requests_about(pqxx::transaction_base& tx, const PackageRef& package);

}  // namespace heddle
