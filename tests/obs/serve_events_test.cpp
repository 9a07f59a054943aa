// SPDX-License-Identifier: Apache-2.0
// `heddle serve` with a real RabbitMQ and a real backend: from the configuration to the rows, and from the
// webhook to the statuses when nothing but events can tell of a build's end.
#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>
#include <vector>

#include "tests/flow/serve/watched_world.hpp"
#include "tests/support/obs_backend.hpp"
#include "tests/support/rabbitmq.hpp"

using namespace heddle::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const std::string kExchange = "serve-" + std::to_string(::getpid());

void publish(int from, int to) {
    for (int i = from; i < to; ++i)
        RabbitMq::shared().publish(kExchange,
                                   "opensuse.obs.package.build_success",
                                   json{{"project", "demo"},
                                        {"package", "p" + std::to_string(i)},
                                        {"repository", "standard"},
                                        {"arch", "x86_64"},
                                        {"starttime", "1795339668"}}
                                       .dump());
}

const std::string kGood(40, '1'), kBad(40, '2'), kSame(40, '3');

const char* kWorkflow =
    "ci:\n"
    "  steps:\n"
    "    - branch_package: { source_project: demo, source_package: hello, target_project: 'demo:CI' }\n";

/// How each commit's build ends.
const std::string kRecipe = ObsBackend::recipe("if grep -q " + kBad + " _branch_request; then exit 1; fi\n" +
                                               "if grep -q " + kSame + " _branch_request; then exit 2; fi");

void use_backend(ServeWorld& world, ObsBackend& backend) {
    backend.add_project("demo");
    backend.add_package("demo", "hello", kRecipe);
    world.environment["HEDDLE_BUILD_SERVICE_KIND"] = "obs";
    world.environment["HEDDLE_BUILD_SERVICE_DIALECT"] = "backend";
    world.environment["HEDDLE_BUILD_SERVICE_API_URL"] = backend.api_url();
    world.environment["HEDDLE_BUILD_SERVICE_PRIVATE_NETWORK"] = "true";
    world.environment["HEDDLE_BUILD_EVENTS_RECONCILE_AFTER"] = "10h";
}

/// What the forge knows of one pull request, whose steps branch.
class PullRequest {
public:
    explicit PullRequest(ServeWorld& world) : world_(world) {
        world.heddle_done({"user", "edit", "admin", "--grant-project", "demo:CI"});
        forge().set_file("main", kWorkflow);
        token_ = world.make_token(ForgeKind::Gitea);
    }

    ForgeStandIn& forge() { return world_.forge(ForgeKind::Gitea); }
    void happens(const std::string& what, const std::string& commit) {
        Happening it;
        it.what = what;
        it.commit = commit;
        REQUIRE(world_.deliver(ForgeKind::Gitea, token_, it, std::to_string(++deliveries_)).status == 200);
    }
    std::string status(const std::string& commit) { return forge().shown(commit)[kContext]; }
    bool shows(const std::string& commit, const std::string& state) {
        return eventually([&] { return status(commit) == state; }, 180s);
    }
    /// The newest word on that commit's build.
    std::string text(const std::string& commit) {
        std::string text;
        for (const PostedStatus& posted : forge().posted())
            if (posted.commit == commit && posted.context == kContext) text = posted.text;
        return text;
    }

private:
    inline static const std::string kContext = "OBS: hello - standard/" + ObsBackend::architecture();

    ServeWorld& world_;
    MadeToken token_;
    int deliveries_ = 0;
};

/// Three heads of a pull request, each after the end of the one before.
void check_statuses(ServeWorld& world) {
    PullRequest pull(world);
    std::string what = "opened";
    for (const auto& [commit, state] : std::vector<std::pair<std::string, std::string>>{
             {kGood, "success"}, {kBad, "failure"}, {kSame, "success"}}) {
        pull.happens(std::exchange(what, "updated"), commit);
        CAPTURE(commit);
        CHECK(pull.shows(commit, state));
    }
    CHECK(pull.status(kGood) == "success");
}

/// "package.build_fail", "project.delete"; empty: that is not told to anybody.
std::string key_of(std::string type) {
    for (char& letter : type) letter = static_cast<char>(std::tolower(letter));
    if (type.starts_with("build_")) return "package." + type;
    if (type == "srcsrv_delete_package") return "package.delete";
    return type == "srcsrv_delete_project" ? "project.delete" : "";
}

/// What the frontend does: reads the queue from its begin and tells the bus.
class Frontend {
public:
    explicit Frontend(ObsBackend& backend)
        : backend_(backend), thread_([this](const std::stop_token& stop) { loop(stop); }) {}

private:
    void loop(const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        // As OBS's frontend it asks now and then; each question is a process at the backend.
        for (std::int64_t next = 1;
             !never.wait_for(lock, stop, 500ms, [&] { return stop.stop_requested(); });) {
            const json read = json::parse(
                backend_.get("/lastnotifications?noprune=1&view=json&start=" + std::to_string(next)).body);
            for (const json& entry : read.at("notification")) {
                ++next;
                const std::string key = key_of(entry.at("type"));
                if (!key.empty())
                    RabbitMq::shared().publish(kExchange, "opensuse.obs." + key, entry.at("data").dump());
            }
        }
    }

    ObsBackend& backend_;
    std::jthread thread_;
};

void use_bus(ServeWorld& world) {
    RabbitMq::shared().add_exchange(kExchange);
    const auto password = world.folder() / "bus-password";
    std::ofstream(password) << "guest\n";
    std::filesystem::permissions(password, std::filesystem::perms(0600));
    const std::string front = "HEDDLE_BUILD_EVENTS_RABBITMQ_";
    world.environment[front + "URL"] = "amqp://guest@127.0.0.1:" + std::to_string(RabbitMq::shared().port());
    world.environment[front + "PASSWORD_FILE"] = password;
    world.environment[front + "EXCHANGE"] = kExchange;
    world.environment[front + "QUEUE"] = kExchange;
}

/// A bus, and a backend that is not polled; listening.
void start_with_bus(WatchedWorld& world, ObsBackend& backend) {
    use_bus(world);
    use_backend(world, backend);
    world.environment["HEDDLE_BUILD_EVENTS_NOTIFICATIONS_POLL"] = "false";
    world.start();
    REQUIRE(world.process().prints("events_listening source=bus"));
}

const std::string kProject = "demo:CI:team:hello:PR-1";
const std::string kCount = "SELECT count(*) || ' ' || count(DISTINCT package) FROM build_events";

}  // namespace

TEST_CASE("serve listens to the bus, and what it is killed in loses and doubles nothing") {
    WatchedWorld world;
    use_bus(world);
    world.start();
    REQUIRE(world.process().prints("events_listening source=bus"));
    publish(0, 10);
    REQUIRE(eventually([&] { return world.ask(kCount) == "10 10"; }));
    const std::string metrics = world.get("/metrics").body;
    CHECK(metrics.find("heddle_events_heard_total{source=\"bus\",type=\"build_success\"} 10") !=
          std::string::npos);
    CHECK(metrics.find("heddle_listening{source=\"bus\"} 1") != std::string::npos);
    publish(10, 40);
    world.process().signal(SIGKILL);
    publish(40, 60);
    world.process().wait();
    world.start();
    REQUIRE(eventually([&] { return world.ask(kCount) == "60 60"; }));
    world.process().signal(SIGTERM);
    CHECK(world.process().wait().exit_code == 0);
    CHECK(RabbitMq::shared().waiting(kExchange) == 0);
}

TEST_CASE(
    "a password file that is not there is a sentence, and a bus that is not there is no reason not to "
    "start") {
    WatchedWorld world;
    use_bus(world);
    world.environment["HEDDLE_BUILD_EVENTS_RABBITMQ_URL"] = "amqp://guest@127.0.0.1:1";
    SUBCASE("no file") {
        std::filesystem::remove(world.folder() / "bus-password");
        const Ended ended = world.heddle({"serve"});
        CHECK(ended.exit_code == 2);
        CHECK(ended.err.starts_with(
            "heddle: HEDDLE_BUILD_EVENTS_RABBITMQ_PASSWORD_FILE: build_events.rabbitmq.password_file: "));
    }
    SUBCASE("no bus") {
        world.start();
        REQUIRE(
            world.process().prints("events_interrupted source=bus because=\"listen to amqp://127.0.0.1:1: "));
        CHECK(world.get("/readyz").status == 200);
        world.process().signal(SIGTERM);
        CHECK(world.process().wait().exit_code == 0);
    }
}

TEST_CASE("statuses come through the queue of a real backend, an unchanged result being a success") {
    ObsBackend backend({ObsBackend::Level::Build, ObsBackend::Worker::Script});
    WatchedWorld world;
    use_backend(world, backend);
    world.start();
    REQUIRE(world.process().prints("events_listening source=notifications"));
    check_statuses(world);
    CHECK(world.ask("SELECT string_agg(DISTINCT sender, ' ') FROM build_events WHERE type LIKE 'build%'") ==
          "notifications");
    CHECK(world.ask("SELECT count(*) FROM build_events WHERE type = 'build_unchanged'") != "0");
}

TEST_CASE("statuses come through the bus when the backend is not polled") {
    ObsBackend backend({ObsBackend::Level::Build, ObsBackend::Worker::Script});
    WatchedWorld world;
    start_with_bus(world, backend);
    const Frontend frontend(backend);
    check_statuses(world);
    CHECK(world.ask("SELECT string_agg(DISTINCT sender, ' ') FROM build_events WHERE type LIKE 'build%'") ==
          "bus");
}

TEST_CASE(
    "what can't be built any more, told by the bus without a time, is looked at, also after a success") {
    ObsBackend backend({ObsBackend::Level::Build, ObsBackend::Worker::Script});
    WatchedWorld world;
    start_with_bus(world, backend);
    const Frontend frontend(backend);
    PullRequest pull(world);
    pull.happens("opened", kGood);
    CHECK(pull.shows(kGood, "success"));
    // Debian's backend does not tell of these; newer ones do.
    const auto tell = [&](const std::string& word) {
        const std::string about =
            "&repository=standard&arch=" + ObsBackend::architecture() + "&reason=as%20told";
        REQUIRE(backend.post("/notify/" + word + "?project=" + kProject + "&package=hello" + about).status ==
                200);
    };
    tell("BUILD_BROKEN");  // which is not true
    CHECK(eventually(
        [&] { return world.ask("SELECT count(*) FROM build_events WHERE type = 'build_broken'") != "0"; }));
    world.settle();
    CHECK(pull.status(kGood) == "success");
    REQUIRE(backend.put("/source/" + kProject + "/_config", "Required: yarn\n").status == 200);
    REQUIRE(backend.reaches(kProject, "hello", "unresolvable"));
    tell("BUILD_UNRESOLVABLE");
    CHECK(pull.shows(kGood, "failure"));
    CHECK(pull.text(kGood) == "unresolvable: nothing provides yarn");
}

TEST_CASE("a project that somebody deletes ends what waits for it, told by the bus") {
    ObsBackend backend({ObsBackend::Level::Sched});
    WatchedWorld world;
    start_with_bus(world, backend);
    const Frontend frontend(backend);
    PullRequest pull(world);
    pull.happens("opened", kGood);
    CHECK(pull.shows(kGood, "pending"));
    SUBCASE("the project") { REQUIRE(backend.erase("/source/" + kProject).status == 200); }
    SUBCASE("the package") { REQUIRE(backend.erase("/source/" + kProject + "/hello").status == 200); }
    CHECK(pull.shows(kGood, "error"));
}

TEST_CASE("a deletion that the bus tells late takes nothing from what was made after it") {
    ObsBackend backend({ObsBackend::Level::Sched});
    WatchedWorld world;
    start_with_bus(world, backend);
    PullRequest pull(world);
    pull.happens("opened", kGood);
    CHECK(pull.shows(kGood, "pending"));
    pull.happens("closed", kGood);
    CHECK(eventually([&] { return backend.get("/source/" + kProject + "/_meta").status == 404; }));
    pull.happens("reopened", kBad);
    CHECK(pull.shows(kBad, "pending"));
    const Frontend late(backend);
    CHECK(eventually([&] {
        return world.ask("SELECT count(*) FROM build_events WHERE type = 'project_deleted'") != "0";
    }));
    world.settle();
    CHECK(pull.status(kBad) == "pending");
    backend.finish_job(kProject, "hello", ObsBackend::Outcome::Failure);
    CHECK(pull.shows(kBad, "failure"));
}
