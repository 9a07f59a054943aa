// SPDX-License-Identifier: Apache-2.0
// kill -9 of three `heddle serve` on one database while a forge delivers: nothing that was answered is lost.
#include <doctest/doctest.h>
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <thread>

#include "app/build_service/embedded/schedule.hpp"
#include "tests/flow/serve/serve_world.hpp"

using namespace heddle::test;
using nlohmann::json;

namespace {

constexpr int kProcesses = 3;
constexpr int kDeliveries = 200;
constexpr int kPullRequests = 25;
constexpr int kKills = 50;

const char* kWorkflow =
    "ci:\n"
    "  steps:\n"
    "    - branch_package:\n"
    "        source_project: demo\n"
    "        source_package: hello\n"
    "        target_project: demo:CI\n"
    "  filters:\n"
    "    event: pull_request\n";

unsigned seed() {
    const char* given = std::getenv("HEDDLE_SEED");
    return given ? static_cast<unsigned>(std::stoul(given)) : std::random_device{}();
}

std::string build_context() { return "OBS: hello - local/" + heddle::host_architecture(); }

/// A delivery that was answered with 200.
struct Answered {
    std::int64_t number;
    std::string commit;
};

/// The forge's side: delivers in the order of the pull requests' lives, again where no answer came, and never
/// far ahead of the kills, so that these fall among the deliveries.
class Deliverer {
public:
    Deliverer(ServeWorld& world,
              const MadeToken& token,
              const std::vector<std::string>& commits,
              unsigned seed)
        : world_(world), token_(token), commits_(commits), random_(seed) {}

    void deliver_all() {
        for (int i = 0; i < kDeliveries; ++i) {
            const bool may = eventually([&] { return (kills + 1) * kDeliveries >= i * kKills; },
                                        std::chrono::seconds(120));
            if (!may || !deliver(i)) break;
            answered.push_back({number_of(i), commits_.at(static_cast<std::size_t>(i))});
        }
        done = true;
    }

    std::vector<Answered> answered;  // read it after `done`
    std::atomic<int> kills{0};
    std::atomic<bool> done{false};

private:
    static std::int64_t number_of(int i) { return 1 + i % kPullRequests; }

    /// A forge tries again with the same id when no answer came.
    bool deliver(int i) {
        Happening it;
        it.number = number_of(i);
        it.what = i < kPullRequests ? "opened" : "updated";
        it.commit = commits_.at(static_cast<std::size_t>(i));
        const std::string id = "delivery-" + std::to_string(i);
        return eventually([&] {
            const int index = std::uniform_int_distribution<int>(0, kProcesses - 1)(random_);
            return world_.deliver(ForgeKind::Github, token_, it, id, index).status == 200;
        });
    }

    ServeWorld& world_;
    MadeToken token_;
    const std::vector<std::string>& commits_;
    std::mt19937 random_;
};

void kill_at_random(ServeWorld& world, Deliverer& deliverer, std::mt19937& random) {
    while (deliverer.kills < kKills && !deliverer.done) {
        ::poll(nullptr, 0, std::uniform_int_distribution<int>(50, 700)(random));
        const int index = std::uniform_int_distribution<int>(0, kProcesses - 1)(random);
        world.process(index).signal(SIGKILL);
        world.process(index).wait();
        world.start(index);
        ++deliverer.kills;
    }
}

bool everything_ended(const ServeWorld& world) {
    const std::string jobs = world.heddle_done({"jobs", "list", "--json"});
    return jobs.find("\"run_workflows\"") == std::string::npos &&
           jobs.find("\"sync_status\"") == std::string::npos &&
           jobs.find("\"build_event\"") == std::string::npos;
}

std::string wire_key(const PostedStatus& status) {
    return status.commit + "\n" + status.context + "\n" + status.state + "\n" + status.text + "\n" +
           status.url;
}

/// What the contexts of one run may end with.
struct Expected {
    std::set<std::string> started;
    std::set<std::string> build;
};

/// Each status of the run is what the forge shows, and its versions never fell.
void check_statuses(const json& run, const ForgeStandIn& forge, const Expected& expected) {
    const auto shown = forge.shown(run.at("event").at("commit_sha"));
    for (const json& status : run.at("statuses")) {
        const std::string context = status.at("context");
        const std::string state = status.at("state");
        CAPTURE(context);
        REQUIRE(shown.contains(context));
        CHECK(shown.at(context) == state);
        CHECK(status.at("sent_version") == status.at("version"));
        CHECK((context == build_context() ? expected.build : expected.started).contains(state));
        std::int64_t version = 0;
        for (const json& report : status.at("reports")) {
            CHECK(report.at("version").get<std::int64_t>() >= version);
            version = report.at("version");
        }
        CHECK(version == status.at("version").get<std::int64_t>());
    }
}

/// Every answered delivery has its one run, which ended well, and whose commit shows what is true.
void check_runs(const ServeWorld& world, const std::vector<Answered>& answered, const ForgeStandIn& forge) {
    std::map<std::pair<std::int64_t, std::string>, std::int64_t> runs;
    const json listed = json::parse(world.heddle_done({"runs", "list", "--limit", "10000", "--json"}));
    for (const json& run : listed)
        runs[{run.at("event").at("number"), run.at("event").at("commit_sha")}] = run.at("id");
    CHECK(listed.size() == answered.size());
    for (std::size_t i = 0; i < answered.size(); ++i) {
        CAPTURE(i);
        const auto found = runs.find({answered[i].number, answered[i].commit});
        REQUIRE(found != runs.end());
        const json run =
            json::parse(world.heddle_done({"runs", "show", std::to_string(found->second), "--json"}));
        CHECK(run.at("status") == "success");
        const bool is_last = i + kPullRequests >= answered.size();
        const bool is_superseded = run.at("message").get<std::string>().starts_with("superseded");
        Expected expected{{"success"}, {i % 3 == 0 ? "failure" : "success"}};
        // A newer head came while it was built, or waited, or after a kill had stopped its run.
        if (!is_last) expected.build.insert("error");
        if (is_superseded) expected.started.insert("error");
        check_statuses(run, forge, expected);
        CHECK_FALSE((is_last && is_superseded));
        if (!is_superseded) CHECK(run.at("statuses").size() == 2);
    }
}

}  // namespace

TEST_CASE(
    "kill -9 at 50 random moments of three servers under 200 deliveries loses nothing that was answered") {
    const unsigned chosen = seed();
    std::cout << "NOTE: kill -9 of servers with seed " << chosen << " (HEDDLE_SEED repeats it)" << std::endl;
    std::mt19937 random(chosen);
    ServeWorld world(kProcesses);
    for (int i = 0; i < kProcesses; ++i) world.start(i);
    world.repository.write(".obs/build", "#!/bin/sh\ngrep -q yes fine\n", true);
    world.repository.write("fine", "yes\n");
    world.repository.commit("Begin");
    world.heddle_done({"project", "create", "demo", "--repository", "local:" + heddle::host_architecture()});
    world.heddle_done(
        {"package", "create", "demo/hello", "--git", world.repository.path().string() + "#main"});
    ForgeStandIn& forge = world.forge(ForgeKind::Github);
    forge.set_file("main", kWorkflow);
    const MadeToken token = world.make_token(ForgeKind::Github);
    world.repository.branch("work");
    std::vector<std::string> commits;  // every third one fails its build
    for (int i = 0; i < kDeliveries; ++i) {
        world.repository.write("fine",
                               std::string(i % 3 == 0 ? "no" : "yes") + "\n" + std::to_string(i) + "\n");
        commits.push_back(world.repository.commit("Change " + std::to_string(i)));
    }

    Deliverer deliverer(world, token, commits, chosen + 1);
    std::thread delivering([&] { deliverer.deliver_all(); });
    kill_at_random(world, deliverer, random);
    delivering.join();
    const int kills = deliverer.kills;
    REQUIRE(deliverer.answered.size() == kDeliveries);
    CHECK(kills == kKills);
    REQUIRE(eventually([&] { return everything_ended(world); }, std::chrono::seconds(300)));
    check_runs(world, deliverer.answered, forge);

    // A status is told again only where a kill lost the answer.
    std::map<std::string, int> told;
    int repeats = 0;
    for (const PostedStatus& status : forge.posted()) {
        const int times = ++told[wire_key(status)];
        CHECK(times <= 2);
        repeats += times > 1 ? 1 : 0;
    }
    CHECK(repeats <= kills);
    std::cout << "NOTE: " << kills << " kills of servers, " << forge.posted().size() << " statuses posted, "
              << repeats << " of them again" << std::endl;
}
