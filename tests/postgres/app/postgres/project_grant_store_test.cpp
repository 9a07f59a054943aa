// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/project_grant_store.hpp"

#include <doctest/doctest.h>

#include "app/postgres/group_store.hpp"
#include "app/postgres/pool.hpp"
#include "app/postgres/user_store.hpp"
#include "tests/support/postgres_fixture.hpp"

using namespace heddle;

namespace {

struct Grants {
    testing::TestDatabase db;
    Pool pool{db.url(), 2};
    std::int64_t ann = 0;
    std::int64_t builders = 0;

    Grants() {
        in_transaction(pool, [this](pqxx::work& tx) {
            ann = create_user(tx, {"ann", "", false}).value();
            create_user(tx, {"bob", "", true});
            builders = create_group(tx, "builders").value();
        });
    }

    template <class Body>
    auto in(Body&& body) {
        return in_transaction(pool, std::forward<Body>(body));
    }
    bool may(const std::string& login, const std::string& project) {
        return in([&](pqxx::work& tx) { return has_project_grant(tx, login, project); });
    }
};

}  // namespace

TEST_CASE("a grant is good for a project and all below it, and for nothing that only begins so") {
    Grants grants;
    const GrantHolder ann{GrantHolder::Kind::User, grants.ann};
    CHECK_FALSE(grants.may("ann", "home:ann"));
    CHECK_FALSE(grants.may("bob", "home:ann"));  // an administrator has none either
    CHECK(grants.in([&](pqxx::work& tx) { return grant_project(tx, ann, "home:a_n"); }));
    CHECK_FALSE(grants.in([&](pqxx::work& tx) { return grant_project(tx, ann, "home:a_n"); }));
    CHECK(grants.may("ann", "home:a_n"));
    CHECK(grants.may("ann", "home:a_n:x:y"));
    for (const char* other : {"home:ann", "home:a_nn", "home", "home:", "HOME:a_n", "home:ann:x"})
        CHECK_FALSE(grants.may("ann", other));
    CHECK_FALSE(grants.may("bob", "home:a_n"));
    grants.in([&](pqxx::work& tx) { set_active(tx, grants.ann, false); });
    CHECK_FALSE(grants.may("ann", "home:a_n"));
    grants.in([&](pqxx::work& tx) { set_active(tx, grants.ann, true); });
    CHECK(grants.in([&](pqxx::work& tx) { return revoke_project(tx, ann, "home:a_n"); }));
    CHECK_FALSE(grants.in([&](pqxx::work& tx) { return revoke_project(tx, ann, "home:a_n"); }));
    CHECK_FALSE(grants.may("ann", "home:a_n"));
}

TEST_CASE("a group's grant is good for its members") {
    Grants grants;
    const GrantHolder builders{GrantHolder::Kind::Group, grants.builders};
    grants.in([&](pqxx::work& tx) { grant_project(tx, builders, "shared"); });
    CHECK_FALSE(grants.may("ann", "shared"));
    grants.in([&](pqxx::work& tx) { add_group_member(tx, grants.builders, grants.ann); });
    CHECK(grants.may("ann", "shared:x"));
    CHECK(grants.in([&](pqxx::work& tx) { return granted_projects(tx, builders); }) ==
          std::vector<std::string>{"shared"});
    CHECK(
        grants.in([&](pqxx::work& tx) {
                  return granted_projects(tx, {GrantHolder::Kind::User, grants.ann});
              })
            .empty());
    grants.in([&](pqxx::work& tx) { delete_group(tx, grants.builders); });
    CHECK_FALSE(grants.may("ann", "shared"));
}
