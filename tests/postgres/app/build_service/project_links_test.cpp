// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "app/build_service/embedded/project_link_store.hpp"
#include "tests/postgres/app/build_service/service_world.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::testing;

namespace {

struct World : ServiceWorld {
    World() {
        for (const char* name : {"top", "first", "second", "deep"})
            service.create_project({name, "", "", ""});
        service.link_project("first", "top");
        service.link_project("second", "top");
        service.link_project("deep", "first");
    }

    std::string found(const PackageRef& ref) {
        const auto package = in_transaction(pool, [&](auto& tx) { return find_package_by_links(tx, ref); });
        return package ? to_string(package->ref) : "nothing";
    }
};

template <class Verb>
std::string refusal(Verb&& verb) {
    try {
        verb();
    } catch (const RemoteError& error) {
        CHECK(error.kind == RemoteError::Kind::GiveUp);
        return error.what();
    }
    return "nothing was refused";
}

}  // namespace

TEST_CASE("of linked projects the nearest in the order of the links has the package") {
    World world;
    CHECK(world.found({"top", "hello"}) == "nothing");
    world.add_file_package({"second", "hello"});
    CHECK(world.found({"top", "hello"}) == "second/hello");
    world.add_file_package({"deep", "hello"});
    CHECK(world.found({"top", "hello"}) == "deep/hello");
    world.add_file_package({"first", "hello"});
    CHECK(world.found({"top", "hello"}) == "first/hello");
    world.add_file_package({"top", "hello"});
    CHECK(world.found({"top", "hello"}) == "top/hello");
    world.service.delete_project("first", "");
    world.service.delete_package({"top", "hello"});
    CHECK(world.found({"top", "hello"}) == "second/hello");
}

TEST_CASE("links that came to run in a circle are followed once") {
    World world;
    // Each link was right when it was made: a project that was away came back.
    world.service.delete_project("first", "");
    world.service.link_project("top", "deep");
    world.service.restore_project("first");
    world.add_file_package({"second", "hello"});
    CHECK(world.found({"top", "hello"}) == "second/hello");
    CHECK(world.found({"deep", "hello"}) == "second/hello");
    CHECK(world.found({"top", "nobody"}) == "nothing");
}

TEST_CASE("a link that would close a circle is refused, however long") {
    World world;
    CHECK(refusal([&] { world.service.link_project("top", "deep"); }) ==
          "link project deep to top: the links would run in a circle");
    CHECK(refusal([&] { world.service.link_project("top", "top"); }) ==
          "link project top to top: the links would run in a circle");
}

TEST_CASE("only who may change a project links it, and only to what he may read") {
    World world;
    auto bob = world.service_of("bob");
    CHECK(refusal([&] { bob.link_project("deep", "top"); }) ==
          "link project top to deep: no permission: bob is no maintainer of top");
    CHECK(refusal([&] { bob.unlink_project("first", "top"); }) ==
          "unlink project top from first: no permission: bob is no maintainer of top");
    world.service.set_flags({{"access", "disable", "deep", "", "", ""}});
    bob.create_project({"bobs", "", "", ""});
    CHECK(refusal([&] { bob.link_project("deep", "bobs"); }) ==
          "link project bobs to deep: no permission: the sources of deep are for its maintainers only");
}

TEST_CASE("what a link leads to is branched and linked from where it is, if it may be read") {
    World world;
    world.add_project("deep");
    world.add_file_package({"deep", "hello"});
    world.service.branch_package({"top", "hello"}, {"mine", "hello"}, {});
    CHECK(world.service.package_exists({"mine", "hello"}));
    world.service.link_package({"top", "hello"}, {"mine", "link"}, "run 1");
    CHECK(world.count("SELECT count(*) FROM bs_packages WHERE link_project = 'deep'") == 1);
    world.service.set_flags({{"sourceaccess", "disable", "deep", "", "", ""}});
    auto bob = world.service_of("bob");
    CHECK(refusal([&] {
              bob.branch_package({"top", "hello"}, {"bobs", "hello"}, {});
          }) ==
          "branch top/hello to bobs/hello: no permission: the sources of deep/hello are for its maintainers "
          "only");
}

TEST_CASE("links go with their project and come back with it") {
    World world;
    world.service.delete_project("top", "");
    world.service.restore_project("top");
    CHECK(world.service.unlink_project("first", "top"));
}
