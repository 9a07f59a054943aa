// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "workflows/model/build_event.hpp"
#include "workflows/model/request.hpp"

namespace heddle {

// Asking the build service about requests of whose end nobody told. A request is due when it is new or in
// review, and `after` has passed since it was made or last asked about.

/// Enqueues one job for each executor with a request that is due. Returns how many jobs are new.
int enqueue_request_reconciliation(pqxx::transaction_base& tx, std::chrono::seconds after);

/// Build events were lost: all of them are due.
void reconcile_all_requests(pqxx::transaction_base& tx);

struct DueRequests {
    std::map<std::int64_t, std::string> states;  // by number, as they were last heard of
    TimePoint asked_at;                          // the database's time
};
/// Of one executor.
DueRequests requests_to_reconcile(pqxx::transaction_base& tx,
                                  const std::string& login,
                                  std::chrono::seconds after);

/// Stores as build events what has changed. Returns how many there are.
int store_request_reconciliation(pqxx::transaction_base& tx,
                                 const DueRequests& asked,
                                 const std::vector<Request>& answers);

}  // namespace heddle
