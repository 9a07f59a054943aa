// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/flags.hpp"

#include <doctest/doctest.h>

#include "tests/postgres/app/build_service/service_world.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::testing;

namespace {

const PackageRef kHello{"demo", "hello"};

FlagSetting build_flag(const std::string& status,
                       const std::string& package,
                       const std::string& repository = "",
                       const std::string& architecture = "") {
    return {"build", status, "demo", package, repository, architecture};
}

}  // namespace

TEST_CASE("without any flag everything but lock and debuginfo is on") {
    CHECK(is_on({}, "build", "r", "a"));
    CHECK(is_on({}, "publish", "r", "a"));
    CHECK_FALSE(is_on({}, "lock", "r", "a"));
    CHECK_FALSE(is_on({}, "debuginfo", "r", "a"));
}

TEST_CASE("the more specific flag wins, and the package's before the project's") {
    Flags flags;
    flags.of_project = {{"build", false, "", ""}, {"build", true, "r", ""}, {"build", false, "r", "a"}};
    CHECK_FALSE(is_on(flags, "build", "other", "a"));
    CHECK(is_on(flags, "build", "r", "b"));
    CHECK_FALSE(is_on(flags, "build", "r", "a"));
    flags.of_package = {{"build", true, "", ""}};
    CHECK(is_on(flags, "build", "r", "a"));
    flags.of_package.push_back({"build", false, "", "a"});
    CHECK_FALSE(is_on(flags, "build", "r", "a"));
    CHECK(is_on(flags, "build", "r", "b"));
}

TEST_CASE("a build that is switched off while it waits ends disabled; switched on it is scheduled") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    world.service.set_flags({build_flag("disable", "")});
    world.service.set_flags({build_flag("disable", "")});
    CHECK(world.results(kHello) == Lines{"standard/x86_64 disabled r1: building is switched off"});
    CHECK(world.events() == Lines{"build_excluded demo/hello r1 standard/x86_64: building is switched off"});
    world.service.set_flags({build_flag("enable", "hello", "standard")});
    CHECK(world.builds(kHello) == Lines{"r1 standard/x86_64 disabled", "r1 standard/x86_64 scheduled"});
    CHECK(world.count("SELECT count(*) FROM bs_flags") == 2);
}

TEST_CASE("switching off leaves what runs and what has a result alone") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    const TestWorker worker(world.db.url());
    const auto build = world.claim(worker);
    world.service.set_flags({build_flag("disable", "hello")});
    CHECK(in_transaction(world.pool, [&](auto& tx) { return renew_build(tx, *build); }) == BuildOrder::GoOn);
    world.finish(*build, BuildState::Succeeded);
    world.service.set_flags({build_flag("disable", "")});
    CHECK(world.results(kHello) == Lines{"standard/x86_64 succeeded r1"});
    world.service.set_scmsync(kHello, "https://forge.test/hello#" + commit_of('2'), "run");
    CHECK(world.results(kHello) == Lines{"standard/x86_64 disabled r2: building is switched off"});
}

TEST_CASE("what is locked takes no change until it is unlocked") {
    ServiceWorld world;
    world.add_project();
    world.add_file_package(kHello);
    world.add_file_package({"demo", "free"});
    world.service.set_flags({{"lock", "enable", "demo", "hello", "", ""}});
    CHECK(world.results(kHello) == Lines{"standard/x86_64 disabled r1: it is locked"});
    const auto write = [&](const PackageRef& ref) { world.service.write_file(ref, "a", "b", "run"); };
    CHECK_THROWS_WITH_AS(
        write(kHello), "write a file of demo/hello: package demo/hello is locked", RemoteError);
    CHECK_THROWS_WITH_AS(world.service.set_flags({build_flag("disable", "hello")}),
                         "set flags: demo/hello is locked",
                         RemoteError);
    CHECK_NOTHROW(write({"demo", "free"}));
    world.service.set_flags({{"lock", "enable", "demo", "", "", ""}});
    CHECK_THROWS_WITH_AS(
        world.service.delete_project("demo", ""), "delete project demo: project demo is locked", RemoteError);
    world.service.set_flags(
        {{"lock", "disable", "demo", "", "", ""}, {"lock", "disable", "demo", "hello", "", ""}});
    CHECK(world.results(kHello) == Lines{"standard/x86_64 scheduled r1"});
}

TEST_CASE("flags are set all or none") {
    ServiceWorld world;
    world.add_project();
    CHECK_THROWS_WITH_AS(
        world.service.set_flags({build_flag("disable", ""), build_flag("disable", "nobody")}),
        "set flags: package demo/nobody does not exist",
        RemoteError);
    CHECK_THROWS_AS(world.service.set_flags({build_flag("disable", ""), build_flag("maybe", "")}),
                    RemoteError);
    CHECK_THROWS_AS(world.service.set_flags({{"paint", "enable", "demo", "", "", ""}}), RemoteError);
    CHECK(world.count("SELECT count(*) FROM bs_flags") == 0);
}
