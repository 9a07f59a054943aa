// SPDX-License-Identifier: Apache-2.0
// The queue of a real backend becomes rows of build_events, each entry once, whatever dies in between.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/obs/listening_world.hpp"
#include "tests/support/obs_backend.hpp"

using namespace heddle;
using namespace heddle::test;
using Level = ObsBackend::Level;
using Worker = ObsBackend::Worker;

namespace {

const std::string kBuilds = "SELECT package, type FROM build_events ORDER BY id";
const std::string kCount = "SELECT count(*), count(DISTINCT package) FROM build_events";

/// An entry like those that the repository server makes.
void notify(const ObsBackend& backend, const std::string& package, const std::string& more = "") {
    const std::string target =
        "/notify/BUILD_SUCCESS?project=demo&package=" + package +
        "&repository=standard&arch=x86_64&rev=1&reason=new%20build&starttime=1700000000" + more;
    CHECK(backend.post(target).status == 200);
}

void notify_many(const ObsBackend& backend, int from, int to) {
    for (int i = from; i < to; ++i) notify(backend, "p" + std::to_string(i));
}

std::filesystem::path queue_of(const ObsBackend& backend) {
    return backend.folder() / "data/events/lastnotifications";
}

/// Repeats the last entry; a request for each would take minutes.
void fill_queue(const ObsBackend& backend, int count) {
    std::string last;
    {
        std::ifstream in(queue_of(backend));
        for (std::string line; std::getline(in, line);) last = line;
    }
    const auto bar = last.find('|');
    int number = std::stoi(last.substr(0, bar));
    std::ofstream out(queue_of(backend), std::ios::app);
    for (int i = 0; i < count; ++i) out << ++number << last.substr(bar) << '\n';
    CHECK(out.flush());
}

/// Is the entry of that number still there, for a reader that shortens nothing?
bool keeps(const ObsBackend& backend, int number) {
    const std::string query = "/lastnotifications?noprune=1&start=" + std::to_string(number);
    return backend.get(query).body.find("sync=\"lost\"") == std::string::npos;
}

}  // namespace

TEST_CASE("real builds of a real backend become build events") {
    ListeningWorld world;
    ObsBackend backend({Level::Build, Worker::Script});
    const auto listener = world.listen_to_queue(backend.api_url());
    world.await_listening(1);
    backend.add_project("demo");
    backend.add_package("demo", "good", ObsBackend::recipe("true"));
    world.await(kBuilds, "good|build_success");
    backend.add_package("demo", "bad", ObsBackend::recipe("exit 1"));
    world.await(kBuilds, "good|build_success;bad|build_fail");
    CHECK(world.ask("SELECT DISTINCT sender, project, repository, architecture = '" +
                    ObsBackend::architecture() +
                    "', length(srcmd5), rev <> '', started_at <= ended_at, reason FROM build_events") ==
          "notifications|demo|standard|t|32|t|t|");
    CHECK(world.ask("SELECT count(*) FROM jobs WHERE kind = 'build_event'") == "2");
    backend.commit("demo", "good", "simpleimage", ObsBackend::recipe("exit 2"));
    world.await(kBuilds, "good|build_success;bad|build_fail;good|build_unchanged");
    CHECK(backend.erase("/source/demo/bad").status == 200);
    CHECK(backend.erase("/source/demo").status == 200);
    world.await(
        "SELECT project, package, repository, type, ended_at <= received_at FROM build_events ORDER BY id "
        "OFFSET 3",
        "demo|bad||package_deleted|t;demo|||project_deleted|t");
    CHECK(world.heard("other") > 5);
    CHECK(world.heard("unusable") == 0);
    CHECK(world.missed() == 1);
}

TEST_CASE("events that this backend does not have yet come with their text") {
    ListeningWorld world;
    ObsBackend backend({Level::Source});
    const auto listener = world.listen_to_queue(backend.api_url());
    world.await_listening(1);
    const std::string where = "project=demo&package=a&repository=r&arch=x86_64";
    backend.post("/notify/BUILD_UNRESOLVABLE?" + where + "&reason=nothing%20provides%20x");
    backend.post("/notify/BUILD_BROKEN?" + where + "&details=no%20source%20uploaded&reason=new%20build");
    backend.post("/notify/BUILD_FAIL?" + where + "&reason=source%20change");
    world.await("SELECT type, reason, ended_at IS NOT NULL FROM build_events ORDER BY id",
                "build_unresolvable|nothing provides x|t;build_broken|no source uploaded|t;build_fail||t");
}

TEST_CASE("what happens while nobody listens is read afterwards, once") {
    ListeningWorld world;
    ObsBackend backend({Level::Source});
    auto listener = world.listen_to_queue(backend.api_url());
    world.await_listening(1);
    notify_many(backend, 0, 5);
    world.await(kCount, "5|5");
    listener.reset();
    notify_many(backend, 5, 10);
    listener = world.listen_to_queue(backend.api_url());
    world.await(kCount, "10|10");
    CHECK(world.missed() == 1);
    CHECK(world.ask("SELECT count(DISTINCT sender_id) FROM build_events") == "10");
}

TEST_CASE("a backend that dies in the middle loses and doubles nothing") {
    ListeningWorld world;
    ObsBackend backend({Level::Source});
    const auto listener = world.listen_to_queue(backend.api_url());
    world.await_listening(1);
    notify_many(backend, 0, 20);
    backend.kill_hard();
    backend.start_again();
    notify_many(backend, 20, 30);
    world.await(kCount, "30|30");
    CHECK(world.missed() == 1);
}

TEST_CASE("connections that break at any moment lose and double nothing") {
    ListeningWorld world;
    ObsBackend backend({Level::Source});
    const auto listener = world.listen_to_queue(backend.api_url());
    const auto other = world.listen_to_queue(backend.api_url());
    world.await_listening(1);
    for (int i = 0; i < 60; ++i) {
        notify(backend, "p" + std::to_string(i));
        if (i % 3 == 0) world.cut_listeners();
    }
    world.await(kCount, "60|60");
    CHECK(world.missed() == 1);
}

TEST_CASE("one process listens, another one takes over") {
    ListeningWorld world;
    ObsBackend backend({Level::Source});
    auto first = world.listen_to_queue(backend.api_url());
    world.await_listening(1);
    const auto second = world.listen_to_queue(backend.api_url());
    notify_many(backend, 0, 3);
    world.await(kCount, "3|3");
    CHECK(world.heard("build_success") == 3);
    first.reset();
    notify_many(backend, 3, 6);
    world.await(kCount, "6|6");
    CHECK(world.heard("build_success") == 6);
    CHECK(world.missed() == 1);
}

TEST_CASE("more than a thousand entries come in several answers") {
    ListeningWorld world;
    ObsBackend backend({Level::Source});
    auto listener = world.listen_to_queue(backend.api_url());
    world.await_listening(1);
    listener.reset();
    notify_many(backend, 0, 1);
    fill_queue(backend, 2500);
    listener = world.listen_to_queue(backend.api_url());
    world.await("SELECT count(*), count(DISTINCT sender_id) FROM build_events", "2501|2501");
    CHECK(world.missed() == 1);
}

TEST_CASE("what was read stays in the queue for other readers") {
    ListeningWorld world;
    ObsBackend backend({Level::Source});
    auto listener = world.listen_to_queue(backend.api_url());
    world.await_listening(1);
    listener.reset();
    notify(backend, "first");
    fill_queue(backend, 2500);
    listener = world.listen_to_queue(backend.api_url());
    world.await("SELECT count(*) FROM build_events", "2501");
    notify(backend, "last");
    world.await("SELECT count(*) FROM build_events", "2502");
    CHECK(keeps(backend, 1));
}

TEST_CASE("a queue that nobody else shortens does not grow without end") {
    ListeningWorld world;
    ObsBackend backend({Level::Source});
    notify(backend, "first");
    fill_queue(backend, 12000);
    const auto listener = world.listen_to_queue(backend.api_url());
    world.await_listening(1);
    world.await_told([&] { return !keeps(backend, 1); });
    CHECK(keeps(backend, 2100));  // ten thousand stay
    notify(backend, "last");
    world.await(kBuilds, "last|build_success");
    CHECK(world.missed() == 1);
}

TEST_CASE("entries that were dropped before they were read have all states read afresh") {
    ListeningWorld world;
    ObsBackend backend({Level::Source});
    auto listener = world.listen_to_queue(backend.api_url());
    world.await_listening(1);
    notify(backend, "first");
    world.await(kBuilds, "first|build_success");
    listener.reset();
    notify(backend, "second");
    fill_queue(backend, 2500);
    // Another reader is far ahead, and has the queue shortened.
    CHECK(backend.get("/lastnotifications?start=2400").status == 200);
    listener = world.listen_to_queue(backend.api_url());
    world.await_listening(2);
    notify(backend, "third");
    world.await(kBuilds, "first|build_success;third|build_success");
}

TEST_CASE("a queue that begins again is read from its begin") {
    ListeningWorld world;
    ObsBackend backend({Level::Source});
    const auto listener = world.listen_to_queue(backend.api_url());
    world.await_listening(1);
    notify_many(backend, 0, 3);
    world.await(kCount, "3|3");
    int missed = 2;
    // Of the builds of the one before, which may come back, this one knows nothing.
    SUBCASE("because the backend was made anew") {
        missed = 1;
        backend.kill_hard();
        std::filesystem::remove(queue_of(backend));
        REQUIRE(std::filesystem::remove(backend.folder() / "data/projects/_repoid"));
        backend.start_again();
    }
    SUBCASE("because somebody removed it") { std::filesystem::remove(queue_of(backend)); }
    // Their numbers, and what they say, were there before. Fewer than before: of a removed queue that has
    // outgrown the old one before anybody looks nothing tells, and reconciliation has to find what is
    // missing.
    notify_many(backend, 0, 2);
    world.await(kCount, "5|3");
    CHECK(world.missed() == missed);
    CHECK(world.ask("SELECT count(DISTINCT sender_id) FROM build_events") == "5");
}
