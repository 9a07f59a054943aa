// SPDX-License-Identifier: Apache-2.0
// The counterpart itself: what the other tests of this suite rely on.
#include "tests/support/obs_backend.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "tests/support/child.hpp"

namespace {

using namespace heddle::test;
using Level = ObsBackend::Level;
using Worker = ObsBackend::Worker;
using Outcome = ObsBackend::Outcome;

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// The local addresses that TCP sockets listen on, as the kernel writes them.
std::set<std::string> listening_addresses() {
    std::set<std::string> found;
    std::ifstream table("/proc/net/tcp");
    std::string number, local, remote, state, line;
    std::getline(table, line);
    for (; table >> number >> local >> remote >> state; std::getline(table, line))
        if (state == "0A") found.insert(local);
    return found;
}

std::string with_port(const std::string& address, const std::string& url) {
    char port[5];
    std::snprintf(port, sizeof port, "%04X", std::stoi(url.substr(url.rfind(':') + 1)) & 0xffff);
    return address + ":" + port;
}

}  // namespace

TEST_CASE("the backend listens to this machine only") {
    ObsBackend backend({Level::Sched});
    const auto listening = listening_addresses();
    for (const std::string& url : {backend.api_url(), backend.repository_url()}) {
        CHECK(listening.contains(with_port("0100007F", url)));
        CHECK_FALSE(listening.contains(with_port("00000000", url)));
    }
}

TEST_CASE("the backend answers, and what it was told outlives its death") {
    ObsBackend backend({Level::Source});
    CHECK(contains(backend.get("/").body, "Source Repository Server"));
    backend.add_project("demo");
    backend.add_package("demo", "hello", ObsBackend::recipe("true"));
    CHECK(backend.get("/source/nowhere/_meta").status == 404);
    backend.kill_hard();
    CHECK_THROWS(backend.get("/"));
    backend.start_again();
    CHECK(contains(backend.get("/source/demo/hello").body, "simpleimage"));
}

TEST_CASE("the real scheduler and worker build a good and a bad package") {
    ObsBackend backend({Level::Build, Worker::Script});
    backend.add_project("demo");
    backend.add_package("demo", "good", ObsBackend::recipe("echo this succeeds"));
    backend.add_package("demo", "bad", ObsBackend::recipe("exit 1"));
    CHECK(backend.reaches("demo", "good", "succeeded"));
    CHECK(backend.reaches("demo", "bad", "failed"));
    const std::string events = backend.get("/lastnotifications?start=1").body;
    CHECK(contains(events, "type=\"BUILD_SUCCESS\""));
    CHECK(contains(events, "type=\"BUILD_FAIL\""));
    // What was being built when the machine died is built after all.
    backend.commit("demo", "good", "simpleimage", ObsBackend::recipe("sleep 3"));
    CHECK(backend.reaches("demo", "good", "building"));
    backend.kill_hard();
    backend.start_again();
    CHECK(backend.reaches("demo", "good", "succeeded"));
}

TEST_CASE("the real build program builds in a chroot, where root may mount") {
    if (!ObsBackend::may_build_in_chroot()) return note("nothing was built in a chroot: only root may mount");
    ObsBackend backend({Level::Build, Worker::Chroot});
    backend.add_project("demo");
    backend.add_package("demo", "good", ObsBackend::recipe("test -d /.build"));
    backend.add_package("demo", "bad", ObsBackend::recipe("exit 1"));
    CHECK(backend.reaches("demo", "good", "succeeded"));
    CHECK(backend.reaches("demo", "bad", "failed"));
    // What dies with its root file system mounted leaves nothing of it.
    backend.commit("demo", "good", "simpleimage", ObsBackend::recipe("sleep 30"));
    CHECK(backend.reaches("demo", "good", "building"));
    backend.kill_hard();
    std::ifstream mounts("/proc/self/mounts");
    const std::string all{std::istreambuf_iterator<char>(mounts), {}};
    CHECK_FALSE(contains(all, backend.folder().string()));
}

TEST_CASE("jobs are ended by hand, each as the test wants") {
    ObsBackend backend({Level::Sched});
    backend.add_project("demo");
    for (const char* package : {"one", "two", "three"})
        backend.add_package("demo", package, ObsBackend::recipe("true"));
    backend.finish_job("demo", "one", Outcome::Success);
    backend.finish_job("demo", "two", Outcome::Failure);
    CHECK(backend.reaches("demo", "one", "succeeded"));
    CHECK(backend.reaches("demo", "two", "failed"));
    CHECK(backend.state("demo", "three") == "scheduled");
    CHECK(backend.post("/build/demo?cmd=rebuild&package=one").status == 200);
    backend.finish_job("demo", "one", Outcome::Unchanged);
    CHECK(contains(backend.get("/lastnotifications?start=1").body, "type=\"BUILD_UNCHANGED\""));
}
