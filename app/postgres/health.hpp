// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/postgres/table_counts.hpp"

namespace heddle {

/// Asks on a connection of its own, so that a pool in full use is no sign of illness. Empty: the database
/// answers, has exactly the program's schema, and room on its disk; otherwise what is wrong with it. Throws
/// what libpqxx throws where it does not answer.
std::string why_not_ready(const std::string& database_url);

/// The counts for /metrics, on a connection of its own; the server gives up after two seconds. Throws what
/// libpqxx throws.
std::vector<TableCount> count_tables(const std::string& database_url);

}  // namespace heddle
