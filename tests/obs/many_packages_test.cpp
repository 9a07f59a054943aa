// SPDX-License-Identifier: Apache-2.0
// Many packages of one project, rebuilt by one workflow and ended by hand: each status is right, and the Open
// Build Service is asked once for many events.
#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/flow/serve/watched_world.hpp"
#include "tests/support/obs_backend.hpp"
#include "tests/support/obs_pass_on.hpp"
#include "tests/support/stand_in_server.hpp"

using namespace heddle::test;
using namespace std::chrono_literals;
using nlohmann::json;
using std::chrono::steady_clock;
using Outcome = ObsBackend::Outcome;
using Outcomes = std::map<std::string, Outcome>;

namespace {

const std::string kProject = "many";
const std::string kCommit(40, '1');

std::string name_of(int number) {
    const std::string digits = std::to_string(number);
    return "p" + std::string(3 - digits.size(), '0') + digits;
}

/// Every seventh fails.
Outcomes outcomes(int from, int to) {
    Outcomes all;
    for (int i = from; i < to; ++i) all[name_of(i)] = i % 7 == 0 ? Outcome::Failure : Outcome::Success;
    return all;
}

std::string context_of(const std::string& package) {
    return "OBS: " + package + " - standard/" + ObsBackend::architecture();
}

double seconds_since(steady_clock::time_point begin) {
    return std::chrono::duration<double>(steady_clock::now() - begin).count();
}

/// "GET _result", "GET view=info", "POST cmd=rebuild": without the names of packages and projects.
std::string kind_of(const StandInRequest& request) {
    const std::string query = "&" + request.query();
    for (const char* name : {"&cmd=", "&view=info", "&block="})
        if (const auto at = query.find(name); at != std::string::npos)
            return request.method + " " + query.substr(at + 1, query.find('&', at + 1) - at - 1);
    const std::string path = request.path();
    const std::string last = path.substr(path.rfind('/'));
    return request.method + " " +
           (last.starts_with("/_") || last == path ? last : std::string("of one package"));
}

bool asks_for_news(const std::string& kind) {
    return std::set<std::string>({"GET /", "GET /lastnotifications", "GET block=1"}).contains(kind);
}

/// Stands between Heddle and the backend, and counts.
class CountedBackend {
public:
    explicit CountedBackend(const ObsBackend& backend)
        : backend_(backend),
          server_([this](const StandInRequest& request) { return pass_on(backend_, request); }) {}

    std::string url() const { return server_.url(); }
    void forget() { server_.forget_requests(); }

    std::map<std::string, int> kinds() const {
        std::map<std::string, int> counted;
        for (const StandInRequest& request : server_.requests()) ++counted[kind_of(request)];
        return counted;
    }

    /// All but those for news.
    int questions() const {
        int counted = 0;
        for (const auto& [kind, count] : kinds())
            if (!asks_for_news(kind)) counted += count;
        return counted;
    }

    std::string story() const {
        std::ostringstream text;
        int all = 0;
        for (const auto& [kind, count] : kinds()) {
            text << (all == 0 ? "" : ", ") << count << " " << kind;
            all += count;
        }
        return std::to_string(all) + " requests (" + text.str() + ")";
    }

private:
    const ObsBackend& backend_;
    StandInServer server_;  // last: it ends first
};

/// A project whose packages all wait to be built, and Heddle in front of it.
struct ManyPackages {
    explicit ManyPackages(int packages) : count(packages) {
        const auto begin = steady_clock::now();
        backend.add_project(kProject);
        backend.add_package(kProject, name_of(0), ObsBackend::recipe("true"));
        std::vector<std::string> others;
        for (int i = 1; i < count; ++i) others.push_back(name_of(i));
        backend.copy_package(kProject, name_of(0), others);
        REQUIRE(backend.reaches(kProject, name_of(count - 1), "scheduled"));
        MESSAGE("made " << count << " packages in " << seconds_since(begin) << " s");
        world.environment["HEDDLE_BUILD_SERVICE_KIND"] = "obs";
        world.environment["HEDDLE_BUILD_SERVICE_DIALECT"] = "backend";
        world.environment["HEDDLE_BUILD_SERVICE_API_URL"] = counted.url();
        world.environment["HEDDLE_BUILD_SERVICE_PRIVATE_NETWORK"] = "true";
        world.start();
        REQUIRE(world.process().prints("events_listening source=notifications"));
        world.heddle_done({"user", "edit", "admin", "--grant-project", kProject});
    }

    ForgeStandIn& forge() { return world.forge(ForgeKind::Gitea); }

    /// From the webhook until all builds are pending at the forge.
    void rebuild_all() {
        std::string steps = "ci:\n  steps:\n";
        for (int i = 0; i < count; ++i)
            steps += "    - rebuild_package: { project: " + kProject + ", package: " + name_of(i) + " }\n";
        forge().set_file("main", steps);
        Happening it;
        it.commit = kCommit;
        const MadeToken token = world.make_token(ForgeKind::Gitea);
        REQUIRE(world.deliver(ForgeKind::Gitea, token, it, "1").status == 200);
        REQUIRE(eventually([&] { return shows(Outcomes{}); }, 400s));
    }

    void finish(int from, int to) const { backend.finish_jobs(kProject, outcomes(from, to)); }

    /// Exactly one status for each package and the run's own; what is not in `ended` is pending.
    bool shows(const Outcomes& ended) {
        std::map<std::string, std::string> expected{{"OBS SCM/CI Workflow Integration started", "success"}};
        for (int i = 0; i < count; ++i) {
            const auto end = ended.find(name_of(i));
            expected[context_of(name_of(i))] = end == ended.end()                ? "pending"
                                               : end->second == Outcome::Failure ? "failure"
                                                                                 : "success";
        }
        return forge().shown(kCommit) == expected;
    }

    /// No status was ever posted but a pending one and the right end, and the end once.
    void check_posted() {
        const Outcomes all = outcomes(0, count);
        std::map<std::string, int> ends;
        for (const PostedStatus& status : forge().posted()) {
            CHECK(status.commit == kCommit);
            if (status.state != "pending") ++ends[status.context + " " + status.state];
        }
        std::map<std::string, int> expected{{"OBS SCM/CI Workflow Integration started success", 1}};
        for (const auto& [package, outcome] : all)
            expected[context_of(package) + (outcome == Outcome::Failure ? " failure" : " success")] = 1;
        CHECK(ends == expected);
    }

    const int count;
    ObsBackend backend{{ObsBackend::Level::Sched}};
    CountedBackend counted{backend};
    WatchedWorld world;
};

}  // namespace

TEST_CASE("500 packages of one project are rebuilt, and no event costs a question of its own") {
    ManyPackages many(500);
    many.counted.forget();
    auto begin = steady_clock::now();
    many.rebuild_all();
    MESSAGE("from the webhook to " << many.count << " pending statuses: " << seconds_since(begin) << " s, "
                                   << many.counted.story());
    // A rebuild asks four questions; their results cost no question for each.
    CHECK(many.counted.questions() <= 4 * many.count + many.count / 10);

    many.counted.forget();
    begin = steady_clock::now();
    many.finish(0, many.count);
    MESSAGE("handed in " << many.count << " results in " << seconds_since(begin) << " s");
    const auto last = steady_clock::now();
    CHECK(eventually([&] { return many.shows(outcomes(0, many.count)); }, 60s));
    MESSAGE("from the last result to the last status: " << seconds_since(last) << " s, "
                                                        << many.counted.story());
    const double seconds = seconds_since(begin);
    many.check_posted();
    // All that was asked is what news there are, two rounds a second at most, however many came.
    const auto kinds = many.counted.kinds();
    int asked = 0;
    for (const auto& [kind, count] : kinds) {
        CHECK_MESSAGE(asks_for_news(kind), kind);
        asked += count;
    }
    CHECK(asked <= 8 * seconds + 8);
}

TEST_CASE("Heddle killed in the middle of many results loses none and tells none twice") {
    ManyPackages many(60);
    many.rebuild_all();
    many.finish(0, 20);
    many.world.process().signal(SIGKILL);
    many.world.process().wait();
    many.finish(20, 40);
    many.world.start();
    many.finish(40, many.count);
    CHECK(eventually([&] { return many.shows(outcomes(0, many.count)); }, 120s));
    many.check_posted();
}
