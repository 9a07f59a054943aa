// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "app/postgres/database_trouble.hpp"
#include "app/postgres/pool.hpp"
#include "app/web/web_parts.hpp"

namespace heddle {

/// Calls `body(tx)` with what a page is read in: no statement of it keeps a thread longer than
/// parts.patience. Throws what is_cut_off() knows when one would.
template <class Body>
void in_page_transaction(const WebParts& parts, Body&& body) {
    in_transaction(parts.pool, [&](pqxx::work& tx) {
        limit_statements(tx, parts.patience);
        body(tx);
    });
}

}  // namespace heddle
