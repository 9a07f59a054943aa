// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/database_trouble.hpp"

#include <pqxx/pqxx>

#include "workflows/model/wording.hpp"

namespace heddle {

bool is_disk_full(const std::exception& error) {
    const auto* answer = dynamic_cast<const pqxx::sql_error*>(&error);
    return answer && answer->sqlstate() == "53100";
}

std::string in_one_sentence(const std::exception& error) {
    if (is_disk_full(error)) return "no space left on the disk of the database";
    return one_line(error.what());
}

}  // namespace heddle
