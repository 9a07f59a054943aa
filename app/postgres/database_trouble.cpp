// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/database_trouble.hpp"

#include <typeinfo>

#include "workflows/model/wording.hpp"

namespace heddle {

namespace {

bool has_code(const std::exception& error, const char* code) {
    const auto* answer = dynamic_cast<const pqxx::sql_error*>(&error);
    return answer && answer->sqlstate() == code;
}

}  // namespace

bool is_disk_full(const std::exception& error) { return has_code(error, "53100"); }

bool is_unreachable(const std::exception& error) {
    return dynamic_cast<const pqxx::broken_connection*>(&error) ||
           dynamic_cast<const pqxx::in_doubt_error*>(&error);
}

void limit_statements(pqxx::transaction_base& tx, std::chrono::milliseconds time) {
    static const std::string kLimit = "SELECT set_config('statement_timeout', $1, true)";
    tx.exec_params(kLimit, std::to_string(time.count()));
}

bool is_cut_off(const std::exception& error) { return has_code(error, "57014"); }

bool may_pass(const std::exception& error) {
    const auto* answer = dynamic_cast<const pqxx::sql_error*>(&error);
    if (!answer) return dynamic_cast<const pqxx::failure*>(&error) != nullptr;
    const std::string& state = answer->sqlstate();
    // No answer; but libpqxx 6.4 leaves out the code of a missing privilege, too, which is a class of its
    // own.
    if (state.empty()) return typeid(error) == typeid(pqxx::sql_error);
    if (state == "25006") return true;
    for (const char* passing : {"08", "40", "53", "57", "58"})
        if (state.starts_with(passing)) return true;
    return false;
}

std::string in_one_sentence(const std::exception& error) {
    if (is_disk_full(error)) return "no space left on the disk of the database";
    return one_line(error.what());
}

}  // namespace heddle
