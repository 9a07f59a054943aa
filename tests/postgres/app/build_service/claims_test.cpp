// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "app/build_service/embedded/build_store.hpp"
#include "tests/postgres/app/build_service/service_world.hpp"

using namespace heddle;
using namespace heddle::testing;

namespace {

const PackageRef kHello{"demo", "hello"};

int rescue(ServiceWorld& world) {
    return in_transaction(world.pool, [](auto& tx) { return rescue_builds(tx); });
}

BuildOrder renew(ServiceWorld& world, const ClaimedBuild& build) {
    return in_transaction(world.pool, [&](auto& tx) { return renew_build(tx, build); });
}

bool give_back(ServiceWorld& world, const ClaimedBuild& build) {
    return in_transaction(world.pool, [&](auto& tx) { return give_back_build(tx, build); });
}

void let_leases_run_out(ServiceWorld& world) {
    in_transaction(world.pool, [](auto& tx) {
        tx.exec0("UPDATE bs_builds SET lease_until = now() - interval '1 second' WHERE state = 'building'");
    });
}

}  // namespace

TEST_CASE("a claimed build names what is to be built") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    const TestWorker worker(world.db.url());
    const auto build = world.claim(worker);
    REQUIRE(build);
    CHECK(build->package == kHello);
    CHECK(build->repository == "standard");
    CHECK(build->architecture == "x86_64");
    CHECK(build->revision.rev == "1");
    CHECK(build->tries == 1);
    CHECK(renew(world, *build) == BuildOrder::GoOn);
    CHECK_FALSE(world.claim(worker));
    CHECK(world.finish(*build, BuildState::Succeeded));
    CHECK_FALSE(world.finish(*build, BuildState::Failed));
    CHECK(world.events() == Lines{"build_success demo/hello r1 standard/x86_64"});
    CHECK(world.count("SELECT count(*) FROM build_events e JOIN bs_builds b ON b.started_at = e.started_at "
                      "AND b.ended_at = e.ended_at") == 1);
}

TEST_CASE("how a build ended is stored with the event of that name") {
    const std::vector<std::pair<BuildState, std::string>> kEnds{
        {BuildState::Succeeded, "build_success"},
        {BuildState::Failed, "build_fail"},
        {BuildState::Broken, "build_broken"},
        {BuildState::Unresolvable, "build_unresolvable"}};
    for (const auto& [state, event] : kEnds) {
        ServiceWorld world;
        world.add_project();
        world.add_git_package(kHello);
        const TestWorker worker(world.db.url());
        CHECK(world.finish(*world.claim(worker), state, "why"));
        CHECK(world.events() == Lines{event + " demo/hello r1 standard/x86_64: why"});
        // A builder's word stays until something changes.
        world.service.configure_repositories("demo", {a_repository("standard")});
        CHECK(world.builds(kHello).size() == 1);
    }
}

TEST_CASE("a fresh branch waits a moment before it is built") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    const TestWorker worker(world.db.url());
    world.finish(*world.claim(worker), BuildState::Succeeded);
    world.service.branch_package(kHello, {"demo:branch", "hello"}, {});
    CHECK_FALSE(world.claim(worker));
    world.make_everything_due();
    CHECK(world.claim(worker));
}

TEST_CASE("a build given back is as if it had never begun") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    const TestWorker worker(world.db.url());
    const auto build = world.claim(worker);
    CHECK(give_back(world, *build));
    CHECK_FALSE(give_back(world, *build));
    CHECK(renew(world, *build) == BuildOrder::Lost);
    CHECK_FALSE(world.finish(*build, BuildState::Failed));
    CHECK(world.claim(worker)->tries == 1);
    CHECK(world.events().empty());
}

TEST_CASE("a build given back that nobody wants any more ends") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    const TestWorker worker(world.db.url());
    const auto build = world.claim(worker);
    world.service.set_scmsync(kHello, "https://forge.test/hello#" + commit_of('2'), "run 1");
    CHECK(give_back(world, *build));
    CHECK(world.builds(kHello) == Lines{"r1 standard/x86_64 withdrawn", "r2 standard/x86_64 scheduled"});
    CHECK(world.events() == Lines{"build_withdrawn demo/hello r1 standard/x86_64: replaced by revision 2"});
}

TEST_CASE("the build of a dead worker goes to another one, and the dead one's word counts no more") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    TestWorker dead(world.db.url());
    const TestWorker alive(world.db.url());
    const auto lost = world.claim(dead);
    CHECK(rescue(world) == 0);
    dead.die();
    CHECK(rescue(world) == 1);
    CHECK(rescue(world) == 0);
    const auto again = world.claim(alive);
    REQUIRE(again);
    CHECK(again->tries == 2);
    CHECK_FALSE(world.finish(*lost, BuildState::Succeeded));
    CHECK(renew(world, *lost) == BuildOrder::Lost);
    CHECK(world.finish(*again, BuildState::Failed));
    CHECK(world.events() == Lines{"build_fail demo/hello r1 standard/x86_64"});
}

TEST_CASE("a worker that does not renew its lease loses the build") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    const TestWorker worker(world.db.url());
    const auto build = world.claim(worker);
    let_leases_run_out(world);
    CHECK(rescue(world) == 1);
    CHECK(renew(world, *build) == BuildOrder::Lost);
    CHECK(world.claim(worker)->tries == 2);
}

TEST_CASE("a build that no worker brings to its end ends failed") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    const TestWorker worker(world.db.url());
    for (int deaths = 1; deaths <= 5; ++deaths) {
        REQUIRE(world.claim(worker)->tries == deaths);
        let_leases_run_out(world);
        CHECK(rescue(world) == 1);
    }
    CHECK(world.events() ==
          Lines{"build_fail demo/hello r1 standard/x86_64: begun 5 times and never ended: each "
                "builder died or lost the database"});
    CHECK_FALSE(world.claim(worker));
}

TEST_CASE("a dead worker's build that has a successor is not built again") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    const TestWorker worker(world.db.url());
    world.claim(worker);
    world.service.rebuild_package(kHello, "run 1");
    let_leases_run_out(world);
    CHECK(rescue(world) == 1);
    CHECK(world.builds(kHello) == Lines{"r1 standard/x86_64 withdrawn", "r1 standard/x86_64 scheduled"});
}

TEST_CASE("a package that is deleted under a worker is lost to it") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    const TestWorker worker(world.db.url());
    const auto build = world.claim(worker);
    CHECK(world.service.delete_package(kHello));
    CHECK(renew(world, *build) == BuildOrder::Lost);
    CHECK_FALSE(world.finish(*build, BuildState::Succeeded));
    CHECK(world.events() == Lines{"package_deleted demo/hello: package demo/hello was deleted"});
}

TEST_CASE("workers that claim at the same time never get the same build") {
    constexpr int kPackages = 40;
    ServiceWorld world;
    world.add_project();
    for (int i = 0; i < kPackages; ++i) world.add_file_package({"demo", "p" + std::to_string(i)});
    std::mutex mutex;
    std::multiset<std::int64_t> claimed;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 6; ++i)
            threads.emplace_back([&] {
                const TestWorker worker(world.db.url());
                while (const auto build = world.claim(worker)) {
                    const std::lock_guard lock(mutex);
                    claimed.insert(build->id);
                }
            });
    }
    CHECK(claimed.size() == kPackages);
    CHECK(std::set<std::int64_t>(claimed.begin(), claimed.end()).size() == kPackages);
}
