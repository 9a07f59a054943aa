// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/retry_policy.hpp"

#include <doctest/doctest.h>

using namespace heddle;
using namespace std::chrono_literals;

TEST_CASE("waits double up to the longest one") {
    const RetryPolicy policy{1s, 10s, 0.25, [] { return 0.5; }};
    CHECK(policy.wait_after(1) == 1s);
    CHECK(policy.wait_after(2) == 2s);
    CHECK(policy.wait_after(4) == 8s);
    CHECK(policy.wait_after(5) == 10s);
    CHECK(policy.wait_after(1'000'000) == 10s);
}

TEST_CASE("a pause that the far side asks for is kept, within reason") {
    const RetryPolicy policy{1s, 10s, 0.25, [] { return 0.5; }};
    CHECK(policy.wait_after(1, 0s) == 1s);
    CHECK(policy.wait_after(1, 1h) == 1h + 30s);
    CHECK(policy.wait_after(5, 3s) == 10s);
    CHECK(policy.wait_after(1, 7 * 24h) == 6h + 30s);
}

TEST_CASE("those who wait for the end of one pause come back one after the other, none before it") {
    CHECK(RetryPolicy{1s, 10s, 0.25, [] { return 0.0; }}.after_pause(60s) == 60s);
    CHECK(RetryPolicy{1s, 10s, 0.25, [] { return 0.5; }}.after_pause(60s) == 67'500ms);
    CHECK(RetryPolicy{1s, 10s, 1.0, [] { return 0.999999; }}.after_pause(1h) == 1h + 1min);
}

TEST_CASE("waits are scattered both ways") {
    CHECK(RetryPolicy{1s, 10s, 0.25, [] { return 0.0; }}.wait_after(1) == 750ms);
    CHECK(RetryPolicy{1s, 10s, 0.25, [] { return 0.999999; }}.wait_after(1) >= 1249ms);
    const RetryPolicy policy;
    for (int i = 0; i < 100; ++i) {
        CHECK(policy.wait_after(1) >= 1500ms);
        CHECK(policy.wait_after(1) <= 2500ms);
    }
}
