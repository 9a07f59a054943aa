// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace heddle {

/// What an attempt of a run leaves on all that it makes at a build service, to be found again by:
/// "heddle run 12", from the second attempt on "heddle run 12 attempt 2".
std::string run_mark(std::int64_t run_id, int attempt);

/// The run that left the mark; nullopt: it is none.
std::optional<std::int64_t> run_of_mark(const std::string& mark);

}  // namespace heddle
