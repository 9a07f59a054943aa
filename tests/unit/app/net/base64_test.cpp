// SPDX-License-Identifier: Apache-2.0
#include "app/net/base64.hpp"

#include <doctest/doctest.h>

using namespace heddle;

TEST_CASE("the vectors of RFC 4648") {
    const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : vectors) {
        CHECK(to_base64(bytes) == text);
        CHECK(from_base64(text) == bytes);
    }
}

TEST_CASE("all bytes come back, with line ends in between") {
    std::string bytes;
    for (int i = 0; i < 1000; ++i) bytes += static_cast<char>(i * 7);
    std::string text = to_base64(bytes);
    for (std::size_t at = 60; at < text.size(); at += 61) text.insert(at, "\n");
    CHECK(from_base64(text + "\r\n") == bytes);
    CHECK(from_base64("Zg") == "f");
}

TEST_CASE("what is no base64 is refused") {
    for (const char* text :
         {"Z", "Zm9vY", "Zg=", "Zg===", "Z===", "=", "Zg==Zg==", "Zm9-", "Zm9_", "Zm\x80v"})
        CHECK_MESSAGE(!from_base64(text), text);
    CHECK_FALSE(from_base64(std::string_view("Zm9\0", 4)));
}
