// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>

#include "workflows/model/build_event.hpp"

namespace heddle {

/// Stores one build event and the job that handles it, in the caller's transaction. `sender` names where it
/// came from ("embedded"); an event whose (sender, id) is known already is not stored again: nullopt.
std::optional<std::int64_t> store_build_event(pqxx::transaction_base& tx,
                                              const std::string& sender,
                                              const BuildEvent& event);

}  // namespace heddle
