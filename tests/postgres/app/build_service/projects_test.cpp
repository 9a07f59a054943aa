// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <latch>
#include <thread>

#include "tests/postgres/app/build_service/service_world.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::testing;

namespace {

const PackageRef kHello{"demo", "hello"};

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

TEST_CASE("a deleted project withdraws what waits, stops what runs and says so") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    world.add_git_package({"demo", "other"});
    const TestWorker worker(world.db.url());
    const auto running = world.claim(worker);
    CHECK(world.service.delete_project("demo", "pull request closed"));
    CHECK_FALSE(world.service.delete_project("demo", "again"));
    CHECK(
        world.events() ==
        Lines{"build_withdrawn demo/other r1 standard/x86_64: project demo was deleted: pull request closed",
              "project_deleted demo/: project demo was deleted: pull request closed"});
    CHECK_FALSE(world.service.project_exists("demo"));
    CHECK_FALSE(world.service.package_exists(kHello));
    CHECK(world.results(kHello).empty());
    CHECK(in_transaction(world.pool, [&](auto& tx) { return renew_build(tx, *running); }) ==
          BuildOrder::Stop);
    CHECK(world.finish(*running, BuildState::Succeeded));
    CHECK(world.builds(kHello) == Lines{"r1 standard/x86_64 withdrawn"});
}

TEST_CASE("a restored project has everything back and builds what has no result") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    world.add_git_package({"demo", "off"});
    world.add_git_package({"demo", "late"});
    world.service.set_flags({{"build", "disable", "demo", "off", "", ""}});
    const TestWorker worker(world.db.url());
    world.finish(*world.claim(worker), BuildState::Succeeded);
    world.service.delete_project("demo", "");
    CHECK(world.service.restore_project("demo"));
    CHECK(world.service.restore_project("demo"));
    CHECK(world.results(kHello) == Lines{"standard/x86_64 succeeded r1"});
    CHECK(world.results({"demo", "off"}) == Lines{"standard/x86_64 disabled r1: building is switched off"});
    CHECK(world.results({"demo", "late"}) == Lines{"standard/x86_64 scheduled r1"});
    CHECK(world.service.scmsync(kHello) == "https://forge.test/hello#main");
    CHECK_FALSE(world.service.restore_project("never:there"));
}

TEST_CASE("a project restored while its build is still being stopped builds again") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    const TestWorker worker(world.db.url());
    const auto running = world.claim(worker);
    world.service.delete_project("demo", "");
    world.service.restore_project("demo");
    CHECK(world.builds(kHello) == Lines{"r1 standard/x86_64 building", "r1 standard/x86_64 scheduled"});
    world.finish(*running, BuildState::Succeeded);
    CHECK(world.claim(worker));
}

TEST_CASE("of two deleted projects of one name the last one comes back") {
    ServiceWorld world;
    world.service.create_project({"demo", "first", "", ""});
    world.service.delete_project("demo", "");
    world.service.create_project({"demo", "second", "", ""});
    world.service.delete_project("demo", "");
    world.service.restore_project("demo");
    CHECK(world.count("SELECT count(*) FROM bs_projects WHERE deleted_at IS NULL AND title = 'second'") == 1);
}

TEST_CASE("revision numbers never fall, whatever is deleted and made anew") {
    ServiceWorld world;
    world.add_project();
    world.add_file_package(kHello);
    CHECK(world.service.write_file(kHello, "a", "1", "run 1").rev == "2");
    world.service.delete_project("demo", "");
    world.add_project();
    world.add_file_package(kHello);
    CHECK(world.service.write_file(kHello, "a", "1", "run 2").rev == "4");
    world.service.delete_package(kHello);
    world.add_file_package(kHello);
    CHECK(world.service.write_file(kHello, "a", "1", "run 3").rev == "6");
    world.service.delete_project("demo", "");
    world.service.restore_project("demo");
    CHECK(world.service.write_file(kHello, "a", "2", "run 4").rev == "7");
}

TEST_CASE("only maintainers change a project") {
    ServiceWorld world;
    world.add_project();
    world.add_file_package(kHello);
    auto bob = world.service_of("bob");
    const std::string kNo = "no permission: bob is no maintainer of demo";
    CHECK(refusal([&] { bob.delete_project("demo", ""); }) == "delete project demo: " + kNo);
    CHECK(refusal([&] { bob.write_file(kHello, "a", "", "run"); }) == "write a file of demo/hello: " + kNo);
    CHECK(refusal([&] { bob.rebuild_package(kHello, "run"); }) == "rebuild demo/hello: " + kNo);
    CHECK(refusal([&] { bob.configure_repositories("demo", {a_repository("x")}); }) ==
          "configure repositories of demo: " + kNo);
    CHECK(refusal([&] { bob.set_flags({{"build", "disable", "demo", "", "", ""}}); }) == "set flags: " + kNo);
    CHECK(refusal([&] {
              bob.link_package(kHello, {"demo", "mine"}, "run");
          }) == "link demo/hello to demo/mine: " + kNo);
    CHECK(refusal([&] {
              bob.branch_package(kHello, {"demo", "mine"}, {});
          }) == "branch demo/hello to demo/mine: " + kNo);
    CHECK(refusal([&] { bob.run_services(kHello, {}); }) == "run the services of demo/hello: " + kNo);
    CHECK(refusal([&] { bob.delete_package(kHello); }) == "delete package demo/hello: " + kNo);
    world.service.delete_project("demo", "");
    CHECK(refusal([&] { bob.restore_project("demo"); }) ==
          "restore project demo: no permission: bob was no maintainer of demo");
}

TEST_CASE("below a project only its maintainers make projects, elsewhere everybody") {
    ServiceWorld world;
    world.add_project();
    world.add_file_package(kHello);
    auto bob = world.service_of("bob");
    CHECK(refusal([&] {
              bob.create_project({"demo:sub:deep", "", "", ""});
          }) == "create project demo:sub:deep: no permission: bob is no maintainer of demo");
    CHECK(refusal([&] {
              bob.branch_package(kHello, {"demo:o:r:PR-1", "hello"}, {});
          }) == "branch demo/hello to demo:o:r:PR-1/hello: no permission: bob is no maintainer of demo");
    bob.branch_package(kHello, {"home:bob", "hello"}, {});
    CHECK(bob.package_exists({"home:bob", "hello"}));
}

TEST_CASE("sources that are for maintainers only are not branched or linked by others") {
    ServiceWorld world;
    world.add_project();
    world.add_file_package(kHello);
    world.service.set_flags({{"sourceaccess", "disable", "demo", "", "", ""}});
    auto bob = world.service_of("bob");
    const std::string kNo = "no permission: the sources of demo/hello are for its maintainers only";
    CHECK(refusal([&] {
              bob.branch_package(kHello, {"home:bob", "hello"}, {});
          }) == "branch demo/hello to home:bob/hello: " + kNo);
    world.service.branch_package(kHello, {"branch", "hello"}, {});
    // The branch is as secret as what it was made of.
    CHECK(refusal([&] {
              bob.branch_package({"branch", "hello"}, {"home:bob", "hello"}, {});
          }).find("for its maintainers only") != std::string::npos);
}

TEST_CASE("bad names are refused with the reason") {
    ServiceWorld world;
    CHECK(refusal([&] {
              world.service.create_project({"a b", "", "", ""});
          }) == "create project a b: \"a b\" is no project name: it contains a space");
    CHECK(refusal([&] {
              world.service.create_project({"local", "", "", ""});
          }) == "create project local: the name local is taken by the built-in project");
    world.add_project();
    CHECK(refusal([&] {
              world.service.create_file_package({"demo", "../x"}, {});
          }).find("is no package name") != std::string::npos);
    CHECK(refusal([&] {
              world.service.create_file_package(kHello, {{"../x", "", false}});
          }).find("is no file name: it is no plain relative path") != std::string::npos);
    CHECK(refusal([&] {
              world.service.configure_repositories("demo", {a_repository("x", {}, {"vax"})});
          }).find("\"vax\" is no architecture") != std::string::npos);
}

TEST_CASE("threads that branch to one target make one branch") {
    ServiceWorld world;
    world.add_project();
    world.add_file_package(kHello);
    for (int round = 0; round < 10; ++round) {
        const PackageRef target{"branch" + std::to_string(round), "hello"};
        std::latch together(2);
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 2; ++i)
                threads.emplace_back([&] {
                    together.arrive_and_wait();
                    world.service.branch_package(kHello, target, {});
                });
        }
        CHECK(world.builds(target) == Lines{"r1 standard/x86_64 scheduled"});
    }
}

TEST_CASE("writers of one package give out each revision number once") {
    ServiceWorld world;
    world.add_project();
    world.add_file_package(kHello);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&, i] {
                for (int n = 0; n < 5; ++n)
                    world.service.write_file(kHello, "f", std::to_string(i * 10 + n), "run");
            });
    }
    CHECK(world.count("SELECT max(rev) FROM bs_revisions") == 21);
    CHECK(world.count("SELECT count(*) FROM bs_builds WHERE state = 'scheduled'") == 1);
    CHECK(world.count("SELECT count(*) FROM bs_builds WHERE state = 'withdrawn'") == 20);
}

TEST_CASE("threads that create, delete and restore one project leave it whole") {
    ServiceWorld world;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&, i] {
                for (int n = 0; n < 10; ++n) {
                    if (i % 2 == 0) world.service.create_project({"demo", "", "", ""});
                    if (i == 1) world.service.delete_project("demo", "");
                    if (i == 3) world.service.restore_project("demo");
                }
            });
    }
    world.service.restore_project("demo");
    CHECK(world.count("SELECT count(*) FROM bs_projects WHERE deleted_at IS NULL") == 1);
}
