// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pqxx/pqxx>
#include <string>

#include "app/crypto/secret_box.hpp"
#include "app/postgres/pool.hpp"
#include "app/postgres/user_store.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace heddle::testing {

/// A database with a key file, and nobody in it.
struct AccountWorld {
    AccountWorld() : pool(database.url(), 4), box(SecretBox::create(folder.path() / "key")) {}

    template <class Body>
    auto in(Body&& body) {
        return in_transaction(pool, std::forward<Body>(body));
    }
    /// The first column of the first row, as text; "" for NULL.
    std::string ask(const std::string& sql) {
        return in([&](pqxx::work& tx) {
            const pqxx::result rows = tx.exec(sql);
            return rows.empty() || rows[0][0].is_null() ? std::string() : rows[0][0].as<std::string>();
        });
    }
    std::int64_t user(const std::string& login) {
        return in([&](pqxx::work& tx) { return create_user(tx, {login, "", false}).value(); });
    }

    test::TemporaryFolder folder;
    TestDatabase database;
    Pool pool;
    SecretBox box;
};

}  // namespace heddle::testing
