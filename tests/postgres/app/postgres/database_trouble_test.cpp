// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/database_trouble.hpp"

#include <doctest/doctest.h>

#include "app/jobs/job_failure.hpp"
#include "tests/support/run_world.hpp"

using namespace heddle;
using heddle::testing::RunWorld;

namespace {

/// What the server's answer with that code becomes, as an exception.
std::exception_ptr answer(RunWorld& world, const std::string& code) {
    try {
        world.ask("DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '" + code +
                  "', HINT = 'Check free disk space.'; END $$");
    } catch (...) {
        return std::current_exception();
    }
    return nullptr;
}

std::string sentence_of(const std::exception_ptr& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
        return in_one_sentence(error);
    }
}

bool passes(const std::exception_ptr& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
        return may_pass(error);
    }
}

}  // namespace

TEST_CASE("a full disk of the database is said in our words, everything else on one line") {
    RunWorld world;
    const std::string full = "no space left on the disk of the database";
    CHECK(sentence_of(answer(world, "53100")) == full);
    CHECK(judge_failure(answer(world, "53100")).message == full);
    const std::string other = sentence_of(answer(world, "53000"));
    CHECK_MESSAGE(other.find("could not extend file") != std::string::npos, other);
    CHECK_MESSAGE(other.find("Check free disk space.") != std::string::npos, other);
    CHECK_MESSAGE(other.find('\n') == std::string::npos, other);
    CHECK(judge_failure(answer(world, "53000")).message == other);
}

TEST_CASE("what may pass: a database that is away, stops, starts, is full or busy; nothing that it refuses") {
    RunWorld world;
    for (const char* code : {"08006", "25006", "40001", "53100", "53300", "57P01", "57P03", "58030"})
        CHECK_MESSAGE(passes(answer(world, code)), std::string(code));
    for (const char* code : {"P0001", "22021", "23505", "25P02", "42501"})
        CHECK_FALSE_MESSAGE(passes(answer(world, code)), std::string(code));
    CHECK(passes(std::make_exception_ptr(pqxx::broken_connection("gone"))));
    CHECK_FALSE(passes(std::make_exception_ptr(std::runtime_error("something else"))));
}
