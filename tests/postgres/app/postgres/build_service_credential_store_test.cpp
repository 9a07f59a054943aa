// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/build_service_credential_store.hpp"

#include <doctest/doctest.h>

#include "app/crypto/secret_box.hpp"
#include "app/postgres/pool.hpp"
#include "app/postgres/user_store.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace heddle;

namespace {

struct Logins {
    test::TemporaryFolder folder;
    SecretBox box = SecretBox::create(folder.path() / "secret.key");
    testing::TestDatabase db;
    Pool pool{db.url(), 1};
    std::int64_t ann = 0;
    std::int64_t bob = 0;

    template <class Body>
    auto in(Body&& body) {
        return in_transaction(pool, std::forward<Body>(body));
    }

    Logins() {
        in_transaction(pool, [this](pqxx::work& tx) {
            ann = create_user(tx, {"ann", "", false}).value();
            bob = create_user(tx, {"bob", "", false}).value();
        });
    }
    void set(const std::optional<std::int64_t>& user, const std::string& account, const std::string& word) {
        in([&](pqxx::work& tx) {
            set_build_service_credential(tx, box, user, {std::nullopt, "https://obs.test", account, word});
        });
    }
    /// "ann-obs:word of ann"; empty: there is none.
    std::string found(const std::optional<std::string>& executor) {
        const auto login =
            in([&](pqxx::work& tx) { return find_build_service_credential(tx, box, executor); });
        if (!login) return "";
        CHECK(login->executor == executor);
        CHECK(login->origin == "https://obs.test");
        return login->account + ":" + login->password;
    }
};

}  // namespace

TEST_CASE("a login at the build service is found for its executor only, and the instance's for nobody") {
    Logins logins;
    CHECK(logins.found("ann").empty());
    CHECK(logins.found(std::nullopt).empty());
    logins.set(logins.ann, "ann-obs", "word of ann");
    CHECK(logins.found("ann") == "ann-obs:word of ann");
    CHECK(logins.found("bob").empty());
    CHECK(logins.found(std::nullopt).empty());
    logins.set(std::nullopt, "heddle", "word of all");
    CHECK(logins.found(std::nullopt) == "heddle:word of all");
    CHECK(logins.found("bob").empty());
    CHECK(logins.found("nobody").empty());
}

TEST_CASE("another login takes the place of the one before") {
    Logins logins;
    for (const std::optional<std::int64_t>& user : {std::optional(logins.ann), std::optional<std::int64_t>()})
        for (const char* account : {"first", "second"}) logins.set(user, account, "word");
    CHECK(logins.found("ann") == "second:word");
    CHECK(logins.found(std::nullopt) == "second:word");
    const auto listed = logins.in([](pqxx::work& tx) { return list_build_service_credentials(tx); });
    REQUIRE(listed.size() == 2);
    CHECK_FALSE(listed[0].executor);
    CHECK(listed[1].executor == "ann");
    CHECK(listed[1].account == "second");
    CHECK(listed[1].changed_at >= listed[1].created_at);
}

TEST_CASE("a login goes with its user, rests while he is not active, and is forgotten once") {
    Logins logins;
    logins.set(logins.ann, "ann-obs", "word");
    logins.set(logins.bob, "bob-obs", "word");
    logins.in([&](pqxx::work& tx) { set_active(tx, logins.ann, false); });
    CHECK(logins.found("ann").empty());
    logins.in([&](pqxx::work& tx) { set_active(tx, logins.ann, true); });
    CHECK(logins.found("ann") == "ann-obs:word");
    logins.in([&](pqxx::work& tx) { delete_user(tx, logins.ann); });
    CHECK(logins.found("ann").empty());
    const auto clear = [&](const std::optional<std::int64_t>& user) {
        return logins.in([&](pqxx::work& tx) { return clear_build_service_credential(tx, user); });
    };
    CHECK(clear(logins.bob));
    CHECK_FALSE(clear(logins.bob));
    CHECK_FALSE(clear(std::nullopt));
    CHECK(logins.in([](pqxx::work& tx) { return list_build_service_credentials(tx); }).empty());
}

TEST_CASE("what is sealed for one user opens for no other, and with no other key") {
    Logins logins;
    logins.set(logins.ann, "ann-obs", "word");
    logins.in([&](pqxx::work& tx) { tx.exec("UPDATE build_service_credentials SET user_id = NULL"); });
    CHECK_THROWS(logins.found(std::nullopt));
    logins.set(std::nullopt, "heddle", "word");
    CHECK(logins.found(std::nullopt) == "heddle:word");
    logins.box = SecretBox::create(logins.folder.path() / "other.key");
    CHECK_THROWS_AS(logins.found(std::nullopt), KeyFileError);
}
