// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace heddle {

/// The required argument `id` of a verb: the number of a `thing`, as its listing shows it. Refuses, with what
/// was given, anything that is no number from 1 to what a 64-bit column holds.
void add_id_argument(CLI::App* verb, std::int64_t& id, const std::string& thing);

}  // namespace heddle
