// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/schedule.hpp"

#include <doctest/doctest.h>

#include "tests/postgres/app/build_service/service_world.hpp"

using namespace heddle;
using namespace heddle::testing;

namespace {

const PackageRef kHello{"demo", "hello"};

void move_main(ServiceWorld& world, char digit, const std::string& run) {
    world.service.set_scmsync(kHello, "https://forge.test/hello#" + commit_of(digit), run);
}

}  // namespace

TEST_CASE("a new package is scheduled in every repository that this machine can build") {
    ServiceWorld world;
    world.add_project();
    world.service.configure_repositories("demo", {a_repository("extra", {{"local", "local"}})});
    world.add_git_package(kHello);
    CHECK(world.builds(kHello) == Lines{"r1 extra/x86_64 scheduled", "r1 standard/x86_64 scheduled"});
    CHECK(world.events().empty());
}

TEST_CASE("a foreign architecture is unresolvable and says so") {
    ServiceWorld world;
    world.add_project();
    world.service.configure_repositories("demo", {a_repository("standard", {}, {"aarch64", "x86_64"})});
    world.add_git_package(kHello);
    CHECK(world.builds(kHello) == Lines{"r1 standard/aarch64 unresolvable", "r1 standard/x86_64 scheduled"});
    CHECK(world.events() == Lines{"build_unresolvable demo/hello r1 standard/aarch64: architecture aarch64 "
                                  "can't be built here: this machine is x86_64"});
}

TEST_CASE("a repository that builds against an unknown one is unresolvable until that one is there") {
    ServiceWorld world;
    world.service.create_project({"demo", "", "", ""});
    world.service.configure_repositories("demo", {a_repository("standard", {{"base", "next"}})});
    world.add_git_package(kHello);
    CHECK(world.results(kHello) ==
          Lines{"standard/x86_64 unresolvable r1: repository base/next is not known here: only repositories "
                "without paths and those whose paths end in local/local are built"});
    world.service.create_project({"base", "", "", ""});
    world.service.configure_repositories("base", {a_repository("next", {{"local", "local"}})});
    CHECK(world.results(kHello) == Lines{"standard/x86_64 scheduled r1"});
}

TEST_CASE("repository paths that run in a circle are unresolvable, not endless") {
    ServiceWorld world;
    world.service.create_project({"demo", "", "", ""});
    world.service.create_project({"other", "", "", ""});
    world.service.configure_repositories("demo", {a_repository("standard", {{"other", "back"}})});
    world.service.configure_repositories("other", {a_repository("back", {{"demo", "standard"}})});
    world.add_git_package(kHello);
    CHECK(world.results(kHello) ==
          Lines{"standard/x86_64 unresolvable r1: the repository paths of demo/standard run in a circle"});
}

TEST_CASE("a newer revision withdraws what waits and stops what runs") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    const TestWorker worker(world.db.url());
    const auto running = world.claim(worker);
    REQUIRE(running);
    move_main(world, '2', "run 1");
    move_main(world, '3', "run 2");
    CHECK(world.builds(kHello) == Lines{"r1 standard/x86_64 building",
                                        "r2 standard/x86_64 withdrawn",
                                        "r3 standard/x86_64 scheduled"});
    CHECK(world.events() == Lines{"build_withdrawn demo/hello r2 standard/x86_64: replaced by revision 3"});
    CHECK(in_transaction(world.pool, [&](auto& tx) { return renew_build(tx, *running); }) ==
          BuildOrder::Stop);
    // Until it is gone its successor waits; that it succeeded after all changes nothing.
    CHECK_FALSE(world.claim(worker));
    CHECK(world.finish(*running, BuildState::Succeeded));
    CHECK(world.events().back() == "build_withdrawn demo/hello r1 standard/x86_64: replaced by revision 2");
    const auto next = world.claim(worker);
    REQUIRE(next);
    CHECK(next->revision.rev == "3");
}

TEST_CASE("asking for the same again schedules nothing") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    const TestWorker worker(world.db.url());
    const auto everything_again = [&] {
        world.service.configure_repositories("demo", {a_repository("standard")});
        world.service.set_flags({{"build", "enable", "demo", "", "", ""}});
        world.service.set_scmsync(kHello, "https://forge.test/hello#main", "");
    };
    everything_again();
    const auto build = world.claim(worker);
    everything_again();
    CHECK(world.builds(kHello) == Lines{"r1 standard/x86_64 building"});
    world.finish(*build, BuildState::Failed, "make failed");
    everything_again();
    CHECK(world.builds(kHello) == Lines{"r1 standard/x86_64 failed"});
    CHECK(world.events().size() == 1);
}

TEST_CASE("a refusal is said once") {
    ServiceWorld world;
    world.add_project();
    world.service.configure_repositories("demo", {a_repository("standard", {}, {"aarch64"})});
    world.add_git_package(kHello);
    world.service.configure_repositories("demo", {a_repository("standard", {}, {"aarch64"})});
    CHECK(world.events().size() == 1);
}

TEST_CASE("a rebuild builds what has a result once more") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    const TestWorker worker(world.db.url());
    world.finish(*world.claim(worker), BuildState::Failed, "make failed");
    CHECK(world.service.rebuild_package(kHello, "run 1").rev == "1");
    CHECK(world.builds(kHello) == Lines{"r1 standard/x86_64 failed", "r1 standard/x86_64 scheduled"});
}

TEST_CASE("a rebuild of what waits is answered by the build that waits") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    world.service.rebuild_package(kHello, "run 1");
    CHECK(world.builds(kHello) == Lines{"r1 standard/x86_64 scheduled"});
    CHECK(world.events().empty());
}

TEST_CASE("a rebuild of what runs waits until it has ended") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    const TestWorker worker(world.db.url());
    const auto first = world.claim(worker);
    world.service.rebuild_package(kHello, "run 1");
    CHECK(world.builds(kHello) == Lines{"r1 standard/x86_64 building", "r1 standard/x86_64 scheduled"});
    CHECK_FALSE(world.claim(worker));
    world.finish(*first, BuildState::Succeeded);
    CHECK(world.claim(worker));
}

TEST_CASE("a rebuild is answered where nothing can be built") {
    ServiceWorld world;
    world.add_project();
    world.service.configure_repositories("demo", {a_repository("standard", {}, {"aarch64"})});
    world.add_git_package(kHello);
    world.forget_events();
    world.service.rebuild_package(kHello, "run 1");
    CHECK(world.events().size() == 1);
    CHECK(world.count("SELECT count(*) FROM build_events WHERE started_at IS NULL") == 0);
}

TEST_CASE("an architecture that is taken away takes its waiting build along") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    world.service.configure_repositories("demo", {a_repository("standard", {}, {"i586"})});
    CHECK(world.builds(kHello) == Lines{"r1 standard/x86_64 withdrawn", "r1 standard/i586 unresolvable"});
    CHECK(world.results(kHello).size() == 1);
}

TEST_CASE("a package without repositories is built when it gets one") {
    ServiceWorld world;
    world.service.create_project({"demo", "", "", ""});
    world.add_git_package(kHello);
    CHECK(world.builds(kHello).empty());
    world.service.configure_repositories("demo", {a_repository("standard")});
    CHECK(world.builds(kHello) == Lines{"r1 standard/x86_64 scheduled"});
}

TEST_CASE("every change wakes the builders") {
    ServiceWorld world;
    world.add_project();
    struct Listener : pqxx::notification_receiver {
        using pqxx::notification_receiver::notification_receiver;
        void operator()(const std::string&, int) override { ++heard; }
        int heard = 0;
    };
    const auto connection = open_connection(world.db.url());
    Listener listener(*connection, "heddle_builds");
    world.add_git_package(kHello);
    connection->await_notification(10, 0);
    CHECK(listener.heard == 1);
    const TestWorker worker(world.db.url());
    const auto build = world.claim(worker);
    move_main(world, '2', "run 1");  // stops one, schedules another
    connection->await_notification(10, 0);
    CHECK(listener.heard >= 2);
}

TEST_CASE("who missed the events is told how the newest builds ended, and nothing of those that go on") {
    ServiceWorld world;
    world.add_project();
    world.service.configure_repositories(
        "demo", {a_repository("extra", {{"local", "local"}}), a_repository("foreign", {}, {"aarch64"})});
    world.add_git_package(kHello);
    const TestWorker worker(world.db.url());
    const auto build = world.claim(worker);
    REQUIRE(build);
    REQUIRE(world.finish(*build, BuildState::Failed, "make: exit code 2"));
    const std::vector<BuildEvent> events = world.service.latest_events("demo", {"hello"});
    REQUIRE(events.size() == 2);
    CHECK(events[1].type == BuildEventType::BuildUnresolvable);
    CHECK(events[1].repository == "foreign");
    CHECK(events[0].type == BuildEventType::BuildFail);
    CHECK(events[0].repository == build->repository);
    CHECK(events[0].revision.rev == "1");
    CHECK(events[0].started_at.has_value());
    CHECK(events[0].reason == "make: exit code 2");
}
