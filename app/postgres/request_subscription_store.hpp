// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "app/postgres/build_event_store.hpp"
#include "workflows/model/build_event.hpp"
#include "workflows/model/package_ref.hpp"
#include "workflows/model/request.hpp"

namespace heddle {

/// A request whose state is reported to a commit. The order of ids is the order of causes.
struct RequestSubscription {
    std::int64_t id = 0;
    std::int64_t run_id = 0;
    std::int64_t token_id = 0;
    std::int64_t repository_id = 0;
    std::int64_t forge_id = 0;
    std::int64_t number = 0;
    std::string commit_sha;
    std::string state;           // as it was last heard of
    std::string posted_to;       // as in StatusKey
    std::string posted_to_name;  // the same
};

/// Between which packages a request is, and for which run it is made.
struct RequestPlace {
    std::int64_t run_id = 0;
    std::int64_t token_id = 0;
    PackageRef source;
    PackageRef target;
    std::string commit_sha;
};

/// From now on the run's commit hears of the request. Safe to repeat: the row stays, and the run becomes its
/// newest.
RequestSubscription subscribe_to_request(pqxx::transaction_base& tx,
                                         const RequestPlace& place,
                                         const Request& request);

/// Who hears of a change, whatever the target where the event tells none. The rows are locked until the
/// transaction ends.
std::vector<RequestSubscription> match_request(pqxx::transaction_base& tx, const BuildEvent& event);
/// Keeps the state that an event tells, unless a later change was heard of already.
void set_request_state(pqxx::transaction_base& tx,
                       std::int64_t subscription_id,
                       const StoredBuildEvent& event);

/// The requests of a pull request between two packages that did not end, as far as was heard; each with the
/// newest commit that it was reported to. In the order of their numbers.
std::vector<RequestSubscription> open_requests_of(pqxx::transaction_base& tx,
                                                  std::int64_t repository_id,
                                                  std::int64_t pull_request,
                                                  const RequestPlace& place);

}  // namespace heddle
