// SPDX-License-Identifier: Apache-2.0
#include "app/crypto/hmac.hpp"

#include <doctest/doctest.h>

using namespace heddle;

TEST_CASE("HMAC-SHA-256 is that of RFC 4231") {
    CHECK(sign_body(std::string(20, '\x0b'), "Hi There") ==
          "sha256=b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(sign_body("Jefe", "what do ya want for nothing?") ==
          "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(sign_body(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
          "sha256=60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    CHECK(sign_body("", "") == "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST_CASE("a digest equals only itself") {
    const std::string digest = hmac_sha256("secret", "body");
    CHECK(digest.size() == 32);
    CHECK(same_digest(digest, hmac_sha256("secret", "body")));
    CHECK_FALSE(same_digest(digest, hmac_sha256("secret", "body ")));
    CHECK_FALSE(same_digest(digest, hmac_sha256("Secret", "body")));
    CHECK_FALSE(same_digest(digest, digest.substr(0, 31)));
    CHECK_FALSE(same_digest(digest, ""));
    for (std::size_t at = 0; at < digest.size(); ++at) {
        std::string other = digest;
        other[at] ^= 1;
        CHECK_FALSE(same_digest(digest, other));
    }
}

TEST_CASE("a signature is its scheme and 64 lower-case hex digits, nothing else") {
    const std::string signature = sign_body("secret", "body");
    CHECK(parse_signature(signature) == hmac_sha256("secret", "body"));
    const std::string hex = signature.substr(7);
    for (const std::string& wrong : {std::string(),
                                     std::string("sha256="),
                                     hex,
                                     "sha1=" + hex,
                                     "SHA256=" + hex,
                                     "sha256=" + hex.substr(0, 62),
                                     signature + "00",
                                     signature + " ",
                                     " " + signature,
                                     "sha256=" + hex.substr(0, 63) + "G",
                                     "sha256=" + hex.substr(0, 63) + "A",
                                     "sha256=" + hex.substr(0, 63) + std::string(1, '\0')})
        CHECK_MESSAGE(!parse_signature(wrong), wrong);
}

TEST_CASE("a body is signed by the one secret, and never by an empty one") {
    const std::string signature = sign_body("secret", "body");
    CHECK(is_signed_by("secret", signature, "body"));
    CHECK_FALSE(is_signed_by("Secret", signature, "body"));
    CHECK_FALSE(is_signed_by("secret", signature, "body\n"));
    CHECK_FALSE(is_signed_by("secret", signature.substr(0, 70), "body"));
    CHECK_FALSE(is_signed_by("secret", "", "body"));
    CHECK_FALSE(is_signed_by("", sign_body("", "body"), "body"));
}
