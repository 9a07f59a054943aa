// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "app/build_service/embedded/source_url.hpp"
#include "tests/postgres/app/build_service/service_world.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::testing;

namespace {

const PackageRef kHello{"demo", "hello"};
const std::string kUrl = "https://forge.test/hello";

BuildSources claimed_sources(ServiceWorld& world, const TestWorker& worker) {
    world.make_everything_due();
    const auto build = world.claim(worker);
    REQUIRE(build);
    auto sources = in_transaction(world.pool, [&](auto& tx) { return sources_of_build(tx, build->id); });
    world.finish(*build, BuildState::Succeeded);
    return sources;
}

Lines names_of(const BuildSources& sources) {
    Lines names;
    for (const SourceFile& file : sources.files)
        names.push_back(file.name + (file.executable ? "*" : "") + "=" + file.content);
    return names;
}

ServiceTrigger a_trigger(const std::string& branch, char digit, const std::string& run = "run 1") {
    return {"a push", run, kUrl + ".git", branch, commit_of(digit)};
}

}  // namespace

TEST_CASE("a git URL is taken apart at the last # and the first ?") {
    const SourceUrl url = parse_source_url("https://forge/owner/name.git?subdir=a/b&x=1#v1.0");
    CHECK(url.repository == "https://forge/owner/name.git");
    CHECK(url.subdir == "a/b");
    CHECK(url.fragment == "v1.0");
    CHECK(url.without_fragment() == "https://forge/owner/name.git?subdir=a/b&x=1");
    CHECK(parse_source_url("/srv/what?/c#/repo#main").repository == "/srv/what?/c#/repo");
}

TEST_CASE("URLs that could be options, programs or paths out of the repository are refused") {
    const auto refused = [](const std::string& url) {
        return !why_refused_source(parse_source_url(url)).empty();
    };
    CHECK(refused(""));
    CHECK(refused("--upload-pack=x"));
    CHECK(refused("ext::sh -c date"));
    CHECK(refused("https://forge/a#-x"));
    CHECK(refused("https://forge/a\n#b"));
    CHECK(refused("https://forge/a?subdir=../../etc"));
    CHECK(refused("https://forge/a?subdir=/etc"));
    CHECK_FALSE(refused("git@forge:owner/name.git#main"));
    CHECK_FALSE(refused("https://[::1]:3000/a"));
    CHECK(is_local_source(parse_source_url("/srv/git/a")));
    CHECK(is_local_source(parse_source_url("file:///srv/git/a")));
    CHECK_FALSE(is_local_source(parse_source_url("git@forge:owner/name.git")));
    CHECK(same_repository("https://Forge.test/a/b.git", "https://forge.test/a/b/#main"));
    CHECK_FALSE(same_repository("https://forge.test/a/b", "https://forge.test/a/B"));
}

TEST_CASE("the same sources for the same run are one revision, for a new run another") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    const auto first = world.service.set_scmsync(kHello, kUrl + "#" + commit_of('2'), "run 1");
    CHECK(world.service.set_scmsync(kHello, kUrl + "#" + commit_of('2'), "run 1") == first);
    const auto second = world.service.set_scmsync(kHello, kUrl + "#" + commit_of('2'), "run 2");
    CHECK(first.rev == "2");
    CHECK(second.rev == "3");
    CHECK(first.srcmd5 == second.srcmd5);
    CHECK(world.service.revision_of_run(kHello, "run 1") == first);
    CHECK(world.service.revision_of_run(kHello, "run 2") == second);
    CHECK_FALSE(world.service.revision_of_run(kHello, ""));
}

TEST_CASE("a full commit is taken as it is, everything else is asked for") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    world.service.set_scmsync(kHello, kUrl + "#" + commit_of('2'), "run 1");
    CHECK(world.refs.asked() == Lines{kUrl + " main"});
    CHECK_THROWS_AS(world.service.set_scmsync(kHello, kUrl + "#gone", "run 2"), RemoteError);
    CHECK(world.service.scmsync(kHello) == kUrl + "#" + commit_of('2'));
}

TEST_CASE("a step can't point a package at a repository of this machine") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    CHECK_THROWS_AS(world.service.set_scmsync(kHello, "file:///etc#main", "run 1"), RemoteError);
    CHECK_THROWS_AS(world.service.set_scmsync(kHello, "/etc#main", "run 1"), RemoteError);
    world.refs.set("/srv/git/own", "main", commit_of('1'));
    world.service.create_git_package({"demo", "own"}, "/srv/git/own#main");
    CHECK(world.service.set_scmsync({"demo", "own"}, "/srv/git/own#" + commit_of('2'), "run 1").rev == "2");
}

TEST_CASE("a build gets the commit of its revision and the folder in it") {
    ServiceWorld world;
    world.add_project();
    world.refs.set(kUrl, "main", commit_of('1'));
    world.service.create_git_package(kHello, kUrl + "?subdir=pkg#main");
    const TestWorker worker(world.db.url());
    const BuildSources sources = claimed_sources(world, worker);
    CHECK(sources.git_url == kUrl);
    CHECK(sources.git_commit == commit_of('1'));
    CHECK(sources.subdir == "pkg");
    CHECK(sources.files.empty());
}

TEST_CASE("files come back byte for byte") {
    ServiceWorld world;
    world.add_project();
    const std::string bytes("\0\xff\r\n", 4);
    world.service.create_file_package(kHello, {{"bin/tool", bytes, true}, {"a", bytes, false}});
    world.service.write_file(kHello, "bin/tool", "new", "run 1");
    const TestWorker worker(world.db.url());
    CHECK(names_of(claimed_sources(world, worker)) == Lines{"a=" + bytes, "bin/tool*=new"});
    CHECK(world.count("SELECT count(*) FROM bs_blobs") == 2);
}

TEST_CASE("a branch has the sources, the kind and the flags of its source") {
    ServiceWorld world;
    world.add_project();
    world.add_file_package(kHello);
    world.add_git_package({"demo", "tool"});
    world.service.set_flags({{"publish", "disable", "demo", "", "", ""},
                             {"build", "disable", "demo", "tool", "", ""},
                             {"debuginfo", "enable", "demo", "tool", "", ""}});
    const std::string project = "demo:o:r:PR-1";
    world.service.branch_package(kHello, {project, "hello"}, {true, "https://forge.test/pull/1"});
    world.service.branch_package({"demo", "tool"}, {project, "tool-x"}, {});
    CHECK(world.service.scmsync({project, "tool-x"}) == "https://forge.test/tool#main");
    CHECK_FALSE(world.service.scmsync({project, "hello"}));
    CHECK(world.count("SELECT count(*) FROM bs_projects WHERE url = 'https://forge.test/pull/1'") == 1);
    CHECK(world.count("SELECT count(*) FROM bs_repository_paths WHERE project = 'demo' "
                      "AND repository = 'standard'") == 1);
    CHECK(world.count("SELECT count(*) FROM bs_flags") == 5);
    const TestWorker worker(world.db.url());
    const Lines kFiles{"Makefile=all:\n\ttrue\n", "run*=#!/bin/sh\n"};
    CHECK(names_of(claimed_sources(world, worker)) == kFiles);
    CHECK(names_of(claimed_sources(world, worker)) == kFiles);
    CHECK(world.results({project, "tool-x"}) == Lines{"standard/x86_64 scheduled r1"});
}

TEST_CASE("a branch into a present project, or one that wants none, gets no repositories") {
    ServiceWorld world;
    world.add_project();
    world.add_file_package(kHello);
    world.service.create_project({"there", "", "", ""});
    world.service.branch_package(kHello, {"there", "hello"}, {});
    world.service.branch_package(kHello, {"bare", "hello"}, {false, ""});
    CHECK(world.count("SELECT count(*) FROM bs_repositories") == 1);
    CHECK(world.builds({"bare", "hello"}).empty());
}

TEST_CASE("a link builds the sources of its package, and again when these change") {
    ServiceWorld world;
    world.add_project();
    world.add_file_package(kHello);
    world.add_project("other");
    const PackageRef link{"other", "linked"};
    const auto revision = world.service.link_package(kHello, link, "run 1");
    CHECK(world.service.link_package(kHello, link, "run 1") == revision);
    const TestWorker worker(world.db.url());
    claimed_sources(world, worker);  // demo/hello itself
    CHECK(names_of(claimed_sources(world, worker)).size() == 2);
    world.service.write_file(kHello, "new", "x", "");
    CHECK(world.builds(link) == Lines{"r1 standard/x86_64 succeeded", "r1 standard/x86_64 scheduled"});
    claimed_sources(world, worker);
    CHECK(names_of(claimed_sources(world, worker)).size() == 3);
    CHECK(world.count("SELECT count(*) FROM build_events WHERE project = 'other' AND rev <> '1'") == 0);
}

TEST_CASE("a link whose package is gone is broken and says which") {
    ServiceWorld world;
    world.add_project();
    world.add_file_package(kHello);
    world.add_project("other");
    world.service.link_package(kHello, {"other", "linked"}, "run 1");
    world.service.link_package({"other", "linked"}, {"other", "further"}, "run 1");
    world.service.delete_package(kHello);
    world.service.rebuild_package({"other", "further"}, "run 2");
    CHECK(world.results({"other", "further"}) ==
          Lines{"standard/x86_64 broken r1: the linked package demo/hello does not exist"});
    CHECK_THROWS_AS(world.service.link_package(kHello, {"other", "new"}, "run 2"), RemoteError);
    CHECK_THROWS_WITH_AS(world.service.link_package({"other", "further"}, {"other", "linked"}, "run 2"),
                         "link other/further to other/linked: the links would run in a circle",
                         RemoteError);
}

TEST_CASE("own files of a link lie over those of its package") {
    ServiceWorld world;
    world.add_project();
    world.add_file_package(kHello);
    world.add_project("other");
    world.service.set_flags({{"build", "disable", "demo", "", "", ""}});
    world.service.link_package(kHello, {"other", "linked"}, "run 1");
    world.service.write_file({"other", "linked"}, "Makefile", "mine", "run 1");
    const TestWorker worker(world.db.url());
    CHECK(names_of(claimed_sources(world, worker)) == Lines{"Makefile=mine", "run*=#!/bin/sh\n"});
}

TEST_CASE("services build exactly the commit that was pushed to the tracked branch") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    const ServiceRun run = world.service.run_services(kHello, a_trigger("main", '5'));
    CHECK(run.changed);
    CHECK(run.message.empty());
    CHECK(run.revision.rev == "2");
    const ServiceRun repeated = world.service.run_services(kHello, a_trigger("main", '5'));
    CHECK(repeated.changed);
    CHECK(repeated.revision == run.revision);
    const TestWorker worker(world.db.url());
    CHECK(claimed_sources(world, worker).git_commit == commit_of('5'));
    CHECK(world.service.scmsync(kHello) == kUrl + "#main");
}

TEST_CASE("a push elsewhere builds the head of the tracked branch and says so") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    CHECK_FALSE(world.service.run_services(kHello, a_trigger("feature", '5')).changed);
    world.refs.set(kUrl, "main", commit_of('2'));
    const ServiceRun run = world.service.run_services(kHello, a_trigger("feature", '5', "run 2"));
    CHECK(run.changed);
    CHECK(run.message ==
          "built commit 222222222222, the head of main that the package tracks, not 555555555555");
    ServiceTrigger foreign = a_trigger("main", '6', "run 3");
    foreign.clone_url = "https://forge.test/fork";
    const ServiceRun unchanged = world.service.run_services(kHello, foreign);
    CHECK_FALSE(unchanged.changed);
    CHECK(unchanged.revision == run.revision);
    CHECK(unchanged.message == "nothing changed: commit 222222222222 is what demo/hello is at already");
}

TEST_CASE("a package without a revision tracks the default branch") {
    ServiceWorld world;
    world.add_project();
    world.refs.set(kUrl, "", commit_of('1'));
    world.refs.set(kUrl, "refs/heads/trunk", commit_of('1'));
    world.refs.set(kUrl, "refs/heads/side", commit_of('7'));
    world.service.create_git_package(kHello, kUrl);
    CHECK(world.service.run_services(kHello, a_trigger("trunk", '2')).revision.rev == "2");
    CHECK_FALSE(world.service.run_services(kHello, a_trigger("gone", '3', "run 2")).message.empty());
    CHECK(world.service.run_services(kHello, a_trigger("side", '7', "run 3")).changed == false);
}

TEST_CASE("a package of files has no services") {
    ServiceWorld world;
    world.add_project();
    world.add_file_package(kHello);
    CHECK_THROWS_WITH_AS(
        world.service.run_services(kHello, a_trigger("main", '1')),
        "run the services of demo/hello: demo/hello has no source services: it is not kept in git",
        RemoteError);
}

TEST_CASE("creating a package again changes nothing, with other sources it is refused") {
    ServiceWorld world;
    world.add_project();
    world.add_git_package(kHello);
    world.add_git_package(kHello);
    world.add_file_package({"demo", "files"});
    world.add_file_package({"demo", "files"});
    CHECK(world.count("SELECT count(*) FROM bs_revisions") == 2);
    CHECK_THROWS_WITH_AS(world.add_file_package(kHello),
                         "create package demo/hello: package demo/hello exists already, with other sources",
                         RemoteError);
}
