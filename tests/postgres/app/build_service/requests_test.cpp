// SPDX-License-Identifier: Apache-2.0
// Requests of the embedded build service: who may do what, what accepting takes over, what is told of it.
#include <doctest/doctest.h>

#include <latch>
#include <thread>

#include "app/build_service/embedded/request_store.hpp"
#include "app/config/wrong_use.hpp"
#include "tests/postgres/app/build_service/service_world.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::testing;

namespace {

using Decision = RequestDecision;

const PackageRef kSource{"demo", "hello"};
const PackageRef kTarget{"stable", "hello"};

template <class Verb>
std::string refusal(Verb&& verb) {
    try {
        verb();
    } catch (const RemoteError& error) {
        CHECK(error.kind == RemoteError::Kind::GiveUp);
        return error.what();
    } catch (const WrongUse& mistake) {
        return mistake.what();
    }
    return "nothing was refused";
}

/// demo is ann's, stable is bob's.
struct World : ServiceWorld {
    EmbeddedBuildService bob = service_of("bob");

    World() {
        add_project();
        bob.create_project({"stable", "", "", ""});
        bob.configure_repositories("stable", {a_repository("standard")});
        forget_events();
    }

    std::int64_t submit(const PackageRef& source = kSource) {
        return service.create_request({source, kTarget, "Take it", "run " + std::to_string(++runs_), {}})
            .number;
    }
    std::string state_of(std::int64_t number) { return service.find_request(number)->state; }
    std::string told() {
        return in_transaction(pool, [](pqxx::transaction_base& tx) {
            std::string lines;
            for (const auto& row :
                 tx.exec("SELECT request || ' ' || request_state || ' ' || project || '/' || "
                         "package || ': ' || reason FROM build_events "
                         "WHERE type = 'request_state_change' ORDER BY id"))
                lines += row[0].as<std::string>() + "\n";
            return lines;
        });
    }

private:
    int runs_ = 0;
};

}  // namespace

TEST_CASE("an accepted request takes the named revision of files over, and makes the package") {
    World world;
    world.add_file_package(kSource);
    world.service.write_file(kSource, "a", "1", "run x");
    const auto number = world.submit();
    world.service.write_file(kSource, "a", "2", "run y");  // after the request: not part of it
    world.bob.decide_request_by_hand(number, Decision::Accept, "good");
    CHECK(world.state_of(number) == "accepted");
    CHECK(world.told() == std::to_string(number) + " accepted stable/hello: good\n");
    CHECK(world.builds(kTarget) == Lines{"r1 standard/x86_64 scheduled"});
    CHECK(
        world.count(
            "SELECT count(*) FROM bs_files f JOIN bs_revisions r ON r.id = f.revision_id "
            "JOIN bs_packages k ON k.id = r.package_id JOIN bs_projects p ON p.id = k.project_id "
            "JOIN bs_blobs b USING (digest) WHERE p.name = 'stable' AND f.name = 'a' AND b.content = '1'") ==
        1);
    CHECK(world.count("SELECT count(*) FROM bs_revisions WHERE comment = 'request " + std::to_string(number) +
                      " of ann: revision 2 of demo/hello'") == 1);
    CHECK(world.count("SELECT count(*) FROM audit_log WHERE login = 'bob' AND action = 'request.accept' "
                      "AND object = 'request " +
                      std::to_string(number) + "'") == 1);
    CHECK(refusal([&] { world.bob.decide_request_by_hand(number, Decision::Decline, ""); }) ==
          "request " + std::to_string(number) + " is accepted already");
}

TEST_CASE("what is kept in git goes to the commit that the request names, on the target's own branch") {
    World world;
    world.add_git_package(kSource);
    world.refs.set("https://forge.test/hello", "stable", commit_of('1'));
    world.bob.create_git_package(kTarget, "https://forge.test/hello#stable");
    CHECK(refusal([&] { world.submit(); }) ==
          "submit demo/hello to stable/hello: there is nothing to submit: stable/hello has the same sources");
    world.service.set_scmsync(kSource, "https://forge.test/hello#" + commit_of('2'), "run x");
    const auto number = world.submit();
    world.bob.decide_request_by_hand(number, Decision::Accept, "");
    CHECK(world.bob.scmsync(kTarget) == "https://forge.test/hello#stable");
    CHECK(world.count("SELECT count(*) FROM bs_revisions r JOIN bs_packages k ON k.id = r.package_id "
                      "JOIN bs_projects p ON p.id = k.project_id WHERE p.name = 'stable' AND r.rev = 2 AND "
                      "r.git_commit = '" +
                      commit_of('2') + "'") == 1);
}

TEST_CASE("what does not fit is refused when it is asked for") {
    World world;
    world.add_git_package(kSource);
    world.add_file_package({"demo", "files"});
    world.service.link_package(kSource, {"demo", "link"}, "run x");
    CHECK(refusal([&] {
              world.submit({"demo", "link"});
          }) == "submit demo/link to stable/hello: demo/link is a link: submit demo/hello instead");
    world.bob.create_git_package(kTarget, "https://forge.test/hello#" + commit_of('3'));
    CHECK(refusal([&] {
              world.submit({"demo", "files"});
          }) == "submit demo/files to stable/hello: only one of demo/files and stable/hello is kept in git");
    world.bob.delete_package(kTarget);
    world.bob.create_git_package(kTarget, "https://forge.test/other#" + commit_of('3'));
    CHECK(refusal([&] { world.submit(); }) ==
          "submit demo/hello to stable/hello: stable/hello is kept in another git repository");
    world.bob.delete_package(kTarget);
    world.bob.link_package(kSource, kTarget, "run x");
    CHECK(refusal([&] { world.submit(); }) ==
          "submit demo/hello to stable/hello: stable/hello is a link, which takes no sources");
    CHECK(world.count("SELECT count(*) FROM bs_requests") == 0);
}

TEST_CASE("maintainers of the target decide, who made it or maintains the source takes it back") {
    World world;
    world.add_file_package(kSource);
    const auto number = world.submit();
    const std::string name = "request " + std::to_string(number);
    auto carl = world.service_of("carl");
    CHECK(refusal([&] { world.service.decide_request_by_hand(number, Decision::Accept, ""); }) ==
          "accept " + name + ": no permission: ann is no maintainer of stable");
    CHECK(refusal([&] { world.service.decide_request_by_hand(number, Decision::Decline, ""); }) ==
          "decline " + name + ": no permission: ann is no maintainer of stable");
    CHECK(refusal([&] { world.bob.decide_request_by_hand(number, Decision::Revoke, ""); }) ==
          "revoke " + name + ": no permission: bob neither made it nor is maintainer of demo");
    CHECK(refusal([&] { carl.revoke_request(number, ""); }) ==
          "revoke " + name + ": no permission: carl neither made it nor is maintainer of demo");
    CHECK(refusal([&] { carl.supersede_request(number, number); }) ==
          "supersede " + name + ": no permission: carl neither made it nor is maintainer of demo");
    CHECK(refusal([&] { world.service.supersede_request(number, 77); }) ==
          "supersede " + name + ": there is no other request 77 to take its place");
    CHECK(refusal([&] { world.bob.decide_request_by_hand(77, Decision::Accept, ""); }) ==
          "there is no request 77");
    CHECK(world.told().empty());
    world.bob.decide_request_by_hand(number, Decision::Decline, "not yet");
    CHECK(world.told() == std::to_string(number) + " declined stable/hello: not yet\n");
    CHECK(refusal([&] { world.bob.decide_request_by_hand(number, Decision::Accept, ""); }) ==
          name + " is declined already");
    // What was declined is still open for who wants it back.
    world.service.decide_request_by_hand(number, Decision::Revoke, "");
    CHECK(world.state_of(number) == "revoked");
}

TEST_CASE("what was hidden or locked meanwhile is not taken over") {
    World world;
    world.add_file_package(kSource);
    const auto number = world.submit();
    world.bob.set_flags({{"lock", "enable", "stable", "", "", ""}});
    CHECK(refusal([&] { world.bob.decide_request_by_hand(number, Decision::Accept, ""); }) ==
          "accept request " + std::to_string(number) + ": project stable is locked");
    world.service.set_flags({{"sourceaccess", "disable", "demo", "", "", ""}});
    CHECK(
        refusal([&] {
            world.bob.create_request({kSource, kTarget, "", "run x", {}});
        }) ==
        "submit demo/hello to stable/hello: no permission: the sources of demo/hello are for its maintainers "
        "only");
    CHECK(world.state_of(number) == "new");
}

TEST_CASE("the end of a package or project revokes what is asked about it") {
    World world;
    world.add_file_package(kSource);
    world.add_file_package({"demo", "other"});
    const auto of_package = world.submit();
    const auto of_other = world.submit({"demo", "other"});
    world.service.delete_package(kSource);
    CHECK(world.state_of(of_package) == "revoked");
    CHECK(world.state_of(of_other) == "new");
    world.bob.delete_project("stable", "closed");
    CHECK(world.state_of(of_other) == "revoked");
    CHECK(world.told() ==
          std::to_string(of_package) + " revoked stable/hello: package demo/hello was deleted\n" +
              std::to_string(of_other) + " revoked stable/hello: project stable was deleted: closed\n");
}

TEST_CASE("a source that is gone from under a request can't be accepted") {
    World world;
    world.add_file_package(kSource);
    const auto number = world.submit();
    in_transaction(world.pool,
                   [](pqxx::transaction_base& tx) { tx.exec0("UPDATE bs_requests SET source_rev = 99"); });
    CHECK(refusal([&] { world.bob.decide_request_by_hand(number, Decision::Accept, ""); }) ==
          "accept request " + std::to_string(number) + ": revision 99 of demo/hello is gone");
}

TEST_CASE("of many who decide at once one does, and the project's end waits for nobody") {
    World world;
    world.add_file_package(kSource);
    const auto number = world.submit();
    std::latch start(5);
    std::atomic<int> accepted = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            auto bob = world.service_of("bob");
            start.arrive_and_wait();
            try {
                bob.decide_request_by_hand(number, Decision::Accept, "");
                ++accepted;
            } catch (const WrongUse&) {
            } catch (const RemoteError&) {
            }
        });
    threads.emplace_back([&] {
        auto bob = world.service_of("bob");
        start.arrive_and_wait();
        bob.delete_project("stable", "");
    });
    for (std::thread& thread : threads) thread.join();
    CHECK(accepted <= 1);
    CHECK(world.state_of(number) == (accepted == 1 ? "accepted" : "revoked"));
    CHECK(world.count("SELECT count(*) FROM build_events WHERE type = 'request_state_change'") == 1);
}
