// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "tests/flow/builder/build_world.hpp"
#include "tests/flow/builder/sandboxed.hpp"
#include "tests/support/program.hpp"

using namespace heddle;
using namespace heddle::test;
namespace fs = std::filesystem;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

fs::path beside_this_program(const std::string& name) {
    return fs::read_symlink("/proc/self/exe").parent_path() / name;
}

/// The kernel ends the tree; nobody can be asked when it has.
bool gone_soon(const std::string& command) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (Sandboxed::processes_with(command) > 0 && std::chrono::steady_clock::now() < deadline)
        ::poll(nullptr, 0, 10);
    return Sandboxed::processes_with(command) == 0;
}

constexpr const char* kScript = "echo begun; setsid sleep 4905 & while [ ! -e /tmp/go ]; do sleep 0.05; done";

}  // namespace

TEST_CASE("a killed builder takes its build's processes along, and another one builds it again") {
    BuildWorld world;
    Program program({beside_this_program("builder_program"), world.url(), world.folder() / "data"});
    const auto id = world.build_script(kScript);
    world.wait_until(id, [](const EndedBuild& build) { return contains(build.log, "begun\n"); });
    CHECK(Sandboxed::processes_with("sleep 4905") > 0);

    program.signal(SIGKILL);
    program.wait();
    CHECK(gone_soon("sleep 4905"));
    CHECK_FALSE(fs::is_empty(world.builds()));

    world.start_builder();
    const auto again = [](const EndedBuild& build) {
        return contains(build.log, "[heddle] try 2: the builder of the one before died") &&
               contains(build.log, "begun\n");
    };
    const EndedBuild second = world.wait_until(id, again);
    CHECK(second.log.starts_with("[heddle] try 2"));
    CHECK(second.tries == 2);
    CHECK(std::distance(fs::directory_iterator(world.builds()), {}) == 1);
    for (const auto& entry : fs::directory_iterator(world.builds()))
        std::ofstream(entry.path() / "tmp/go") << "x";
    const EndedBuild ended = world.ended(id);
    CHECK(ended.state == "succeeded");
    CHECK(ended.event == "build_success");
}

TEST_CASE("a builder that is told to end gives its build back within ten seconds") {
    BuildWorld world;
    RunOptions options;
    options.deadline = std::chrono::seconds(60);
    Program program({beside_this_program("builder_program"), world.url(), world.folder() / "data"}, options);
    const auto id = world.build_script(kScript);
    world.wait_until(id, [](const EndedBuild& build) { return contains(build.log, "begun\n"); });
    const auto before = std::chrono::steady_clock::now();
    program.signal(SIGTERM);
    CHECK(program.wait().exit_code == 0);
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(10));
    CHECK(world.look(id).state == "scheduled");
    CHECK(world.look(id).tries == 0);
    CHECK(Sandboxed::processes_with("sleep 4905") == 0);
    CHECK(fs::is_empty(world.builds()));
}

TEST_CASE("all of this holds for an ordinary user, too") {
    if (::geteuid() != 0) return;
    TemporaryFolder folder;
    for (const char* name : {"flow_tests", "builder_program"}) {
        fs::copy_file(beside_this_program(name), folder.path() / name);
        fs::permissions(folder.path() / name, fs::perms{0755});
    }
    RunOptions options;
    options.uid = 65534;
    options.directory = "/";
    options.deadline = std::chrono::seconds(240);
    options.environment = {{"HOME", folder.path()}};
    const Ended ended = run({folder.path() / "flow_tests",
                             "--no-intro",
                             "--source-file=*/builder/sandbox_test.cpp,*/builder/workspace_test.cpp,"
                             "*/builder/hostile_test.cpp,*/killed_builder_test.cpp"},
                            options);
    INFO(ended.out, ended.err);
    CHECK(ended.exit_code == 0);
    CHECK(contains(ended.out, "| 0 failed"));
}
