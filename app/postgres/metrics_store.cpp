// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/metrics_store.hpp"

namespace heddle {

std::vector<TableCount> count_tables(pqxx::transaction_base& tx) {
    // By id and not by time: the primary keys make the range cheap, and a finished job is deleted.
    static const std::string kCountTables = R"sql(
        SELECT 'runs', '', status, count(*) FROM workflow_runs
        WHERE id > (SELECT coalesce(max(id), 0) - 10000 FROM workflow_runs) GROUP BY status
        UNION ALL
        SELECT 'jobs', kind, state, count(*) FROM jobs GROUP BY kind, state
        UNION ALL
        SELECT 'reports', '', state, count(*) FROM status_reports
        WHERE id > (SELECT coalesce(max(id), 0) - 10000 FROM status_reports) GROUP BY state
        ORDER BY 1, 2, 3)sql";
    std::vector<TableCount> counts;
    for (const auto& row : tx.exec_params(kCountTables))
        counts.push_back({row[0].as<std::string>(),
                          row[1].as<std::string>(),
                          row[2].as<std::string>(),
                          row[3].as<std::int64_t>()});
    return counts;
}

}  // namespace heddle
