// SPDX-License-Identifier: Apache-2.0
#include "tests/flow/accounts/account_program.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

namespace heddle::test {

AccountProgram::AccountProgram() {
    environment["HEDDLE_DATABASE_URL"] = database_.url();
    environment["HEDDLE_DATA_DIR"] = folder_.path();
}

Ended AccountProgram::run(const std::vector<std::string>& arguments) const {
    std::vector<std::string> all{heddle_program()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    RunOptions options;
    options.environment = environment;
    options.directory = folder_.path();
    return test::run(all, options);
}

std::string AccountProgram::done(const std::vector<std::string>& arguments) const {
    const Ended ended = run(arguments);
    REQUIRE_MESSAGE(ended.exit_code == 0, arguments.front() << ": " << ended.err);
    CHECK(ended.err.empty());
    return ended.out;
}

nlohmann::json AccountProgram::json(std::vector<std::string> arguments) const {
    arguments.push_back("--json");
    return nlohmann::json::parse(done(arguments));
}

void AccountProgram::refused(const std::vector<std::string>& arguments, const std::string& part) const {
    const Ended ended = run(arguments);
    std::string line;
    for (const std::string& argument : arguments) line += argument + " ";
    CAPTURE(line);
    CHECK(ended.exit_code == 2);
    CHECK(ended.out.empty());
    CHECK_MESSAGE(ended.err.find(part) != std::string::npos, ended.err);
    CHECK_MESSAGE(std::count(ended.err.begin(), ended.err.end(), '\n') == 1, ended.err);
}

std::string AccountProgram::file(const std::string& text) const {
    const std::string name = folder_.path() / ("file" + std::to_string(++files_));
    std::ofstream(name, std::ios::binary) << text;
    return name;
}

void AccountProgram::configure(const std::string& text) { environment["HEDDLE_CONFIG"] = file(text); }

std::string AccountProgram::ask(const std::string& sql) const {
    const auto connection = open_connection(database_.url());
    pqxx::work tx(*connection);
    std::string all;
    for (const pqxx::row& row : tx.exec(sql)) {
        for (int column = 0; column < static_cast<int>(row.size()); ++column)
            all += (column > 0 ? "|" : "") + std::string(row[column].is_null() ? "" : row[column].c_str());
        all += "\n";
    }
    tx.commit();
    return all;
}

}  // namespace heddle::test
