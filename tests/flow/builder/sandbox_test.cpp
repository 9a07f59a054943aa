// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/sandbox.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <set>
#include <thread>

#include "app/build_service/embedded/process_tree.hpp"
#include "tests/flow/builder/sandboxed.hpp"

using namespace heddle;
using namespace heddle::test;
using Kind = SandboxEnd::Kind;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// No process of the build's user is left (as root, where it has one of its own).
void check_nothing_left(const Sandboxed& sandboxed) {
    if (sandboxed.identity()) CHECK(threads_of(sandboxed.identity()->uid) == 0);
}

}  // namespace

TEST_CASE("a command runs in its workspace and says how it ended") {
    Sandboxed sandboxed;
    CHECK(sandbox_works(sandboxed.folder() / "builds", sandboxed.identity()) == std::nullopt);
    const SandboxEnd end = sandboxed.run("pwd; echo made > here; echo wrong >&2; exit 3");
    CHECK(end.kind == Kind::Exited);
    CHECK(end.exit_code == 3);
    CHECK(sandboxed.output() == "/build/source\nwrong\n");
    CHECK(std::filesystem::exists(sandboxed.workspace() / "source/here"));
    CHECK(sandboxed.run("kill -9 $$").exit_code == 137);
    CHECK(sandboxed.run("exit 0").exit_code == 0);
}

TEST_CASE("a build is nobody special, sees nobody else and inherits nothing") {
    Sandboxed sandboxed;
    const int leaked = ::open("/dev/null", O_RDONLY);  // not close-on-exec, on purpose
    ::setenv("HEDDLE_TEST_SECRET", "do-not-tell", 1);
    sandboxed.run(
        "id -u; id -un; grep -E 'Cap(Prm|Eff|Bnd)|NoNewPrivs' /proc/self/status; env; ls /etc; echo root: "
        "$(ls /); "
        "python3 -c \"import os; print('descriptors', sorted(os.listdir('/proc/self/fd')))\"");
    ::close(leaked);
    ::unsetenv("HEDDLE_TEST_SECRET");
    INFO(sandboxed.output());
    const std::string& seen = sandboxed.output();
    if (sandboxed.identity())
        CHECK(seen.starts_with(std::to_string(sandboxed.identity()->uid) + "\nbuild\n"));
    CHECK_FALSE(contains(seen, "do-not-tell"));
    CHECK(contains(seen, "CapEff:\t0000000000000000"));
    CHECK(contains(seen, "CapBnd:\t0000000000000000"));
    CHECK(contains(seen, "NoNewPrivs:\t1"));
    CHECK_FALSE(contains(seen, "shadow"));
    CHECK_FALSE(contains(seen, " home "));
    CHECK_FALSE(contains(seen, " run "));
    CHECK(contains(seen, "descriptors ['0', '1', '2', '3']"));  // the fourth is that list's own
}

TEST_CASE("a build can write to its own folders only") {
    Sandboxed sandboxed;
    sandboxed.run(
        "for f in / /usr /etc /dev /bin /proc /var; do touch $f/x 2>/dev/null && echo wrote $f; done;"
        "for f in /tmp /build /build/home /dev/shm; do touch $f/x || echo closed $f; done");
    CHECK(sandboxed.output() == "");
}

TEST_CASE("a build reaches no network and no socket of the machine") {
    Sandboxed sandboxed;
    const auto path = sandboxed.folder() / "database.sock";
    const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{AF_UNIX, {}};
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(::bind(server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(server, 8) == 0);
    std::filesystem::permissions(path, std::filesystem::perms::all);
    sandboxed.run(
        "python3 - <<'E'\nimport socket\n"
        "s=socket.socket(socket.AF_UNIX)\n"
        "try: s.connect('" +
        path.string() +
        "'); print('reached the socket')\n"
        "except OSError as e: print('no socket')\n"
        "s=socket.socket(); s.settimeout(2)\n"
        "try: s.connect(('192.0.2.1',80)); print('reached the network')\n"
        "except OSError as e: print(e.strerror)\nE\n");
    CHECK(sandboxed.output() == "no socket\nNetwork is unreachable\n");
    ::close(server);
}

TEST_CASE("a build that outlives its command is ended with it") {
    Sandboxed sandboxed;
    for (const bool bubblewrap : {true, false}) {
        sandboxed.bubblewrap = bubblewrap;
        const SandboxEnd end = sandboxed.run(
            "setsid sleep 4711 & (setsid sh -c 'sleep 4711 & sleep 4711' >/dev/null 2>&1 </dev/null &); exit "
            "0");
        CHECK(end.kind == Kind::Exited);
        CHECK(end.exit_code == 0);
        CHECK(Sandboxed::processes_with("sleep 4711") == 0);
        check_nothing_left(sandboxed);
    }
}

TEST_CASE("a build that takes too long is ended, its children too") {
    Sandboxed sandboxed;
    for (const bool bubblewrap : {true, false}) {
        sandboxed.bubblewrap = bubblewrap;
        sandboxed.time = std::chrono::milliseconds(500);
        sandboxed.limits.timeout = std::chrono::seconds(90);
        const SandboxEnd end =
            sandboxed.run("echo begun; trap '' TERM INT HUP; setsid sleep 4712 & sleep 4712");
        CHECK(end.kind == Kind::Limit);
        CHECK(end.reason == "timed out after 90s");
        CHECK(sandboxed.output() == "begun\n");
        CHECK(Sandboxed::processes_with("sleep 4712") == 0);
        check_nothing_left(sandboxed);
    }
}

TEST_CASE("a build that eats memory in many processes is ended") {
    Sandboxed sandboxed;
    const SandboxEnd end = sandboxed.run(
        "for i in 1 2 3 4 5 6 7 8; do python3 -c 'import time; x = bytearray(60000000); time.sleep(60)' & "
        "done; wait");
    CHECK(end.kind == Kind::Limit);
    CHECK(end.reason == "more than 256 MiB of memory");
    check_nothing_left(sandboxed);
}

TEST_CASE("one process alone can't take more memory than the limit and a quarter") {
    Sandboxed sandboxed;
    sandboxed.limits.memory = std::uint64_t{512} << 20;
    const SandboxEnd end = sandboxed.run("python3 -c 'x = bytearray(10**10)' 2>&1 | tail -n 1");
    CHECK(end.kind == Kind::Exited);
    CHECK(sandboxed.output() == "MemoryError\n");
}

TEST_CASE("shared memory segments that nobody has mapped count") {
    if (::geteuid() != 0) return;  // only root sees them
    Sandboxed sandboxed;
    const SandboxEnd end = sandboxed.run(
        "python3 -c 'import ctypes, time\nc = ctypes.CDLL(None)\nc.shmat.restype = ctypes.c_void_p\n"
        "for i in range(100):\n  s = c.shmget(0, ctypes.c_size_t(10000000), 0o1600)\n"
        "  a = c.shmat(s, None, 0)\n  ctypes.memset(a, 1, 10000000)\n  c.shmdt(ctypes.c_void_p(a))\n"
        "time.sleep(60)'");
    CHECK(end.reason == "more than 256 MiB of memory");
}

TEST_CASE("memory that processes share counts once") {
    Sandboxed sandboxed;
    const SandboxEnd end = sandboxed.run(
        "python3 -c 'import os, time\nx = bytearray(100000000)\n"
        "for i in range(6):\n  if os.fork() == 0: time.sleep(1); os._exit(0)\n"
        "for i in range(6): os.wait()\nprint(\"alive\")'");
    CHECK(end.kind == Kind::Exited);
    CHECK(sandboxed.output() == "alive\n");
}

TEST_CASE("a fork bomb is ended") {
    Sandboxed sandboxed;
    for (const bool bubblewrap : {true, false}) {
        sandboxed.bubblewrap = bubblewrap;
        const SandboxEnd end =
            sandboxed.run("i=0; while [ $i -lt 10000 ]; do sleep 4713 & i=$((i+1)); done; wait");
        INFO(sandboxed.output());
        const bool refused = end.kind == Kind::Exited && end.exit_code != 0;  // fork said no before we looked
        CHECK((refused || end.reason == "more than 64 processes and threads"));
        CHECK(Sandboxed::processes_with("sleep 4713") == 0);
        check_nothing_left(sandboxed);
    }
}

TEST_CASE("a build that fills the disk is ended: in one file, in many, in deleted ones, in memory files") {
    Sandboxed sandboxed;
    const auto before = disk_free(sandboxed.folder());
    SUBCASE("one file") {
        const SandboxEnd end = sandboxed.run("dd if=/dev/zero of=big bs=1M count=100000; sleep 1; exit 1");
        CHECK(end.kind != Kind::Stopped);
        CHECK((end.exit_code != 0 || end.reason == "more than 64 MiB of disk"));
        CHECK(std::filesystem::file_size(sandboxed.workspace() / "source/big") <= (64 << 20));
    }
    SUBCASE("many files") {
        const SandboxEnd end =
            sandboxed.run("i=0; while :; do i=$((i+1)); head -c 8M /dev/zero > big$i || exit 1; done");
        CHECK(end.reason == "more than 64 MiB of disk");
    }
    SUBCASE("empty files") {
        sandboxed.limits.disk = std::uint64_t{8} << 20;
        const SandboxEnd end = sandboxed.run("mkdir d; cd d; seq 1 100000 | xargs touch; sleep 20");
        CHECK(end.reason == "more than 8 MiB of disk");
    }
    SUBCASE("deleted files that stay open") {
        const SandboxEnd end = sandboxed.run(
            "python3 -c 'import os, time\nfiles = []\nfor i in range(100):\n  f = open(\"gone\", \"wb\"); "
            "os.unlink(\"gone\"); f.write(bytes(4000000)); f.flush(); files.append(f)\ntime.sleep(60)'");
        CHECK(end.reason == "more than 64 MiB of disk");
    }
    SUBCASE("memory files") {
        const SandboxEnd end = sandboxed.run(
            "python3 -c 'import os, time\nfor i in range(100):\n  os.write(os.memfd_create(\"x\"), "
            "bytes(4000000))\ntime.sleep(60)'");
        CHECK(end.reason == "more than 64 MiB of disk");
    }
    SUBCASE("the temporary folder") {
        const SandboxEnd end =
            sandboxed.run("for i in 1 2 3 4 5 6 7 8 9 10; do head -c 8M /dev/zero > /tmp/$i; done; sleep 20");
        CHECK(end.reason == "more than 64 MiB of disk");
    }
    SUBCASE("shared memory") {
        sandboxed.run("head -c 200M /dev/zero > /dev/shm/x; stat -c %s /dev/shm/x");
        CHECK(contains(sandboxed.output(), "\n67108864\n"));
    }
    check_nothing_left(sandboxed);
    CHECK(before - std::min(before, disk_free(sandboxed.folder())) < (std::uint64_t{2} << 30));
}

TEST_CASE("a stop ends a build at once") {
    Sandboxed sandboxed;
    for (const bool bubblewrap : {true, false}) {
        sandboxed.bubblewrap = bubblewrap;
        std::stop_source stop;
        sandboxed.on_output = [&](const std::string& output) {
            if (contains(output, "begun")) stop.request_stop();
        };
        const SandboxEnd end = sandboxed.run("setsid sleep 4714 & echo begun; sleep 4714", stop.get_token());
        CHECK(end.kind == Kind::Stopped);
        CHECK(Sandboxed::processes_with("sleep 4714") == 0);
        check_nothing_left(sandboxed);
    }
}

TEST_CASE("what a listener throws ends the build and comes through") {
    Sandboxed sandboxed;
    sandboxed.on_output = [](const std::string&) { throw std::runtime_error("the log is gone"); };
    CHECK_THROWS_WITH(sandboxed.run("echo x; sleep 4715"), "the log is gone");
    CHECK(Sandboxed::processes_with("sleep 4715") == 0);
}

namespace {

std::set<pid_t> children_of_this_thread() {
    std::ifstream children("/proc/self/task/" + std::to_string(::gettid()) + "/children");
    std::set<pid_t> found;
    for (pid_t child = 0; children >> child;) found.insert(child);
    return found;
}

}  // namespace

TEST_CASE("a sandbox that somebody kills is told by the signal") {
    // Other children of ours, such as the suite's database server, are none of its business.
    const std::set<pid_t> others = children_of_this_thread();
    Sandboxed sandboxed;
    sandboxed.on_output = [&](const std::string&) {
        for (const pid_t child : children_of_this_thread())
            if (!others.contains(child)) ::kill(child, SIGKILL);
    };
    const SandboxEnd end = sandboxed.run("echo start; sleep 4716");
    CHECK(end.kind == Kind::Broken);
    CHECK(end.reason == "the sandbox was killed by signal 9");
    CHECK(Sandboxed::processes_with("sleep 4716") == 0);
}

TEST_CASE("a sandbox that can't come up says why") {
    Sandboxed sandboxed;
    SandboxCommand command;
    command.arguments = {"/bin/true"};
    command.workspace = sandboxed.folder() / "not-there";
    command.limits = sandboxed.limits;
    command.limits.until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    command.identity = sandboxed.identity();
    const SandboxEnd end = run_in_sandbox(command, {}, {});
    CHECK(end.kind == Kind::Broken);
    CHECK(contains(end.reason, "Can't find source path"));
}

TEST_CASE("no build runs as root, as ourselves or as somebody who exists") {
    Sandboxed sandboxed;
    SandboxCommand command;
    command.arguments = {"/bin/true"};
    command.workspace = sandboxed.workspace();
    command.limits = sandboxed.limits;
    command.identity = Identity{0, 0, false};
    CHECK_THROWS_AS(run_in_sandbox(command, {}, {}), std::logic_error);
    if (::geteuid() != 0) return;
    command.identity.reset();
    CHECK_THROWS_AS(run_in_sandbox(command, {}, {}), std::logic_error);
    CHECK(contains(std::get<std::string>(BuildUser::acquire(0)), "root"));
    CHECK(contains(std::get<std::string>(BuildUser::acquire(1)), "password database"));
}

TEST_CASE("two builds never share a user") {
    if (::geteuid() != 0) return;
    auto one = BuildUser::acquire(64'100);
    auto two = BuildUser::acquire(64'100);
    CHECK(std::get<BuildUser>(one).identity().uid != std::get<BuildUser>(two).identity().uid);
}
