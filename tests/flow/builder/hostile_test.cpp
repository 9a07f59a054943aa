// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "app/build_service/embedded/process_tree.hpp"
#include "app/build_service/embedded/workspace.hpp"
#include "tests/flow/builder/build_world.hpp"
#include "tests/flow/builder/sandboxed.hpp"

// A recipe that does its worst. Each of its tricks prints "managed: ..." when it works; none may.

using namespace heddle;
using namespace heddle::test;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
constexpr std::uint32_t kFirstUid = 64'300;  // this file's own, so that nobody else's build is counted

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

struct Hostile {
    Hostile() {
        world.config.disk = 64 * kMiB;
        world.config.memory = 256 * kMiB;
        world.config.processes = 128;
        world.config.timeout = std::chrono::seconds(30);
        world.config.first_uid = kFirstUid;
        fs::create_directories(world.folder() / "data");
        std::ofstream(key()) << "the-secret-key-of-this-test";
        ::chmod(key().c_str(), 0600);
        free_before = disk_free(world.folder());
        world.start_builder();
    }

    fs::path key() const { return world.folder() / "data/secret.key"; }

    /// Runs it and looks what it did to the machine.
    EndedBuild build(const std::string& script) {
        const EndedBuild ended = world.ended(world.build_script(script));
        world.stop_builders();
        INFO(ended.state, ": ", ended.details, "\n", ended.log);
        CHECK_FALSE(contains(ended.log, "managed:"));
        CHECK_FALSE(contains(ended.log, "the-secret-key"));
        if (::geteuid() == 0) CHECK(threads_of(kFirstUid) == 0);
        CHECK(fs::is_empty(world.builds()));
        return ended;
    }

    BuildWorld world;
    std::uint64_t free_before = 0;
};

/// The socket that our own connections to the database use.
std::string database_socket(BuildWorld& world) {
    return in_transaction(world.pool(), [](auto& tx) {
        const auto row =
            tx.exec1("SELECT current_setting('unix_socket_directories'), current_setting('port')");
        return std::string(row[0].c_str()) + "/.s.PGSQL." + row[1].c_str();
    });
}

}  // namespace

TEST_CASE("a hostile recipe does not get at the key file") {
    Hostile hostile;
    const std::string key = hostile.key();
    const EndedBuild ended =
        hostile.build("for f in " + key + " /proc/1/root" + key + " /proc/self/root" + key +
                      "; do cat $f && echo managed: read $f; done\n"
                      "ln -s " +
                      key +
                      " link; cat link && echo managed: link\n"
                      "for f in /proc/[0-9]*/environ; do tr '\\0' '\\n' < $f | grep -i key; done\n"
                      "find / -xdev -name secret.key 2>/dev/null | grep . && echo managed: found\n"
                      "for fd in /proc/[0-9]*/fd/*; do case $(readlink $fd) in *secret*) echo managed: $fd;; "
                      "esac; done; echo tried");
    CHECK(contains(ended.log, "tried\n"));
}

TEST_CASE("a hostile recipe does not reach the database's socket") {
    Hostile hostile;
    const std::string socket = database_socket(hostile.world);
    REQUIRE(fs::is_socket(socket));
    const EndedBuild ended = hostile.build(
        "python3 - <<'E'\nimport socket, os\n"
        "for path in ['" +
        socket + "', '/proc/1/root" + socket +
        "']:\n"
        "  try: socket.socket(socket.AF_UNIX).connect(path); print('managed: connected')\n"
        "  except OSError: print('refused')\n"
        "for fd in os.listdir('/proc/self/fd'):\n"
        "  try:\n    if os.readlink('/proc/self/fd/' + fd).startswith('socket:'): print('managed: "
        "inherited')\n"
        "  except OSError: pass\nE\n");
    CHECK(contains(ended.log, "refused\nrefused\n"));
}

TEST_CASE("a hostile recipe does not reach the network") {
    Hostile hostile;
    const EndedBuild ended = hostile.build(
        "python3 - <<'E'\nimport socket\n"
        "for address in ['127.0.0.1', '192.0.2.1', '169.254.169.254']:\n"
        "  for port in [22, 80, 5432]:\n"
        "    try: socket.create_connection((address, port), 1); print('managed:', address)\n"
        "    except OSError: pass\n"
        "print('interfaces', [name for _, name in socket.if_nameindex()])\nE\n");
    CHECK(contains(ended.log, "interfaces ['lo']\n"));
}

TEST_CASE("a hostile recipe does not fork ten thousand times") {
    Hostile hostile;
    const EndedBuild ended = hostile.build(
        "python3 - <<'E'\nimport os, time\nmade = 0\n"
        "for i in range(10000):\n"
        "  try: pid = os.fork()\n"
        "  except OSError: break\n"
        "  if pid == 0: os.setsid(); time.sleep(600); os._exit(0)\n"
        "  made += 1\n"
        "print('made', made)\n"
        "if made > 200: print('managed: forks')\nE\nsleep 5");
    CHECK(ended.state == "failed");
    CHECK(ended.details == ".obs/build: more than 128 processes and threads");
}

TEST_CASE("a hostile recipe does not write a hundred gigabytes") {
    Hostile hostile;
    const EndedBuild ended = hostile.build(
        "i=0; while [ $i -lt 2000 ]; do i=$((i+1)); head -c 50M /dev/zero > big$i; done; echo managed: "
        "wrote");
    CHECK(ended.state == "failed");
    CHECK(ended.details == ".obs/build: more than 64 MiB of disk");
    CHECK(disk_free(hostile.world.folder()) + 2048 * kMiB > hostile.free_before);
}

TEST_CASE("a hostile recipe does not outlive its parent") {
    Hostile hostile;
    const EndedBuild ended = hostile.build(
        "(setsid sh -c 'trap \"\" TERM HUP INT; (setsid sleep 4901 &) ; exec sleep 4901' >/dev/null 2>&1 "
        "</dev/null &)\n"
        "python3 -c 'import os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0:\n"
        "    os.closerange(0, 10); time.sleep(4901)\n  os._exit(0)'; echo left");
    CHECK(ended.state == "succeeded");
    CHECK(contains(ended.log, "left\n"));
    CHECK(Sandboxed::processes_with("4901") == 0);
}

TEST_CASE("a hostile recipe does not change what the machine is") {
    Hostile hostile;
    const EndedBuild ended = hostile.build(
        "id -u | grep -qx 0 && echo managed: root\n"
        "for f in /usr/bin/x /etc/passwd /bin/x /lib/x /var/lib/dpkg/status /proc/sys/kernel/core_pattern "
        "/sys/x; do "
        "(echo x >> $f) 2>/dev/null && echo managed: wrote $f; done\n"
        "mount -t tmpfs x /tmp 2>/dev/null && echo managed: mount\n"
        "unshare -Ur true 2>/dev/null && echo managed: user namespace\n"
        "chown 0 .obs/build 2>/dev/null && echo managed: chown\n"
        "kill -9 -1 2>/dev/null; cat /etc/shadow 2>/dev/null && echo managed: shadow\n"
        "mknod /tmp/disk b 8 0 2>/dev/null && echo managed: device; echo tried");
    CHECK_FALSE(contains(ended.log, "managed:"));
}

TEST_CASE("a hostile recipe leaves no folder behind, however it closes and nests them") {
    Hostile hostile;
    const EndedBuild ended = hostile.build(
        "mkdir -p deep; cd deep; i=0; while [ $i -lt 150 ]; do mkdir d; cd d; i=$((i+1)); done; cd /build\n"
        "mkdir closed; touch closed/x; chmod 0 closed; ln -s / root; chmod 0 source home tmp rpm . "
        "2>/dev/null; exit 9");
    CHECK(ended.state == "failed");
    CHECK(ended.details == ".obs/build ended with exit code 9");
}
