// SPDX-License-Identifier: Apache-2.0
// Messages of a real RabbitMQ become rows of build_events, each event once, whatever dies in between.
#include <doctest/doctest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "app/config/amqp_url.hpp"
#include "tests/obs/listening_world.hpp"
#include "tests/support/captured_log.hpp"
#include "tests/support/rabbitmq.hpp"
#include "tests/support/stand_in_server.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::test;
using namespace std::chrono_literals;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

namespace {

const std::string kSuccess = "opensuse.obs.package.build_success";
const std::string kFail = "opensuse.obs.package.build_fail";
const std::string kBuilds = "SELECT package, type FROM build_events ORDER BY id";
const std::string kCount = "SELECT count(*), count(DISTINCT package) FROM build_events";

json build(const std::string& package, int started = 1795339668) {
    return {{"project", "home:demo"},
            {"package", package},
            {"repository", "standard"},
            {"arch", "x86_64"},
            {"rev", "2"},
            {"srcmd5", "032ed8444aaa86b201900008b66aa59c"},
            {"reason", "source change"},
            {"starttime", std::to_string(started)},
            {"endtime", std::to_string(started + 60)},
            {"workerid", "test:1"}};
}

/// An exchange of its own on the shared server, and a queue of the same name.
struct Bus {
    Bus() : name("bus-" + std::to_string(::getpid()) + "-" + std::to_string(++count)) {
        server.add_exchange(name);
    }

    BusOptions options(bool durable = true) const {
        BusOptions options;
        options.url = parse_amqp_url("amqp://guest:guest@127.0.0.1:" + std::to_string(server.port())).value();
        options.exchange = name;
        options.topic = "opensuse.obs.#";
        if (durable) options.queue = name;
        return options;
    }
    void publish(const std::string& key, const json& body) { server.publish(name, key, body.dump()); }
    void publish_many(int from, int to) {
        for (int i = from; i < to; ++i) publish(kSuccess, build("p" + std::to_string(i)));
    }

    static inline int count = 0;
    RabbitMq& server = RabbitMq::shared();
    const std::string name;
};

}  // namespace

TEST_CASE("messages become build events") {
    ListeningWorld world;
    Bus bus;
    const auto listener = world.listen_to_bus(bus.options());
    world.await_listening(1);
    bus.publish(kSuccess, build("good"));
    bus.publish(kFail, build("bad"));
    bus.publish("opensuse.obs.package.build_unchanged", build("same"));
    bus.publish("opensuse.obs.repo.published", {{"project", "home:demo"}, {"repo", "standard"}});
    bus.publish("opensuse.obs.package.delete", {{"project", "home:demo"}, {"package", "bad"}});
    bus.publish("opensuse.obs.project.delete", {{"project", "home:demo"}, {"sender", "ann"}});
    world.await(
        kBuilds,
        "good|build_success;bad|build_fail;same|build_unchanged;bad|package_deleted;|project_deleted");
    CHECK(world.ask("SELECT sender, project, repository, architecture, rev, srcmd5, "
                    "extract(epoch FROM started_at)::bigint, extract(epoch FROM ended_at)::bigint, reason "
                    "FROM build_events LIMIT 1") ==
          "bus|home:demo|standard|x86_64|2|032ed8444aaa86b201900008b66aa59c|1795339668|1795339728|");
    CHECK(world.ask("SELECT count(*) FROM jobs WHERE kind = 'build_event'") == "5");
    CHECK(world.heard("other") == 1);
    CHECK(world.missed() == 1);
}

TEST_CASE("the same message ten times is one event, and a second build of the revision another") {
    ListeningWorld world;
    Bus bus;
    const auto listener = world.listen_to_bus(bus.options());
    world.await_listening(1);
    for (int i = 0; i < 10; ++i) bus.publish(kFail, build("hello"));
    bus.publish(kFail, build("hello", 1795349668));
    bus.publish(kSuccess, build("end"));
    world.await(kBuilds, "hello|build_fail;hello|build_fail;end|build_success");
    CHECK(world.heard("build_fail") == 11);
}

TEST_CASE("messages that wait in a durable queue while nobody listens are read afterwards") {
    ListeningWorld world;
    Bus bus;
    auto listener = world.listen_to_bus(bus.options());
    world.await_listening(1);
    bus.publish_many(0, 5);
    world.await(kCount, "5|5");
    listener.reset();
    bus.publish_many(5, 300);
    listener = world.listen_to_bus(bus.options());
    world.await(kCount, "300|300");
    CHECK(world.missed() == 1);  // when the queue was made
}

TEST_CASE("a queue without a name ends with the connection, so that all states are read afresh") {
    ListeningWorld world;
    Bus bus;
    auto listener = world.listen_to_bus(bus.options(false));
    world.await_listening(1);
    bus.publish(kSuccess, build("one"));
    world.await(kBuilds, "one|build_success");
    listener.reset();
    bus.publish(kSuccess, build("missed"));
    listener = world.listen_to_bus(bus.options(false));
    world.await_listening(2);
    bus.publish(kSuccess, build("two"));
    world.await(kBuilds, "one|build_success;two|build_success");
}

TEST_CASE("a process that dies between the commit and the acknowledgement stores nothing twice") {
    ListeningWorld world;
    Bus bus;
    int deaths = 3;
    world.after_storing = [&] {
        if (deaths-- > 0) throw std::runtime_error("killed");
    };
    const auto listener = world.listen_to_bus(bus.options());
    world.await_listening(1);
    bus.publish_many(0, 20);
    bus.publish("opensuse.obs.project.delete", {{"project", "home:demo"}});
    world.await("SELECT count(*), count(DISTINCT sender_id) FROM build_events", "21|21");
    world.await_told([&] { return deaths < 0 && world.heard("project_deleted") >= 1; });
    CHECK(world.ask(kCount) == "21|21");
}

TEST_CASE("connections to the database that break at any moment lose and double nothing") {
    ListeningWorld world;
    Bus bus;
    const auto listener = world.listen_to_bus(bus.options());
    const auto other = world.listen_to_bus(bus.options());
    world.await_listening(1);
    for (int i = 0; i < 200; ++i) {
        bus.publish_many(i, i + 1);
        if (i % 10 == 0) world.cut_listeners();
    }
    world.await(kCount, "200|200");
    CHECK(world.ask("SELECT count(DISTINCT sender_id) FROM build_events") == "200");
}

TEST_CASE("a RabbitMQ that is killed and started again loses and doubles nothing") {
    ListeningWorld world;
    Bus bus;
    const auto listener = world.listen_to_bus(bus.options());
    world.await_listening(1);
    bus.publish_many(0, 50);
    bus.server.kill_hard();
    bus.server.start_again();
    bus.publish_many(50, 100);
    world.await(kCount, "100|100");
    CHECK(world.missed() == 1);
}

TEST_CASE("messages that are no events are acknowledged, counted, told of once, and never stored") {
    std::string log;
    {
        CapturedLog captured;
        ListeningWorld world;
        Bus bus;
        {
            const auto listener = world.listen_to_bus(bus.options());
            world.await_listening(1);
            const std::string body = build("x").dump();
            for (const std::string& bad : {std::string(),
                                           std::string("not JSON"),
                                           body.substr(0, 50),
                                           std::string("[]"),
                                           std::string("null"),
                                           std::string("17"),
                                           "[" + body + "]",
                                           std::string("{\"project\":7}"),
                                           std::string("\xff\xfe{}"),
                                           std::string(100'000, '['),
                                           std::string(3'000'000, ' ') + body,
                                           std::string("{\"a\":\"\xc3\x28\"}")})
                bus.server.publish(bus.name, kSuccess, bad);
            json wrong = build("x");
            wrong["package"] = {{"a", "b"}};
            bus.publish(kSuccess, wrong);
            wrong = build("..");
            bus.publish(kSuccess, wrong);
            wrong = build("x");
            wrong["starttime"] = "1e999";
            bus.publish(kFail, wrong);
            wrong = build(std::string("a\0b", 3));
            bus.publish(kFail, wrong);
            for (const std::string& key : {std::string("opensuse.obs.package.build_nonsense"),
                                           std::string("opensuse.obs"),
                                           std::string("opensuse.obs."),
                                           "opensuse.obs." + std::string(200, 'x')})
                bus.server.publish(bus.name, key, "\x01\x02");
            json more = build("good");
            more["unknown"] = {{"deep", json::array({1, 2, 3})}};
            bus.publish(kSuccess, more);
            world.await(kBuilds, "good|build_success");
            world.await_told([&] { return world.heard("unusable") == 16 && world.heard("other") == 4; });
        }
        CHECK(bus.server.waiting(bus.name) == 0);
        log = captured.text();
    }
    CAPTURE(log);
    CHECK(log.find("events_interrupted") == std::string::npos);
    const auto first = log.find("events_unusable");
    CHECK(first != std::string::npos);
    CHECK(log.find("events_unusable", first + 1) == std::string::npos);
}

TEST_CASE("events out of order are stored as they come") {
    ListeningWorld world;
    Bus bus;
    const auto listener = world.listen_to_bus(bus.options());
    world.await_listening(1);
    bus.publish(kSuccess, build("hello", 1795339900));
    bus.publish(kFail, build("hello", 1795339600));
    world.await("SELECT type, extract(epoch FROM started_at)::bigint FROM build_events ORDER BY id",
                "build_success|1795339900;build_fail|1795339600");
}

TEST_CASE("a queue that is deleted under the listener is made again") {
    ListeningWorld world;
    Bus bus;
    const auto listener = world.listen_to_bus(bus.options());
    world.await_listening(1);
    bus.server.remove_queue(bus.name);
    world.await_listening(2);
    bus.publish(kSuccess, build("after"));
    world.await(kBuilds, "after|build_success");
}

TEST_CASE("what the server refuses is told without the password") {
    Bus bus;
    BusOptions options = bus.options();
    std::string why;
    SUBCASE("no exchange") { options.exchange = why = "nowhere"; }
    SUBCASE("a wrong user") { options.url.user = "ann", why = "refused"; }
    SUBCASE("a wrong password") { options.url.password = "very-secret", why = "refused"; }
    SUBCASE("no such virtual host") { options.url.vhost = why = "nowhere"; }
    std::string told;
    try {
        BusConnection connection(options);
    } catch (const RemoteError& error) {
        told = error.what();
    }
    CAPTURE(told);
    CHECK(told.find(why) != std::string::npos);
    CHECK(told.find("very-secret") == std::string::npos);
}

TEST_CASE("TLS is verified") {
    ListeningWorld world;
    Bus bus;
    BusOptions options = bus.options();
    options.url.tls = true;
    options.url.port = bus.server.tls_port();
    options.url.host = "localhost";
    SUBCASE("by its authority") {
        options.ca_file = bus.server.ca_file();
        const auto listener = world.listen_to_bus(options);
        world.await_listening(1);
        bus.publish(kSuccess, build("secret"));
        world.await(kBuilds, "secret|build_success");
    }
    SUBCASE("not by the system's authorities") {
        CHECK_THROWS_WITH(BusConnection{options}, doctest::Contains("listen to amqps://localhost:"));
        CHECK_THROWS_WITH(BusConnection{options}, doctest::Contains("build_events.rabbitmq.ca_file"));
    }
    SUBCASE("not for another name") {
        options.ca_file = bus.server.ca_file();
        options.url.host = "127.1";  // the same address, but no name in the certificate
        CHECK_THROWS_WITH(BusConnection{options}, doctest::Contains("its certificate is not for 127.1"));
    }
}

TEST_CASE("what keeps a connection from coming about is told so that it can be mended") {
    Bus bus;
    BusOptions options = bus.options();
    options.patience = 1s;
    std::string told;
    SUBCASE("nobody listens") { options.url.port = 1, told = ":1: nobody listens there"; }
    SUBCASE("no such host") { options.url.host = "bus.invalid", told = "no host is known by that name"; }
    SUBCASE("the port is one of TLS") {
        options.url.port = bus.server.tls_port(), told = "does it want amqps";
    }
    SUBCASE("the port is none of TLS") { options.url.tls = true, told = "or it speaks no TLS (amqp)"; }
    SUBCASE("the port is one of HTTP") {
        const StandInServer web([](const StandInRequest&) { return StandInAnswer{}; });
        options.url.port = web.port();
        CHECK_THROWS_WITH(BusConnection{options}, doctest::Contains("is that a port of AMQP"));
        return;
    }
    CHECK_THROWS_WITH(BusConnection{options}, doctest::Contains(told.c_str()));
}

TEST_CASE("a server that says nothing is left soon") {
    const StandInServer mute;
    BusOptions options;
    options.url = parse_amqp_url("amqp://127.0.0.1:" + std::to_string(mute.port())).value();
    options.exchange = "pubsub";
    options.patience = 300ms;
    const auto began = Clock::now();
    CHECK_THROWS_WITH(BusConnection{options}, doctest::Contains("no answer: is that a port of AMQP"));
    CHECK(Clock::now() - began < 5s);
    CHECK(mute.connections() == 1);
}

TEST_CASE("a stop does not wait for messages") {
    ListeningWorld world;
    Bus bus;
    auto listener = world.listen_to_bus(bus.options());
    world.await_listening(1);
    const auto began = Clock::now();
    listener.reset();
    CHECK(Clock::now() - began < 3s);
}
