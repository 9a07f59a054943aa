// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/run_mark.hpp"

#include <doctest/doctest.h>

using namespace heddle;

TEST_CASE("a mark names its run") {
    CHECK(run_mark(12, 1) == "heddle run 12");
    CHECK(run_mark(12, 3) == "heddle run 12 attempt 3");
    for (const int attempt : {1, 2, 10})
        CHECK(run_of_mark(run_mark(9'000'000'000, attempt)) == 9'000'000'000);
}

TEST_CASE("what is no mark names no run") {
    for (const char* text : {"",
                             "heddle run ",
                             "heddle run x",
                             "heddle run 12x",
                             "heddle run 99999999999999999999",
                             "run 12",
                             "xheddle run 12"})
        CHECK_FALSE(run_of_mark(text));
}
