// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace heddle {

/// Why `text` can't be the number of a `thing`; empty: it can, being a number from 1 to what a 64-bit column
/// holds.
std::string why_no_id(const std::string& text, const std::string& thing);

/// The required argument `id` of a verb: the number of a `thing`, as its listing shows it. What
/// why_no_id refuses is wrong use.
void add_id_argument(CLI::App* verb, std::int64_t& id, const std::string& thing);

}  // namespace heddle
