// SPDX-License-Identifier: Apache-2.0
// `heddle try` on each kind of source: what a maintainer sees.
#include <doctest/doctest.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>

#include "tests/flow/try_world.hpp"

using namespace heddle::test;

namespace {

const std::string kStarted = "OBS SCM/CI Workflow Integration started";

std::string build_context(const std::string& package) {
    utsname host{};
    ::uname(&host);
    return "OBS: " + package + " - local/" + host.machine;
}

const std::string kMakefile = "all:\n\tcp greeting built\n\ncheck: all\n\tgrep -q hello built\n";

}  // namespace

TEST_CASE("a good Makefile project ends with exit 0 and success notes on the head commit") {
    TryWorld world;
    world.base(
        {{".obs/workflows.yml", workflow_for({"hello"})}, {"Makefile", kMakefile}, {"greeting", "hello\n"}});
    world.head({{"greeting", "hello again\n"}});
    const Ended ended = world.try_change();
    CHECK_MESSAGE(ended.exit_code == 0, ended.out << ended.err);
    const auto statuses = world.statuses();
    CHECK(statuses.at(kStarted) == "success");
    CHECK(statuses.at(build_context("hello")) == "success");
    CHECK(statuses.size() == 2);
    CHECK_THROWS(world.statuses("main"));
}

TEST_CASE(
    "a failing test in the head ends with exit 1, the log's last lines and failure notes on the head "
    "commit") {
    TryWorld world;
    world.base(
        {{".obs/workflows.yml", workflow_for({"hello"})}, {"Makefile", kMakefile}, {"greeting", "hello\n"}});
    world.head({{"greeting", "good bye\n"}, {"Makefile", kMakefile + "\techo unreachable\n"}});
    const Ended ended = world.try_change();
    CHECK(ended.exit_code == 1);
    CHECK_MESSAGE(ended.out.find("grep -q hello built") != std::string::npos, ended.out);
    const auto statuses = world.statuses();
    CHECK(statuses.at(kStarted) == "success");
    CHECK(statuses.at(build_context("hello")) == "failure");
}

TEST_CASE("a spec file is built by rpmbuild, a missing Source0 being made of the commit") {
    TryWorld world;
    const std::string spec =
        "Name: hello\nVersion: 1.0\nRelease: 1\nSummary: Says hello\nLicense: Apache-2.0\nSource0: "
        "hello-1.0.tar.gz\n"
        "BuildArch: noarch\n%description\nSays hello.\n%prep\n%setup -q\n%build\ngrep -q hello greeting\n"
        "%install\nmkdir -p %{buildroot}/usr/share/hello\ncp greeting %{buildroot}/usr/share/hello/\n"
        "%files\n/usr/share/hello/greeting\n";
    world.base(
        {{".obs/workflows.yml", workflow_for({"hello"})}, {"hello.spec", spec}, {"greeting", "hello\n"}});
    world.head({{"greeting", "hello again\n"}});
    const Ended ended = world.try_change();
    CHECK_MESSAGE(ended.exit_code == 0, ended.out << ended.err);
    CHECK(world.statuses().at(build_context("hello")) == "success");
}

TEST_CASE("a debian folder is built by dpkg-buildpackage") {
    TryWorld world;
    const std::string control =
        "Source: hello\nSection: misc\nPriority: optional\nMaintainer: Ada Author <ada@example.org>\n"
        "Build-Depends: debhelper-compat (= 13)\nStandards-Version: 4.6.2\n\nPackage: hello\nArchitecture: "
        "all\n"
        "Description: says hello\n It says hello.\n";
    const std::string changelog =
        "hello (1.0) unstable; urgency=medium\n\n  * First.\n\n -- Ada Author <ada@example.org>  Tue, 14 Nov "
        "2023 22:13:20 +0000\n";
    world.base({{".obs/workflows.yml", workflow_for({"hello"})},
                {"debian/control", control},
                {"debian/changelog", changelog},
                {"debian/source/format", "3.0 (native)\n"},
                {"debian/install", "greeting usr/share/hello\n"},
                {"debian/rules", "#!/usr/bin/make -f\n%:\n\tdh $@\n"},
                {"greeting", "hello\n"}},
               {"debian/rules"});
    world.head({{"greeting", "hello again\n"}});
    const Ended ended = world.try_change();
    CHECK_MESSAGE(ended.exit_code == 0, ended.out << ended.err);
    CHECK(world.statuses().at(build_context("hello")) == "success");
}

TEST_CASE(".obs/build comes before every other recipe") {
    TryWorld world;
    world.base({{".obs/workflows.yml", workflow_for({"hello"})},
                {".obs/build", "#!/bin/sh\ntest -f greeting && echo built by hand\n"},
                {"Makefile", "all:\n\tfalse\n"},
                {"greeting", "hello\n"}},
               {".obs/build"});
    world.head({{"greeting", "hello again\n"}});
    const Ended ended = world.try_change();
    CHECK_MESSAGE(ended.exit_code == 0, ended.out << ended.err);
    CHECK(world.statuses().at(build_context("hello")) == "success");
}

TEST_CASE("a package without a recipe is broken and says so") {
    TryWorld world;
    world.base({{".obs/workflows.yml", workflow_for({"hello"})}, {"greeting", "hello\n"}});
    world.head({{"greeting", "hello again\n"}});
    const Ended ended = world.try_change();
    CHECK(ended.exit_code == 1);
    CHECK(world.statuses().at(build_context("hello")) == "failure");
    CHECK_MESSAGE(ended.out.find("recipe") != std::string::npos, ended.out);
}

TEST_CASE("a rebuild that a waiting build answers shows that build's end and log") {
    TryWorld world;
    world.base({{".obs/workflows.yml",
                 "ci:\n  steps:\n"
                 "    - branch_package:\n        source_project: demo\n        source_package: hello\n"
                 "        target_project: home:me\n"
                 "    - link_package:\n        source_project: demo\n        source_package: hello\n"
                 "        target_project: home:me\n        target_package: linked\n"
                 "    - rebuild_package:\n        project: demo\n        package: hello\n"},
                {"Makefile", "all:\n\t@test $$HEDDLE_PROJECT != demo || { echo not in demo; exit 1; }\n"}});
    world.head({{"a", "b"}});
    const Ended ended = world.try_change();
    CHECK(ended.exit_code == 1);
    CHECK_MESSAGE(ended.out.find("build demo/hello local/") != std::string::npos, ended.out);
    CHECK_MESSAGE(ended.out.find("\n    not in demo\n") != std::string::npos, ended.out);
}

TEST_CASE("a pushed tag is built to the end, and a failing build is shown with exit 1") {
    TryWorld world;
    world.base({{".obs/workflows.yml",
                 "release:\n  steps:\n"
                 "    - branch_package:\n        source_project: demo\n        source_package: hello\n"
                 "        target_project: demo:Release\n"
                 "    - rebuild_package:\n        project: demo\n        package: other\n"
                 "  filters:\n    event: tag_push\n"},
                {"Makefile", "all:\n\t@test $$HEDDLE_PACKAGE != other || { echo not other; exit 1; }\n"}});
    world.repository.git({"tag", "v1"});
    const Ended ended = world.heddle({"try", world.repository.path(), "--event", "tag_push:v1"});
    CHECK(ended.exit_code == 1);
    CHECK_MESSAGE(ended.out.find("build demo:Release/hello-v1 ") != std::string::npos, ended.out);
    CHECK_MESSAGE(ended.out.find(": succeeded after ") != std::string::npos, ended.out);
    CHECK_MESSAGE(ended.out.find("build demo/other local/") != std::string::npos, ended.out);
    CHECK_MESSAGE(ended.out.find("\n    not other\n") != std::string::npos, ended.out);
}

TEST_CASE("a pushed tag that this machine could not build is no good end, and no commit is blamed") {
    TryWorld world;
    world.base({{".obs/workflows.yml",
                 "release:\n  steps:\n"
                 "    - branch_package:\n        source_project: demo\n        source_package: hello\n"
                 "        target_project: demo:Release\n"
                 "  filters:\n    event: tag_push\n"},
                {"Makefile", "all:\n\ttrue\n"}});
    world.repository.git({"tag", "v1"});
    TemporaryFolder data;
    std::filesystem::permissions(data.path(), std::filesystem::perms(0755));
    std::ofstream(data.path() / "builds") << "no folder";
    RunOptions options = world.options();
    options.environment["HEDDLE_DATA_DIR"] = data.path();
    const Ended ended =
        run({heddle_program(), "try", world.repository.path(), "--event", "tag_push:v1"}, options);
    CHECK_MESSAGE(ended.exit_code == 1, ended.out);
    CHECK_MESSAGE(ended.out.find(": withdrawn after ") != std::string::npos, ended.out);
    CHECK_MESSAGE(ended.out.find("/builds: Not a directory") != std::string::npos, ended.out);
    CHECK_MESSAGE(ended.out.ends_with("\nfailed\n"), ended.out);
}

TEST_CASE("without a sandbox a try warns, and no commit is blamed") {
    TryWorld world;
    world.base({{".obs/workflows.yml", workflow_for({"hello"})}, {"Makefile", "all:\n\ttrue\n"}});
    world.head({{"a", "b"}});
    const std::vector<std::string> command{
        heddle_program(), "try", world.repository.path(), "--base", "main", "--head", "change"};
    RunOptions options = world.options();
    if (::geteuid() == 0) {
        options.environment["HEDDLE_BUILDER_FIRST_UID"] = "65534";  // of nobody, who exists
        const Ended refused = run(command, options);
        CHECK(refused.exit_code == 1);
        CHECK_MESSAGE(refused.out.find("warning: nothing can be built here: ") != std::string::npos,
                      refused.out);
        CHECK(world.statuses().at(build_context("hello")) == "error");
        options.environment.erase("HEDDLE_BUILDER_FIRST_UID");
    }
    options.environment["HEDDLE_BUILDER_SANDBOX"] = "none";
    const Ended bare = run(command, options);
    CHECK_MESSAGE(
        bare.out.find("warning: builds see the whole machine (builder.sandbox: none)") != std::string::npos,
        bare.out);
    CHECK_MESSAGE(bare.exit_code == 0, bare.out << bare.err);
    CHECK(world.statuses().at(build_context("hello")) == "success");
}
