// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pqxx/pqxx>
#include <vector>

#include "app/postgres/table_counts.hpp"

namespace heddle {

/// The newest 10,000 runs by status, all jobs by kind and state, the newest 10,000 reports by state. One
/// statement, whose cost does not grow with what was ever done.
std::vector<TableCount> count_tables(pqxx::transaction_base& tx);

}  // namespace heddle
