// SPDX-License-Identifier: Apache-2.0
// What the contract does not say: rights, names, history, and what a backend does with what was cut off.
#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/obs/obs_service_world.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

const PackageRef kSource{"demo", "hello"};
const PackageRef kTarget{"demo:CI", "hello"};

std::string refusal(const std::function<void()>& verb) {
    try {
        verb();
    } catch (const RemoteError& error) {
        return error.kind == RemoteError::Kind::GiveUp ? error.what() : "to be tried again";
    }
    return "done";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("nothing is written without a grant") {
    ObsServiceWorld world;
    world.add_file_package(kSource);
    world.add_file_package(kTarget);
    world.service().delete_project("demo:CI", "");
    world.forbidden = {"demo", "demo:CI", "new"};
    BuildService& service = world.service();
    const std::string before = world.backend.get("/lastnotifications").body;
    const std::vector<std::function<void()>> verbs{
        [&] {
            service.create_project({"new", "", "", ""});
        },
        [&] { service.delete_project("demo", ""); },
        [&] { service.restore_project("demo:CI"); },
        [&] {
            service.branch_package(kSource, {"new", "hello"}, {});
        },
        [&] {
            service.branch_package(kSource, {"demo", "other"}, {});
        },
        [&] {
            service.link_package(kSource, {"demo", "other"}, "run 1");
        },
        [&] { service.link_project("demo", "demo:CI"); },
        [&] { service.unlink_project("demo", "demo:CI"); },
        [&] { service.set_scmsync(kSource, "https://forge.test/x#main", "run 1"); },
        [&] { service.write_file(kSource, "a", "1", "run 1"); },
        [&] {
            service.configure_repositories("demo", {{"next", {}, {"x86_64"}, "", ""}});
        },
        [&] {
            service.set_flags({{"build", "disable", "demo", "", "", ""}});
        },
        [&] {
            service.set_flags({{"build", "disable", "demo", "hello", "", ""}});
        },
        [&] { service.rebuild_package(kSource, "run 1"); },
        [&] {
            service.run_services(kSource, {"", "run 1", "", "", ""});
        },
    };
    for (std::size_t i = 0; i < verbs.size(); ++i) {
        CAPTURE(i);
        CHECK(contains(refusal(verbs[i]), "no permission: ann has no grant for project "));
    }
    CHECK(world.backend.get("/lastnotifications").body == before);
}

TEST_CASE("branches, links, rebuilds, settings and results ask no question twice") {
    ObsServiceWorld world;
    world.add_file_package(kSource);
    world.add_file_package({"demo", "other"});
    world.add_file_package({"demo:CI", "there"});
    BuildService& service = world.service();
    const auto asked_again = [&](const std::function<void()>& verb) {
        world.transport.asked.clear();
        verb();
        std::map<std::string, int> times;
        for (const std::string& question : world.transport.asked) ++times[question];
        std::string again;
        for (const auto& [question, count] : times)
            if (count > 1) again += question + "\n";
        return again;
    };
    CHECK(asked_again([&] { service.branch_package(kSource, kTarget, {}); }).empty());
    CHECK(asked_again([&] { service.branch_package(kSource, kTarget, {}); }).empty());
    CHECK(asked_again([&] { service.link_package(kSource, {"demo:CI", "there"}, "run 1"); }).empty());
    CHECK(asked_again([&] { service.link_package(kSource, {"demo:CI", "there"}, "run 1"); }).empty());
    CHECK(asked_again([&] { service.rebuild_package(kSource, "run 1"); }).empty());
    CHECK(asked_again([&] { service.unlink_project("demo", "demo:CI"); }).empty());
    CHECK(asked_again([&] {
              service.configure_repositories("demo:CI",
                                             {{"one", {{"demo", "standard"}}, {"x86_64"}, "", ""},
                                              {"two", {{"demo", "standard"}}, {"x86_64"}, "", ""}});
          }).empty());
    CHECK(asked_again([&] { service.results("demo", {"hello", "other", "nobody"}); }).empty());
    CHECK(asked_again([&] { service.latest_events("demo", {"hello", "other", "nobody"}); }).empty());
    // What is written is read anew: a project is asked about once for all packages, a package twice.
    world.transport.asked.clear();
    service.set_flags({{"build", "disable", "demo", "hello", "", ""},
                       {"build", "disable", "demo", "other", "", ""},
                       {"publish", "disable", "demo", "other", "", ""}});
    CHECK(world.transport.asked.size() == 1 + 2 * 3);
}

TEST_CASE("what is locked takes nothing but the end of its lock") {
    ObsServiceWorld world;
    world.add_file_package(kSource);
    BuildService& service = world.service();
    service.set_flags({{"lock", "enable", "demo", "", "", ""}});
    CHECK(contains(refusal([&] { service.write_file(kSource, "a", "1", "run 1"); }), "is locked"));
    CHECK(contains(refusal([&] { service.delete_project("demo", ""); }), "is locked"));
    CHECK(contains(refusal([&] { service.rebuild_package(kSource, "run 1"); }), "is locked"));
    CHECK(contains(refusal([&] {
                       service.set_flags({{"build", "disable", "demo", "hello", "", ""}});
                   }),
                   "is locked"));
    service.set_flags({{"lock", "disable", "demo", "", "", ""}});
    CHECK(service.write_file(kSource, "a", "1", "run 1").known());
    CHECK(service.delete_project("demo", ""));
}

TEST_CASE("hidden sources are branched by whoever may change them") {
    ObsServiceWorld world;
    world.add_file_package(kSource);
    BuildService& service = world.service();
    service.set_flags({{"sourceaccess", "disable", "demo", "hello", "", ""}});
    world.forbidden = {"demo"};
    CHECK(contains(refusal([&] { service.branch_package(kSource, kTarget, {}); }), "no permission"));
    CHECK_FALSE(service.project_exists(kTarget.project));
    world.forbidden.clear();
    service.branch_package(kSource, kTarget, {});
    CHECK(service.package_exists(kTarget));
}

TEST_CASE("a project whose sources are hidden is linked by whoever may change it") {
    ObsServiceWorld world({ObsBackend::Level::Source});
    BuildService& service = world.service();
    service.create_project({"secret", "", "", ""});
    service.create_project({"open", "", "", ""});
    service.set_flags({{"sourceaccess", "disable", "secret", "", "", ""}});
    world.forbidden = {"secret"};
    CHECK(contains(refusal([&] { service.link_project("secret", "open"); }), "no permission"));
    CHECK_FALSE(contains(world.backend.get("/source/open/_meta").body, "secret"));
    world.forbidden.clear();
    service.link_project("secret", "open");
    service.create_project({"third", "", "", ""});
    service.link_project("third", "open");
    const std::string meta = world.backend.get("/source/open/_meta").body;
    CHECK(meta.find("<link project=\"secret\"") < meta.find("<link project=\"third\""));
}

TEST_CASE("a hidden package is branched through a link by whoever may change its own project") {
    ObsServiceWorld world;
    world.add_file_package(kSource);
    BuildService& service = world.service();
    service.set_flags({{"sourceaccess", "disable", "demo", "", "", ""}});
    service.create_project({"above", "", "", ""});
    service.link_project("demo", "above");
    world.forbidden = {"demo"};
    CHECK(contains(refusal([&] {
                       service.branch_package({"above", "hello"}, kTarget, {});
                   }),
                   "no permission: ann has no grant for project demo"));
    CHECK_FALSE(service.project_exists(kTarget.project));
}

TEST_CASE("a linked project's package is built again in the project that links to it") {
    ObsServiceWorld world;
    world.add_file_package(kSource);
    BuildService& service = world.service();
    service.create_project({"above", "", "", ""});
    service.configure_repositories("above", {{"next", {{"demo", "standard"}}, {"x86_64"}, "", ""}});
    service.link_project("demo", "above");
    const SourceRevision revision = service.rebuild_package({"above", "hello"}, "run 1");
    CHECK(revision.known());
    CHECK_FALSE(service.package_exists({"above", "hello"}));
    world.forbidden = {"above"};
    CHECK(contains(refusal([&] { service.rebuild_package({"above", "hello"}, "run 1"); }), "no permission"));
}

TEST_CASE("a secret project is built against by whoever may change it") {
    ObsServiceWorld world({ObsBackend::Level::Source});
    world.add_file_package(kSource);
    BuildService& service = world.service();
    service.create_project({"secret", "", "", ""});
    service.set_flags({{"access", "disable", "secret", "", "", ""}});
    const std::vector<RepositoryConfig> wanted{{"next", {{"secret", "standard"}}, {"x86_64"}, "", ""}};
    world.forbidden = {"secret"};
    CHECK(contains(refusal([&] { service.configure_repositories("demo", wanted); }), "no permission"));
    CHECK_FALSE(contains(world.backend.get("/source/demo/_meta").body, "secret"));
    world.forbidden.clear();
    service.configure_repositories("demo", wanted);
    CHECK(contains(world.backend.get("/source/demo/_meta").body, "<path project=\"secret\""));
}

TEST_CASE("a branch has the source's repositories, and its maker as maintainer") {
    ObsServiceWorld world;
    world.add_file_package(kSource);
    world.service().branch_package(kSource, kTarget, {true, "https://forge.test/pull/1"});
    const std::string meta = world.backend.get("/source/demo:CI/_meta").body;
    CHECK(contains(meta, "<url>https://forge.test/pull/1</url>"));
    CHECK(contains(meta, "<person userid=\"ann\" role=\"maintainer\" />"));
    CHECK(contains(meta, "<path project=\"demo\" repository=\"standard\" />"));
    world.service().branch_package(kSource, {"bare", "hello"}, {false, ""});
    CHECK_FALSE(contains(world.backend.get("/source/bare/_meta").body, "<repository"));
}

TEST_CASE("a branch that was cut off in the middle is made whole") {
    ObsServiceWorld world;
    world.add_file_package(kSource);
    world.backend.add_project(kTarget.project);
    world.backend.add_package(kTarget.project, kTarget.package);
    CHECK_FALSE(world.service().package_exists(kTarget));
    world.service().branch_package(kSource, kTarget, {});
    CHECK(contains(world.backend.get("/source/demo:CI/hello/_link").body, "project=\"demo\""));
}

TEST_CASE("a project comes back however soon after its deletion it is wanted again") {
    ObsServiceWorld world({ObsBackend::Level::Source});
    for (const char* name : {"a", "b", "c", "d"}) world.add_file_package({"demo", name});
    for (int round = 0; round < 10; ++round) {
        CAPTURE(round);
        REQUIRE(world.service().delete_project("demo", "closed"));
        REQUIRE(world.service().restore_project("demo"));
        REQUIRE(world.service().package_exists({"demo", "d"}));
    }
}

TEST_CASE("names and contents arrive as they are") {
    ObsServiceWorld world({ObsBackend::Level::Source});
    const PackageRef odd{"home:ann+x", "a+b.c"};
    world.service().create_project({odd.project, "a <b> & \"c\"", "d", ""});
    const std::string meta = world.backend.get("/source/home:ann%2Bx/_meta").body;
    CHECK_MESSAGE(contains(meta, "<title>a &lt;b&gt; &amp; "), meta);
    REQUIRE(world.backend
                .put("/source/home:ann%2Bx/a%2Bb.c/_meta",
                     "<package name=\"a+b.c\" project=\"home:ann+x\"><title/><description/></package>")
                .status == 200);
    CHECK(world.service().write_file(odd, "one & two?.txt", "5 < 6 & 7\n", "run 1").rev == "1");
    CHECK(world.backend.get("/source/home:ann%2Bx/a%2Bb.c/one%20%26%20two%3F.txt").body == "5 < 6 & 7\n");
    CHECK(contains(refusal([&] { world.service().write_file(odd, "../x", "", "run 1"); }),
                   "no name of a file"));
    CHECK(contains(refusal([&] { world.service().create_project({"a/b", "", "", ""}); }), "no project name"));
    CHECK(contains(refusal([&] { world.service().delete_project("..", ""); }), "no project name"));
}

TEST_CASE("who did what for which run stands in the history") {
    ObsServiceWorld world({ObsBackend::Level::Source});
    world.add_file_package(kSource);
    BuildService& service = world.service();
    service.write_file(kSource, "a", "1", "heddle run 1");
    const auto twelfth = service.write_file(kSource, "a", "2", "heddle run 12");
    const auto second = service.write_file(kSource, "a", "3", "heddle run 12 attempt 2");
    CHECK(service.revision_of_run(kSource, "heddle run 12") == twelfth);
    CHECK(service.revision_of_run(kSource, "heddle run 12 attempt 2") == second);
    CHECK_FALSE(service.revision_of_run(kSource, "heddle run 2"));
    const std::string history = world.backend.get("/source/demo/hello/_history").body;
    CHECK(contains(history, "<user>ann</user>"));
    CHECK(contains(history, "[heddle run 12]"));
}

TEST_CASE("source services are run, waited for and found again") {
    ObsServiceWorld world(
        {ObsBackend::Level::Source,
         ObsBackend::Worker::None,
         {{"stamp",
           "#!/bin/sh\nwhile [ $# -gt 0 ]; do [ \"$1\" != --outdir ] || out=$2; shift; done\n"
           "date +%N >\"$out/stamp.txt\"\n"},
          {"fails", "#!/bin/sh\necho told to fail >&2\nexit 1\n"}}});
    world.add_file_package(kSource);
    BuildService& service = world.service();
    world.backend.commit("demo", "hello", "_service", "<services><service name=\"stamp\"/></services>");
    const ServiceTrigger trigger{"Triggered by team/hello", "heddle run 7", "", "main", std::string(40, '1')};
    const ServiceRun done = service.run_services(kSource, trigger);
    CHECK(done.changed);
    CHECK(done.revision.known());
    const ServiceRun again = service.run_services(kSource, trigger);
    CHECK(again.changed);
    CHECK(again.revision == done.revision);
    CHECK(service.revision_of_run(kSource, "heddle run 7") == done.revision);

    world.backend.commit("demo", "hello", "_service", "<services><service name=\"fails\"/></services>");
    std::string why;
    try {
        service.run_services(kSource, {"", "heddle run 8", "", "main", ""});
    } catch (const RemoteError& error) {
        CHECK(error.kind == RemoteError::Kind::GiveUp);
        why = error.what();
    }
    CHECK(why.find("told to fail") != std::string::npos);
}
