// SPDX-License-Identifier: Apache-2.0
#include "app/crypto/password.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

#include "app/crypto/random_secret.hpp"

using namespace heddle;

TEST_CASE("a password fits what was stored of it, and no other does") {
    const std::string stored = hash_password("correct horse");
    CHECK(stored.starts_with("32768$8$1$"));
    CHECK(stored.find("horse") == std::string::npos);
    CHECK(check_password("correct horse", stored));
    CHECK_FALSE(check_password("correct hors", stored));
    CHECK_FALSE(check_password("correct horse ", stored));
    CHECK(hash_password("correct horse") != stored);
}

TEST_CASE("nobody's password fits nothing") { CHECK_FALSE(check_password("", "")); }

// RFC 7914, section 12: scrypt("pleaseletmein", "SodiumChloride", N=16384, r=8, p=1), the first 32 bytes.
TEST_CASE("what is stored says how it was computed") {
    const std::string stored =
        "16384$8$1$536f6469756d43686c6f72696465$"
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2";
    CHECK(check_password("pleaseletmein", stored));
    CHECK_FALSE(check_password("pleaseletmeout", stored));
}

TEST_CASE("what is stored and damaged is told, not taken for a wrong password") {
    for (const char* damaged :
         {"x", "32768$8$1$00", "32768$8$1$00$", "32768$8$1$00$zz", "a$8$1$00$00", "32768$8$1$0$00"})
        CHECK_THROWS_AS(check_password("x", damaged), std::runtime_error);
}

TEST_CASE("a random secret is of the characters that every webhook form takes") {
    const std::string secret = random_secret();
    CHECK(secret.size() == 32);
    CHECK(std::all_of(secret.begin(), secret.end(), [](unsigned char c) {
        return (c < 0x80 && std::isalnum(c)) || c == '+' || c == '/';
    }));
    CHECK(random_secret() != secret);
}
