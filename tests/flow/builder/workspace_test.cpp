// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/workspace.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "tests/flow/builder/sandboxed.hpp"

using namespace heddle;
using namespace heddle::test;
namespace fs = std::filesystem;

TEST_CASE("a workspace goes away, whatever the build made of it") {
    TemporaryFolder outside;
    std::ofstream(outside.path() / "kept") << "kept";
    fs::path root;
    {
        Sandboxed sandboxed;
        root = sandboxed.workspace();
        const auto end =
            sandboxed.run("ln -s " + outside.path().string() +
                          " out; ln -s / root; mkdir -p a/b; echo x > a/b/c; chmod 0 a/b/c a/b a; "
                          "touch .remove-0 .remove-1; mkdir .remove-2; touch .remove-2/x; mkfifo fifo; chmod "
                          "0 fifo .remove-2;"
                          "python3 -c 'import os\nfor i in range(3000):\n  os.mkdir(\"d\"); os.chdir(\"d\")\n"
                          "open(\"deep\", \"w\").write(\"x\")'; true");
        CHECK(end.exit_code == 0);
        CHECK(disk_used(root) == std::nullopt);
    }
    CHECK_FALSE(fs::exists(root));
    CHECK(fs::exists(outside.path() / "kept"));
}

TEST_CASE("folders nested without end are a limit") {
    Sandboxed sandboxed;
    const auto end = sandboxed.run(
        "python3 -c 'import os, time\nfor i in range(1000):\n  os.mkdir(\"d\"); "
        "os.chdir(\"d\")\ntime.sleep(60)'");
    CHECK(end.reason == "folders nested more than 200 levels deep");
}

TEST_CASE("leftovers are removed, what is in use stays") {
    TemporaryFolder folder;
    const fs::path builds = folder.path() / "builds";
    const Workspace used(builds, 1, std::nullopt);
    fs::create_directories(builds / "2-killed" / "source");
    std::ofstream(builds / "3-file") << "x";
    remove_leftover_workspaces(builds);
    CHECK(fs::exists(used.source()));
    CHECK_FALSE(fs::exists(builds / "2-killed"));
    remove_leftover_workspaces(folder.path() / "not-there");
}

TEST_CASE("a workspace that its user can't enter is refused with the folder that is closed") {
    if (::geteuid() != 0) return;
    TemporaryFolder folder;
    fs::create_directory(folder.path() / "closed");
    ::chmod((folder.path() / "closed").c_str(), 0700);
    const auto make = [&] { Workspace(folder.path() / "closed/builds", 1, Identity{64'200, 64'200, false}); };
    CHECK_THROWS_WITH_AS(
        make(), doctest::Contains((folder.path() / "closed").string().c_str()), std::runtime_error);
}
