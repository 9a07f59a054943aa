// SPDX-License-Identifier: Apache-2.0
// kill -9 of three `heddle serve` on one database while a forge delivers: nothing that was answered is lost.
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/utsname.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "tests/flow/serve/serve_world.hpp"

using namespace heddle::test;

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

std::string architecture() {
    utsname names{};
    REQUIRE(::uname(&names) == 0);
    return names.machine;
}

/// A delivery that was answered with 200.
struct Answered {
    std::int64_t number;
    std::string commit;
};

/// The forge's side: delivers in the order of the pull requests' lives, again where no answer came.
class Deliverer {
public:
    Deliverer(ServeWorld& world,
              const MadeToken& token,
              const std::vector<std::string>& commits,
              unsigned seed)
        : world_(world), token_(token), commits_(commits), random_(seed) {}

    void deliver_all() {
        for (int i = 0; i < kDeliveries; ++i) {
            Happening it;
            it.number = 1 + i % kPullRequests;
            it.what = i < kPullRequests ? "opened" : "updated";
            it.commit = commits_.at(static_cast<std::size_t>(i));
            const std::string id = "delivery-" + std::to_string(i);
            // A forge tries again with the same id when no answer came.
            const bool taken = eventually([&] {
                const int index = std::uniform_int_distribution<int>(0, kProcesses - 1)(random_);
                return world_.deliver(ForgeKind::Github, token_, it, id, index).status == 200;
            });
            if (!taken) break;
            answered.push_back({it.number, it.commit});
        }
        done = true;
    }

    std::vector<Answered> answered;  // read it after `done`
    std::atomic<bool> done{false};

private:
    ServeWorld& world_;
    MadeToken token_;
    const std::vector<std::string>& commits_;
    std::mt19937 random_;
};

int kill_at_random(ServeWorld& world, const Deliverer& deliverer, std::mt19937& random) {
    int kills = 0;
    while (kills < kKills || !deliverer.done) {
        ::poll(nullptr, 0, std::uniform_int_distribution<int>(50, 700)(random));
        if (kills >= kKills) continue;
        const int index = std::uniform_int_distribution<int>(0, kProcesses - 1)(random);
        world.process(index).signal(SIGKILL);
        world.process(index).wait();
        world.start(index);
        ++kills;
    }
    return kills;
}

int count(const std::string& text, const std::string& part) {
    int found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

bool everything_ended(const ServeWorld& world) {
    const std::string jobs = world.heddle_done({"jobs", "list", "--json"});
    return jobs.find("\"run_workflows\"") == std::string::npos &&
           jobs.find("\"sync_status\"") == std::string::npos &&
           jobs.find("\"build_event\"") == std::string::npos;
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
    world.heddle_done({"project", "create", "demo", "--repository", "local:" + architecture()});
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
    const int kills = kill_at_random(world, deliverer, random);
    delivering.join();
    REQUIRE(deliverer.answered.size() == kDeliveries);
    REQUIRE(eventually([&] { return everything_ended(world); }, std::chrono::seconds(300)));

    // Every run ended, and the last commit of every pull request shows what its build said.
    const std::string runs = world.heddle_done({"runs", "list", "--limit", "10000", "--json"});
    CHECK(count(runs, "\"running\"") + count(runs, "\"queued\"") == 0);
    const std::string context = "OBS: hello - local/" + architecture();
    for (int i = kDeliveries - kPullRequests; i < kDeliveries; ++i) {
        const auto shown = forge.shown(commits.at(static_cast<std::size_t>(i)));
        CAPTURE(i);
        REQUIRE(shown.contains(context));
        CHECK(shown.at(context) == (i % 3 == 0 ? "failure" : "success"));
        CHECK(shown.at("OBS SCM/CI Workflow Integration started") == "success");
    }
    // No status of any commit stays pending, and none was told more often again than a server was killed.
    std::map<std::string, int> told;
    int repeats = 0;
    for (const PostedStatus& status : forge.posted())
        if (++told[status.commit + status.context + status.state + status.text] > 1) ++repeats;
    for (const std::string& commit : commits)
        for (const auto& [name, state] : forge.shown(commit)) CHECK_MESSAGE(state != "pending", name);
    CHECK(repeats <= kills);
    std::cout << "NOTE: " << kills << " kills of servers, " << forge.posted().size() << " statuses posted, "
              << repeats << " of them again" << std::endl;
}
