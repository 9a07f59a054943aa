// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/builder.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <vector>

#include "app/build_service/embedded/process_tree.hpp"
#include "tests/flow/builder/build_world.hpp"
#include "tests/flow/builder/sandboxed.hpp"
#include "tests/support/child.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::test;
namespace fs = std::filesystem;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}
bool begun(const EndedBuild& build) { return contains(build.log, "begun\n"); }

/// The folders of running builds.
int workspaces(const BuildWorld& world) {
    std::error_code none;
    int count = 0;
    for (const auto& entry : fs::directory_iterator(world.builds(), none)) count += entry.exists() ? 1 : 0;
    return count;
}

/// The sandboxes that threads of ours have started.
std::vector<pid_t> sandboxes() {
    std::vector<pid_t> found;
    for (const auto& thread : fs::directory_iterator("/proc/self/task")) {
        std::ifstream children(thread.path() / "children");
        for (pid_t child = 0; children >> child;) {
            std::string name;
            std::ifstream("/proc/" + std::to_string(child) + "/comm") >> name;
            if (name == "bwrap") found.push_back(child);
        }
    }
    return found;
}

}  // namespace

TEST_CASE("a log can be followed while the build runs") {
    BuildWorld world;
    world.start_builder();
    const auto id = world.build_script("echo begun; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo done");
    const EndedBuild running = world.wait_until(id, begun);
    CHECK(running.state == "building");
    for (const auto& entry : fs::directory_iterator(world.builds()))
        std::ofstream(entry.path() / "tmp/go") << "x";
    const EndedBuild ended = world.ended(id);
    CHECK(ended.state == "succeeded");
    CHECK(contains(ended.log, "begun\ndone\n"));
    world.stop_builders();
    CHECK(workspaces(world) == 0);
}

TEST_CASE("a log over 16 MiB is cut, and its last line says so") {
    BuildWorld world;
    world.start_builder();
    const EndedBuild ended = world.ended(world.build_script("head -c 100000000 /dev/urandom; exit 3"));
    CHECK(ended.state == "failed");
    CHECK(ended.details == ".obs/build ended with exit code 3");
    CHECK(ended.log.size() == std::size_t{16} << 20);
    CHECK(ended.log.ends_with("\n[heddle] the log is cut here: it has more than 16 MiB\n"));
}

TEST_CASE("control characters stay what they are in the log") {
    BuildWorld world;
    world.start_builder();
    const EndedBuild ended = world.ended(world.build_script("printf 'a\\000b\\033[31m\\377\\n'"));
    CHECK(contains(ended.log, std::string("a\0b\033[31m\377\n", 10)));
}

TEST_CASE("a commit that is gone: not built, which is no failure of it") {
    BuildWorld world;
    world.start_builder();
    const EndedBuild ended = world.ended(world.build_commit("/srv/git/x#main"));
    CHECK(ended.state == "withdrawn");
    CHECK(ended.details == "commit is no longer in the repository");
    CHECK(ended.event == "build_withdrawn");
}

TEST_CASE("where else a commit was found stands in the log, of folders of this machine only the name") {
    BuildWorld world;
    world.fetcher.write = [](const fs::path& folder) { std::ofstream(folder / "Makefile") << "all:\n"; };
    world.fetcher.found_in = "/srv/git/secret/hello.git";
    world.start_builder();
    const EndedBuild ended = world.ended(world.build_commit("/srv/git/x#main"));
    CHECK(ended.state == "succeeded");
    CHECK(contains(ended.log, "not in the package's own git source, but in \u2026/hello.git\n"));
}

TEST_CASE("a repository that refuses: broken with the reason, asked once") {
    BuildWorld world;
    int asked = 0;
    world.fetcher.write = [&](const fs::path&) {
        ++asked;
        throw RemoteError(RemoteError::Kind::GiveUp, "read x", "no");
    };
    world.start_builder();
    const EndedBuild ended = world.ended(world.build_commit("/srv/git/x#main"));
    CHECK(ended.state == "broken");
    CHECK(ended.details == "can't get the sources: read x: no");
    CHECK(ended.event == "build_broken");
    CHECK(asked == 1);
}

TEST_CASE("a repository that does not answer, a disk that takes nothing: tried again, then not built") {
    BuildWorld world;
    std::string why;
    int asked = 0;
    SUBCASE("does not answer") {
        world.fetcher.write = [&](const fs::path&) {
            ++asked;
            throw RemoteError(RemoteError::Kind::Retry, "read x", "no space left");
        };
        why = "can't get the sources: read x: no space left";
    }
    SUBCASE("full disk") {
        world.fetcher.write = [&](const fs::path&) {
            ++asked;
            throw fs::filesystem_error("x", std::make_error_code(std::errc::no_space_on_device));
        };
        why = "can't write the sources: No space left on device";
    }
    world.start_builder();
    const EndedBuild ended = world.ended(world.build_commit("/srv/git/x#main"));
    CHECK(ended.state == "withdrawn");
    CHECK(ended.details == why);
    CHECK(ended.event == "build_withdrawn");
    CHECK(contains(ended.log, "once more: " + why));
    CHECK(asked == 3);
}

TEST_CASE("a disk that is full for a moment costs a build nothing") {
    BuildWorld world;
    int asked = 0;
    world.fetcher.write = [&](const fs::path& folder) {
        std::ofstream(folder / "Makefile") << "all:\n\techo made\n";
        if (++asked == 1) throw fs::filesystem_error("x", std::make_error_code(std::errc::io_error));
    };
    world.start_builder();
    CHECK(world.ended(world.build_commit("/srv/git/x#main")).state == "succeeded");
    CHECK(asked == 2);
}

TEST_CASE("files that find no room on the disk are not the commit's fault") {
    const BuildWorld starts_the_server;
    const std::string told = in_child([] {
        BuildWorld world;
        fs::create_directories(world.builds());
        if (!mount_small_disk(world.builds(), 64 << 10)) return std::string("no mount");
        world.start_builder();
        const EndedBuild ended = world.ended(
            world.build_files({{"Makefile", "all:\n", false}, {"big", std::string(100'000, 'x'), false}}));
        return ended.event + " " + ended.details;
    });
    if (told == "no mount" || ::geteuid() != 0) return note("the small disk of a builder needs root");
    CHECK(told == "build_withdrawn can't write the sources: No space left on device");
}

TEST_CASE("a disk that runs full while a build goes on is not the commit's fault") {
    const BuildWorld starts_the_server;
    const std::string told = in_child([] {
        BuildWorld world;
        fs::create_directories(world.builds());
        if (!mount_small_disk(world.builds(), 48 << 20)) return std::string("no mount");
        world.start_builder();
        const EndedBuild ended = world.ended(world.build_script("sleep 30"));
        return ended.event + " " + ended.details;
    });
    if (told == "no mount" || ::geteuid() != 0) return note("the small disk of a builder needs root");
    CHECK(told == "build_withdrawn no space left on the disk for builds");
}

TEST_CASE("files that can't stand beside each other are broken") {
    BuildWorld world;
    world.start_builder();
    const EndedBuild ended =
        world.ended(world.build_files({{"a", "a file", false}, {"a/b", "in a folder", false}}));
    CHECK(ended.event == "build_broken");
    CHECK(ended.details == "can't write the sources: a/b: Not a directory");
}

TEST_CASE("sources of a commit are built as the build's user") {
    BuildWorld world;
    world.fetcher.write = [](const fs::path& folder) {
        std::ofstream(folder / "Makefile") << "all:\n\ttouch made\n";
    };
    world.start_builder();
    const EndedBuild ended = world.ended(world.build_commit("/srv/git/x#main"));
    CHECK(ended.state == "succeeded");
    CHECK(contains(ended.log, "commit " + std::string(40, 'a')));
}

TEST_CASE("a sandbox that somebody kills is no commit's fault") {
    BuildWorld world;
    world.start_builder();
    const auto id = world.build_script("echo begun; sleep 4805");
    world.wait_until(id, begun);
    const auto found = sandboxes();
    REQUIRE(found.size() == 1);
    ::kill(found.front(), SIGKILL);
    const EndedBuild ended = world.ended(id);
    CHECK(ended.event == "build_withdrawn");
    CHECK(ended.details == "the sandbox was killed by signal 9");
    CHECK(Sandboxed::processes_with("sleep 4805") == 0);
}

TEST_CASE("limits end a build with the limit in its reason") {
    BuildWorld world;
    std::string script;
    std::string why;
    SUBCASE("time") {
        world.config.timeout = std::chrono::seconds(2);
        script = "sleep 4800";
        why = ".obs/build: timed out after 2s";
    }
    SUBCASE("memory") {
        script =
            "for i in 1 2 3 4 5 6 7 8 9 10; do python3 -c 'import time; x = bytearray(80000000); "
            "time.sleep(60)' & done; wait";
        why = ".obs/build: more than 512 MiB of memory";
    }
    world.start_builder();
    const EndedBuild ended = world.ended(world.build_script(script));
    CHECK(ended.state == "failed");
    CHECK(ended.details == why);
}

TEST_CASE("a stop gives running builds back uncounted") {
    BuildWorld world;
    world.config.workers = 2;
    world.start_builder();
    const auto one = world.build_script("echo begun; sleep 4801", "one");
    const auto two = world.build_script("echo begun; setsid sleep 4801", "two");
    world.wait_until(one, begun);
    world.wait_until(two, begun);
    const auto before = std::chrono::steady_clock::now();
    world.stop_builders();
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(10));
    for (const auto id : {one, two}) {
        CHECK(world.look(id).state == "scheduled");
        CHECK(world.look(id).tries == 0);
    }
    CHECK(Sandboxed::processes_with("sleep 4801") == 0);
    CHECK(workspaces(world) == 0);
}

TEST_CASE("a build that nobody wants any more ends at once, withdrawn") {
    BuildWorld world;
    world.start_builder();
    const auto id = world.build_script("echo begun; sleep 4802");
    world.wait_until(id, begun);
    world.service().write_file({"demo", "greeting"}, "Makefile", "all:\n", "run-2");
    const EndedBuild ended = world.ended(id);
    CHECK(ended.state == "withdrawn");
    world.stop_builders();
    CHECK(Sandboxed::processes_with("sleep 4802") == 0);
}

TEST_CASE("a package that goes away while it is built takes its build with it") {
    BuildWorld world;
    world.start_builder();
    const auto id = world.build_script("echo begun; sleep 4803");
    world.wait_until(id, begun);
    CHECK(world.service().delete_package({"demo", "greeting"}));
    const auto next = world.build_script("echo next", "next");
    CHECK(world.ended(next).state == "succeeded");
    CHECK(Sandboxed::processes_with("sleep 4803") == 0);
}

TEST_CASE("several workers build at once, each as a user of its own") {
    BuildWorld world;
    world.config.workers = 2;
    world.start_builder();
    const std::string script =
        "echo begun as $(id -u); touch /tmp/here; i=0; while [ ! -e /tmp/go ]; do sleep 0.05; done";
    const auto one = world.build_script(script, "one");
    const auto two = world.build_script(script, "two");
    const auto has_begun = [](const EndedBuild& build) { return contains(build.log, "begun as"); };
    world.wait_until(one, has_begun);
    world.wait_until(two, has_begun);
    for (const auto& entry : fs::directory_iterator(world.builds()))
        std::ofstream(entry.path() / "tmp/go") << "x";
    const auto user = [&](std::int64_t id) {
        const std::string log = world.ended(id).log;
        const auto at = log.find("begun as ") + 9;
        return log.substr(at, log.find('\n', at) - at);
    };
    if (::geteuid() == 0) CHECK(user(one) != user(two));
    CHECK(user(one) != "0");
}

TEST_CASE("without a sandbox builds end unbuilt with the reason; with builder.sandbox none they run") {
    BuildWorld world;
    SUBCASE("a user that exists is refused") {
        if (::geteuid() != 0) return;
        world.config.first_uid = 1;
        world.start_builder();
        const EndedBuild ended = world.ended(world.build_script("echo never"));
        CHECK(ended.state == "withdrawn");
        CHECK(ended.event == "build_withdrawn");
        CHECK(contains(ended.details, "it belongs to somebody"));
        CHECK(ended.log.empty());
    }
    SUBCASE("none") {
        world.config.sandbox = BuilderConfig::Sandbox::None;
        world.start_builder();
        const EndedBuild ended = world.ended(world.build_script("pwd; id -u; setsid sleep 4804 & exit 0"));
        CHECK(ended.state == "succeeded");
        CHECK(contains(ended.log, world.builds().string()));
        CHECK_FALSE(contains(ended.log, "\n0\n"));
        CHECK(Sandboxed::processes_with("sleep 4804") == 0);
    }
}
