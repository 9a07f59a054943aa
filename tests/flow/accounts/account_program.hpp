// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/postgres/pool.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace heddle::test {

/// The verbs token, user, forge and key as a user runs them, on a database of their own.
class AccountProgram {
public:
    AccountProgram();

    std::map<std::string, std::string> environment;  // of the next runs

    /// heddle ARGUMENTS.
    Ended run(const std::vector<std::string>& arguments) const;
    /// The same; must end with 0. Returns what it printed.
    std::string done(const std::vector<std::string>& arguments) const;
    /// The same with --json, read.
    nlohmann::json json(std::vector<std::string> arguments) const;
    /// Must end with 2 and one sentence, with `part` in it.
    void refused(const std::vector<std::string>& arguments, const std::string& part) const;

    /// The name of a new file with that text.
    std::string file(const std::string& text) const;
    /// Writes heddle.yml, which the next runs read.
    void configure(const std::string& text);

    /// The rows of a query: columns by '|', rows by lines.
    std::string ask(const std::string& sql) const;

private:
    TemporaryFolder folder_;
    testing::TestDatabase database_;
    mutable int files_ = 0;
};

}  // namespace heddle::test
