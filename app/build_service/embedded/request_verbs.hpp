// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "app/build_service/embedded/request_decision.hpp"
#include "app/build_service/embedded/request_store.hpp"
#include "app/build_service/embedded/service_call.hpp"

namespace heddle {

// Requests inside of one transaction. Contracts: workflows/ports/build_service.hpp. Each change of state is a
// build event of the same transaction.

Request create_request(const ServiceCall& call, const NewRequest& wanted);
bool supersede_request(const ServiceCall& call, std::int64_t number, std::int64_t by);
bool revoke_request(const ServiceCall& call, std::int64_t number, const std::string& comment);

/// create_request() with its row in the audit log.
Request create_request_by_hand(const ServiceCall& call, const NewRequest& wanted);

/// By a maintainer of the target: Accept takes the revision that the request names into the target, which is
/// made where it is missing; Decline leaves all as it is. Revoke is for who made the request, and for
/// maintainers of its source. Written into the audit log. Throws WrongUse for a request that there is not, or
/// that has ended.
void decide_request_by_hand(const ServiceCall& call,
                            std::int64_t number,
                            RequestDecision decision,
                            const std::string& comment);

/// A package, or a whole project, was deleted: what was asked about it is revoked.
void revoke_requests_about(const ServiceCall& call, const PackageRef& gone, const std::string& comment);

}  // namespace heddle
