// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "workflows/model/remote_error.hpp"
#include "workflows/ports/build_service.hpp"

// What every build service promises (workflows/ports/build_service.hpp). A suite includes this once and says
// with TEST_CASE_TEMPLATE_INVOKE which worlds it runs in. A world has:
//   BuildService& service();
//   void add_file_package(ref);      its project with repository "standard" included; it waits to be built
//   bool becomes(condition);         will it hold soon? Some services take their time
//   kHasFlavours                     is there more than one build of a package with a file _multibuild?
//   kKeepsGit                        can a package be kept in git (scmsync)? OBS 2.9 does not know that
//   kKeepsRequests                   has it requests? A backend of OBS without its frontend has none
//   void add_git_package(ref, url);  the same with a package that is; `url` ends in "#main"; where kKeepsGit

namespace heddle::contract {

inline const PackageRef kSource{"demo", "hello"};
inline const PackageRef kTarget{"demo:owner:name:PR-1", "hello"};
inline const std::string kUrl = "https://forge.test/owner/hello";
inline const std::string kCommit = "2222222222222222222222222222222222222222";

/// A case that this world can't hold says so, and the run's summary repeats it.
inline void not_checked(const char* name, const char* what) { std::printf("NOTE: %s: %s\n", name, what); }

template <class Verb>
bool gives_up(Verb&& verb) {
    try {
        verb();
    } catch (const RemoteError& error) {
        return error.kind == RemoteError::Kind::GiveUp &&
               std::string(error.what()).find(": ") != std::string::npos;
    }
    return false;
}

}  // namespace heddle::contract

TEST_CASE_TEMPLATE_DEFINE("projects are created, deleted and restored", World, contract_projects) {
    World world;
    auto& service = world.service();
    CHECK_FALSE(service.project_exists("demo"));
    CHECK_FALSE(service.delete_project("demo", ""));
    CHECK_FALSE(service.restore_project("demo"));
    service.create_project({"demo", "title", "", ""});
    service.create_project({"demo", "other title", "", ""});
    CHECK(service.project_exists("demo"));
    CHECK(service.delete_project("demo", "closed"));
    CHECK_FALSE(service.project_exists("demo"));
    CHECK(service.restore_project("demo"));
    CHECK(service.restore_project("demo"));
    CHECK(service.project_exists("demo"));
}

TEST_CASE_TEMPLATE_DEFINE("deleting takes the packages along and restoring brings them back",
                          World,
                          contract_delete_restore) {
    using namespace heddle::contract;
    World world;
    if constexpr (World::kKeepsGit)
        world.add_git_package(kSource, kUrl + "#main");
    else
        world.add_file_package(kSource);
    auto& service = world.service();
    service.delete_project("demo", "");
    CHECK_FALSE(service.package_exists(kSource));
    CHECK_FALSE(service.scmsync(kSource));
    CHECK(service.results("demo", {"hello"}).empty());
    service.restore_project("demo");
    CHECK(service.package_exists(kSource));
    if constexpr (World::kKeepsGit) CHECK(service.scmsync(kSource) == kUrl + "#main");
}

TEST_CASE_TEMPLATE_DEFINE("branching makes the target project and package, once", World, contract_branch) {
    using namespace heddle::contract;
    World world;
    world.add_file_package(kSource);
    auto& service = world.service();
    service.branch_package(kSource, kTarget, {true, "https://forge.test/pull/1"});
    CHECK(service.package_exists(kTarget));
    const auto written = service.write_file(kTarget, "_branch_request", "{}", "run 1");
    service.branch_package(kSource, kTarget, {});
    CHECK(service.write_file(kTarget, "_branch_request", "{}", "run 1") == written);
    CHECK(gives_up([&] { service.branch_package({"demo", "nobody"}, {"x", "y"}, {}); }));
    CHECK(gives_up([&] { service.branch_package({"nowhere", "hello"}, {"x", "y"}, {}); }));
    CHECK_FALSE(service.project_exists("x"));
}

TEST_CASE_TEMPLATE_DEFINE("the branch of a package in git is pointed at a commit", World, contract_scmsync) {
    using namespace heddle::contract;
    if constexpr (World::kKeepsGit) {
        World world;
        world.add_git_package(kSource, kUrl + "#main");
        auto& service = world.service();
        service.branch_package(kSource, kTarget, {});
        CHECK(service.scmsync(kTarget) == kUrl + "#main");
        const auto first = service.set_scmsync(kTarget, kUrl + "#" + kCommit, "run 1");
        CHECK(first.known());
        CHECK(service.set_scmsync(kTarget, kUrl + "#" + kCommit, "run 1") == first);
        CHECK(service.scmsync(kTarget) == kUrl + "#" + kCommit);
        const auto second = service.set_scmsync(kTarget, kUrl + "#" + kCommit, "run 2");
        CHECK(std::stoi(second.rev) > std::stoi(first.rev));
        CHECK(service.revision_of_run(kTarget, "run 1") == first);
        CHECK(service.revision_of_run(kTarget, "run 2") == second);
        CHECK_FALSE(service.revision_of_run(kTarget, "run 3"));
        CHECK_FALSE(service.revision_of_run({"no", "where"}, "run 1"));
        CHECK(gives_up([&] { service.set_scmsync({"demo", "nobody"}, kUrl + "#main", "run 1"); }));
    } else {
        World world;
        world.add_file_package(kSource);
        CHECK_FALSE(world.service().scmsync(kSource));
        CHECK(gives_up([&] { world.service().set_scmsync(kSource, kUrl + "#main", "run 1"); }));
        not_checked(World::kName, "it keeps no package in git, so pointing one at a commit was not checked");
    }
}

TEST_CASE_TEMPLATE_DEFINE("writing the same file for the same run makes one revision",
                          World,
                          contract_write) {
    using namespace heddle::contract;
    World world;
    world.add_file_package(kSource);
    auto& service = world.service();
    const auto first = service.write_file(kSource, "a", "1", "run 1");
    CHECK(service.write_file(kSource, "a", "1", "run 1") == first);
    const auto second = service.write_file(kSource, "a", "1", "run 2");
    CHECK(std::stoi(second.rev) > std::stoi(first.rev));
    CHECK(std::stoi(service.write_file(kSource, "a", "2", "run 2").rev) > std::stoi(second.rev));
    CHECK(service.revision_of_run(kSource, "run 1") == first);
    CHECK(service.revision_of_run(kSource, "run 2")->rev > second.rev);
    CHECK_FALSE(service.revision_of_run(kSource, "run 3"));
    CHECK(gives_up([&] { service.write_file({"demo", "nobody"}, "a", "1", "run 1"); }));
}

TEST_CASE_TEMPLATE_DEFINE("linking makes the package in a project that exists", World, contract_link) {
    using namespace heddle::contract;
    World world;
    world.add_file_package(kSource);
    auto& service = world.service();
    CHECK(gives_up([&] { service.link_package(kSource, kTarget, "run 1"); }));
    service.create_project({kTarget.project, "", "", ""});
    const auto revision = service.link_package(kSource, kTarget, "run 1");
    CHECK(service.package_exists(kTarget));
    CHECK(service.link_package(kSource, kTarget, "run 1") == revision);
    CHECK_FALSE(service.scmsync(kTarget));
    CHECK(gives_up([&] { service.link_package({"demo", "nobody"}, kTarget, "run 1"); }));
}

TEST_CASE_TEMPLATE_DEFINE("projects are linked and unlinked, never in a circle",
                          World,
                          contract_link_project) {
    using namespace heddle::contract;
    World world;
    auto& service = world.service();
    for (const char* name : {"one", "two", "three"}) service.create_project({name, "", "", ""});
    CHECK_FALSE(service.unlink_project("one", "two"));
    service.link_project("one", "two");
    service.link_project("one", "two");
    service.link_project("two", "three");
    CHECK(gives_up([&] { service.link_project("three", "one"); }));
    CHECK(gives_up([&] { service.link_project("one", "one"); }));
    CHECK(gives_up([&] { service.link_project("nowhere", "one"); }));
    CHECK(gives_up([&] { service.link_project("one", "nowhere"); }));
    CHECK_FALSE(service.unlink_project("one", "nowhere"));
    CHECK_FALSE(service.unlink_project("one", "three"));
    CHECK(service.unlink_project("one", "two"));
    CHECK_FALSE(service.unlink_project("one", "two"));
    service.link_project("three", "one");
    service.delete_project("three", "");
    CHECK(service.unlink_project("three", "one"));
}

TEST_CASE_TEMPLATE_DEFINE("a linked project's package is branched into the project that links to it",
                          World,
                          contract_branch_by_link) {
    using namespace heddle::contract;
    World world;
    world.add_file_package(kSource);
    auto& service = world.service();
    service.create_project({"above", "", "", ""});
    service.link_project("demo", "above");
    CHECK_FALSE(service.package_exists({"above", "hello"}));
    service.branch_package({"above", "hello"}, {"aside", "hello"}, {});
    CHECK(service.package_exists({"aside", "hello"}));
    service.branch_package(kSource, {"above", "hello"}, {});
    CHECK(service.package_exists({"above", "hello"}));
    const auto made = service.write_file({"above", "hello"}, "a", "1", "run 1");
    CHECK(service.revision_of_run({"above", "hello"}, "run 1") == made);
    CHECK_FALSE(service.revision_of_run(kSource, "run 1"));
}

TEST_CASE_TEMPLATE_DEFINE("a request is made once for a run, and ends once", World, contract_requests) {
    using namespace heddle::contract;
    World world;
    world.add_file_package(kSource);
    auto& service = world.service();
    service.create_project({"stable", "", "", ""});
    const heddle::PackageRef target{"stable", "hello"};
    if constexpr (World::kKeepsRequests) {
        const heddle::Request first =
            service.create_request({kSource, target, "Take <it> & more", "run 1", {}});
        CHECK(first.number > 0);
        CHECK(first.state == "new");
        CHECK(service.create_request({kSource, target, "", "run 1", {}}).number == first.number);
        CHECK(service.create_request({kSource, target, "", "run 2", {first.number}}).number == first.number);
        const heddle::Request second = service.create_request({kSource, target, "", "run 3", {}});
        CHECK(second.number != first.number);
        CHECK(service.supersede_request(first.number, second.number));
        CHECK_FALSE(service.supersede_request(first.number, second.number));
        CHECK(service.find_request(first.number)->state == "superseded");
        CHECK(service.create_request({kSource, target, "", "run 4", {first.number}}).number != first.number);
        service.write_file(kSource, "a", "2", "run 5");
        CHECK(service.create_request({kSource, target, "", "run 5", {second.number}}).number !=
              second.number);
        CHECK(service.revoke_request(second.number, "closed"));
        CHECK_FALSE(service.revoke_request(second.number, "closed"));
        CHECK(service.find_request(second.number)->state == "revoked");
        CHECK(service.find_request(second.number)->comment == "closed");
        CHECK_FALSE(service.find_request(999'999));
        CHECK_FALSE(service.revoke_request(999'999, ""));
        CHECK(gives_up([&] { service.create_request({{"demo", "nobody"}, target, "", "run 6", {}}); }));
        CHECK(gives_up([&] { service.create_request({kSource, {"nowhere", "hello"}, "", "run 6", {}}); }));
    } else {
        CHECK(gives_up([&] { service.create_request({kSource, target, "", "run 1", {}}); }));
        CHECK(gives_up([&] { service.find_request(1); }));
        CHECK(gives_up([&] { service.supersede_request(1, 2); }));
        CHECK(gives_up([&] { service.revoke_request(1, ""); }));
        not_checked(World::kName, "it keeps no requests, so only that it says so was checked");
    }
}

TEST_CASE_TEMPLATE_DEFINE("settings need what they are for", World, contract_settings) {
    using namespace heddle::contract;
    World world;
    world.add_file_package(kSource);
    auto& service = world.service();
    service.configure_repositories("demo", {{"next", {{"local", "local"}}, {"x86_64"}, "direct", "all"}});
    service.configure_repositories("demo", {{"next", {{"local", "local"}}, {"x86_64"}, "direct", "all"}});
    service.set_flags({{"publish", "disable", "demo", "hello", "", ""}});
    service.set_flags({{"publish", "disable", "demo", "hello", "", ""}});
    CHECK(gives_up([&] { service.configure_repositories("nowhere", {}); }));
    CHECK(gives_up([&] { service.set_flags({{"publish", "disable", "nowhere", "", "", ""}}); }));
    CHECK(gives_up([&] { service.set_flags({{"publish", "disable", "demo", "nobody", "", ""}}); }));
}

TEST_CASE_TEMPLATE_DEFINE("a rebuild names the revision that is built", World, contract_rebuild) {
    using namespace heddle::contract;
    World world;
    world.add_file_package(kSource);
    auto& service = world.service();
    const auto written = service.write_file(kSource, "a", "1", "run 1");
    CHECK(service.rebuild_package(kSource, "run 2") == written);
    CHECK(gives_up([&] { service.rebuild_package({"demo", "nobody"}, "run 1"); }));
}

TEST_CASE_TEMPLATE_DEFINE("services are refused where there are none", World, contract_services) {
    using namespace heddle::contract;
    World world;
    world.add_file_package(kSource);
    auto& service = world.service();
    CHECK(gives_up([&] { service.run_services(kSource, {"", "run 1", kUrl, "main", kCommit}); }));
    CHECK(gives_up([&] { service.run_services({"demo", "nobody"}, {"", "run 1", kUrl, "main", kCommit}); }));
}

TEST_CASE_TEMPLATE_DEFINE("the results of many packages are one answer", World, contract_results) {
    using namespace heddle::contract;
    World world;
    for (const char* name : {"hello", "locked", "many", "other"}) world.add_file_package({"demo", name});
    auto& service = world.service();
    service.write_file(
        {"demo", "many"}, "_multibuild", "<multibuild><package>one</package></multibuild>", "run 1");
    service.set_flags({{"lock", "enable", "demo", "locked", "", ""}});
    const auto told = [&](const std::vector<std::string>& packages) {
        std::vector<std::string> lines;
        for (const auto& [package, results] : service.results("demo", packages))
            for (const auto& result : results)
                lines.push_back(package + (result.flavour.empty() ? "" : ":" + result.flavour) + " " +
                                std::string(heddle::to_string(result.state)));
        std::sort(lines.begin(), lines.end());
        return lines;
    };
    std::vector<std::string> expected{"hello scheduled", "locked disabled", "many scheduled"};
    if constexpr (World::kHasFlavours) expected.push_back("many:one scheduled");
    CHECK(world.becomes([&] { return told({"hello", "nobody", "many", "locked"}) == expected; }));
    CHECK(told({"nobody"}).empty());
    CHECK(told({}).empty());
    CHECK(service.results("nowhere", {"hello"}).empty());
}

TEST_CASE_TEMPLATE_DEFINE("what is gone is told to who missed it", World, contract_latest_events) {
    using namespace heddle::contract;
    World world;
    world.add_file_package(kSource);
    auto& service = world.service();
    const auto type_of = [&](const std::string& project, const std::string& package) {
        const auto events = service.latest_events(project, {package});
        return events.size() == 1
                   ? std::string(heddle::to_string(events[0].type)) + " " + to_string(events[0].package)
                   : std::to_string(events.size()) + " events";
    };
    CHECK(type_of("demo", "nobody") == "package_deleted demo/nobody");
    CHECK(type_of("nowhere", "hello") == "project_deleted nowhere/");
    service.delete_project("demo", "");
    CHECK(type_of("demo", "hello") == "project_deleted demo/");
}

#define HEDDLE_BUILD_SERVICE_CONTRACT(...)                           \
    TEST_CASE_TEMPLATE_INVOKE(contract_projects, __VA_ARGS__);       \
    TEST_CASE_TEMPLATE_INVOKE(contract_delete_restore, __VA_ARGS__); \
    TEST_CASE_TEMPLATE_INVOKE(contract_branch, __VA_ARGS__);         \
    TEST_CASE_TEMPLATE_INVOKE(contract_scmsync, __VA_ARGS__);        \
    TEST_CASE_TEMPLATE_INVOKE(contract_write, __VA_ARGS__);          \
    TEST_CASE_TEMPLATE_INVOKE(contract_link, __VA_ARGS__);           \
    TEST_CASE_TEMPLATE_INVOKE(contract_link_project, __VA_ARGS__);   \
    TEST_CASE_TEMPLATE_INVOKE(contract_branch_by_link, __VA_ARGS__); \
    TEST_CASE_TEMPLATE_INVOKE(contract_requests, __VA_ARGS__);       \
    TEST_CASE_TEMPLATE_INVOKE(contract_settings, __VA_ARGS__);       \
    TEST_CASE_TEMPLATE_INVOKE(contract_rebuild, __VA_ARGS__);        \
    TEST_CASE_TEMPLATE_INVOKE(contract_services, __VA_ARGS__);       \
    TEST_CASE_TEMPLATE_INVOKE(contract_results, __VA_ARGS__);        \
    TEST_CASE_TEMPLATE_INVOKE(contract_latest_events, __VA_ARGS__)
