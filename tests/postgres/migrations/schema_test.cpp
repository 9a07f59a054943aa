// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <pqxx/pqxx>
#include <sstream>

#include "app/postgres/pool.hpp"
#include "app/postgres/server_programs.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "tests/support/source_root.hpp"

using namespace heddle;
using heddle::testing::TestDatabase;

namespace {

std::string content(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

/// What pg_dump says about the schema, without the lines that differ each time (comments, \restrict).
std::string dump(const TestDatabase& db) {
    std::string file = "/tmp/heddle-dump-XXXXXX";
    const int out = mkostemp(file.data(), O_CLOEXEC);
    REQUIRE(out >= 0);
    auto command = server_command("pg_dump", "KILL");
    command.insert(command.end(), {"--schema-only", "--no-owner", "--no-privileges", db.url()});
    const int code = wait_for_program(start_program(command, out));
    close(out);
    std::istringstream lines(content(file));
    unlink(file.c_str());
    std::string kept;
    for (std::string line; std::getline(lines, line);)
        if (!line.starts_with("--") && !line.starts_with("\\")) kept += line + "\n";
    REQUIRE_MESSAGE(code == 0, kept);
    return kept;
}

}  // namespace

TEST_CASE("all migrations add up to schema.sql (if not: ./dev schema)") {
    const TestDatabase migrated;
    const TestDatabase written(TestDatabase::Content::Nothing);
    const std::string schema = content(test::source_root() / "migrations/schema.sql");
    REQUIRE_FALSE(schema.empty());
    pqxx::nontransaction(*open_connection(written.url())).exec(schema);
    const std::string expected = dump(migrated);
    CHECK(expected.find("CREATE TABLE public.workflow_runs") != std::string::npos);
    CHECK(dump(written) == expected);
}
