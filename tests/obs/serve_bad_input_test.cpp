// SPDX-License-Identifier: Apache-2.0
// The whole server before a real backend that is locked, refuses, talks nonsense or forgets: no status is
// lost and none invented. No status can be mended by reconciliation here, which waits for hours.
#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "tests/flow/serve/watched_world.hpp"
#include "tests/support/obs_backend.hpp"
#include "tests/support/obs_pass_on.hpp"
#include "tests/support/stand_in_server.hpp"

using namespace heddle::test;
using namespace std::chrono_literals;
using nlohmann::json;
using Manner = StandInAnswer::Manner;
using Outcome = ObsBackend::Outcome;

namespace {

const std::string kProject = "demo:CI:team:hello:PR-1";
const std::string kCommit(40, '1');
const std::string kNewer(40, '2');

std::string branch_of(const std::string& source_package) {
    return "ci:\n  steps:\n    - branch_package: { source_project: demo, source_package: " + source_package +
           ", target_project: 'demo:CI' }\n";
}

/// Between Heddle and the backend: answers some requests as nobody should.
class TroubledBackend {
public:
    explicit TroubledBackend(const ObsBackend& backend)
        : backend_(backend), server_([this](const StandInRequest& request) { return answer(request); }) {}

    std::string url() const { return server_.url(); }
    /// Of the requests that steps make, and looks at results, every fifth is answered so, twice; before that
    /// it does its work all the same where `works`. Until then nobody hears of news either.
    void trouble(const StandInAnswer& how, bool works) {
        const std::lock_guard lock(mutex_);
        asked_ = 0;
        how_ = how;
        works_ = works;
    }
    /// No package is made from now on: that is the answer.
    void refuse_packages(const StandInAnswer& how) {
        const std::lock_guard lock(mutex_);
        refusal_ = how;
    }
    bool is_over() {
        const std::lock_guard lock(mutex_);
        return asked_ >= kTroubled;
    }

private:
    static constexpr int kTroubled = 10;

    StandInAnswer answer(const StandInRequest& request) {
        std::unique_lock lock(mutex_);
        if (refusal_ && request.method == "PUT" && request.path().ends_with("/hello/_meta")) return *refusal_;
        if (asked_ >= kTroubled) return lock.unlock(), pass_on(backend_, request);
        const StandInAnswer bad = how_;
        const bool is_work = request.path().starts_with("/source/") || request.path().starts_with("/build/");
        const bool is_bad =
            is_work ? ++asked_ % (kTroubled / 2) == 0 : request.path() == "/lastnotifications";
        const bool passes_on = !is_bad || (is_work && works_);
        lock.unlock();
        const StandInAnswer good = passes_on ? pass_on(backend_, request) : StandInAnswer{};
        return is_bad ? bad : good;
    }

    const ObsBackend& backend_;
    std::mutex mutex_;
    int asked_ = kTroubled;
    StandInAnswer how_;
    bool works_ = false;
    std::optional<StandInAnswer> refusal_;
    StandInServer server_;  // last: it ends first
};

/// Builds are ended by hand.
struct ServedObs {
    ServedObs() {
        backend.add_project("demo");
        backend.add_package("demo", "hello", ObsBackend::recipe("true"));
        world.environment.merge(
            std::map<std::string, std::string>{{"HEDDLE_BUILD_SERVICE_KIND", "obs"},
                                               {"HEDDLE_BUILD_SERVICE_DIALECT", "backend"},
                                               {"HEDDLE_BUILD_SERVICE_API_URL", between.url()},
                                               {"HEDDLE_BUILD_SERVICE_PRIVATE_NETWORK", "true"},
                                               {"HEDDLE_BUILD_EVENTS_RECONCILE_AFTER", "10h"}});
        world.start();
        REQUIRE(world.process().prints("events_listening source=notifications"));
        world.heddle_done({"user", "edit", "admin", "--grant-project", "demo:CI"});
        forge().set_file("main", branch_of("hello"));
        token = world.make_token(ForgeKind::Gitea);
    }

    ForgeStandIn& forge() { return world.forge(ForgeKind::Gitea); }
    void deliver(const std::string& what, const std::string& commit, const std::string& id) {
        Happening it;
        it.what = what;
        it.commit = commit;
        const HttpReply reply = world.deliver(ForgeKind::Gitea, token, it, id);
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
    }
    json run(int id) {
        return json::parse(world.heddle_done({"runs", "show", std::to_string(id), "--json"}));
    }
    bool ends(int id, const std::string& status) {
        return eventually([&] { return run(id).at("status") == status; }, 150s);
    }
    std::string status(const std::string& commit) {
        const auto shown = forge().shown(commit);
        const auto found = shown.find("OBS: hello - standard/" + ObsBackend::architecture());
        return found == shown.end() ? "" : found->second;
    }
    bool shows(const std::string& commit, const std::string& state) {
        return eventually([&] { return status(commit) == state; }, 150s);
    }
    void check_told(const std::string& commit, const std::set<std::string>& states) {
        for (const PostedStatus& posted : forge().posted())
            if (posted.commit == commit && posted.context.starts_with("OBS: "))
                CHECK_MESSAGE(states.contains(posted.state), posted.state << ": " << posted.text);
    }
    std::set<std::string> pending_of(const std::string& commit) {
        std::set<std::string> pending;
        for (const auto& [context, state] : forge().shown(commit))
            if (state == "pending") pending.insert(context);
        return pending;
    }
    void set_lock(const std::string& word) {
        const std::string meta = "/source/" + kProject + "/_meta";
        std::string text = backend.get(meta).body;
        if (const auto at = text.find("<lock>"); at != std::string::npos)
            text.erase(at, text.find("</lock>") + 7 - at);
        text.insert(text.find("</description>") + 14, "<lock><" + word + "/></lock>");
        REQUIRE(backend.put(meta, text).status == 200);
    }

    ObsBackend backend{{ObsBackend::Level::Sched}};
    TroubledBackend between{backend};
    WatchedWorld world;
    MadeToken token;
};

}  // namespace

TEST_CASE(
    "a project that is locked while its pull request lives is left as it is, and nothing stays pending") {
    ServedObs served;
    served.deliver("opened", kCommit, "1");
    CHECK(served.shows(kCommit, "pending"));
    served.set_lock("enable");
    served.deliver("updated", kNewer, "2");
    CHECK(served.ends(2, "fail"));
    CHECK(served.run(2).dump().find(" is locked") != std::string::npos);
    served.world.settle();
    CHECK(served.pending_of(kNewer).empty());

    served.deliver("closed", kNewer, "3");
    CHECK(served.ends(3, "fail"));
    CHECK(served.run(3).dump().find(" is locked") != std::string::npos);
    CHECK(served.backend.get("/source/" + kProject + "/_meta").status == 200);

    served.set_lock("disable");
    served.world.heddle_done({"runs", "rerun", "3"});
    CHECK(eventually([&] { return served.backend.get("/source/" + kProject + "/_meta").status == 404; }));
    served.world.settle();
    CHECK(served.pending_of(kCommit).empty());
    CHECK(served.pending_of(kNewer).empty());
}

TEST_CASE("a name that no package may have fails the run at its place, and nothing was asked for") {
    ServedObs served;
    served.forge().set_file("main",
                            branch_of("hello") + "    - branch_package: { source_project: demo, " +
                                "source_package: '_hello', target_project: 'demo:CI' }\n");
    served.deliver("opened", kCommit, "1");
    CHECK(served.ends(1, "fail"));
    CHECK(served.run(1).at("message").get<std::string>().find(
              "workflows.yml:4:63: \"source_package\" of branch_package: \"_hello\" is no package name") !=
          std::string::npos);
    CHECK(served.backend.get("/source/" + kProject + "/_meta").status == 404);
    served.world.settle();
    CHECK(served.forge().shown(kCommit) ==
          std::map<std::string, std::string>{{"OBS SCM/CI Workflow Integration started", "failure"}});
}

TEST_CASE("a name that only the Open Build Service refuses fails the run in its words, and nothing waits") {
    ServedObs served;
    served.between.refuse_packages(
        {400,
         "<status code=\"invalid_package_name\"><summary>packid 'hello' is illegal</summary></status>",
         {{"Content-Type", "text/xml"}}});
    served.deliver("opened", kCommit, "1");
    CHECK(served.ends(1, "fail"));
    const std::string message = served.run(1).at("message");
    CHECK_MESSAGE(
        message.find("branch demo/hello to " + kProject +
                     "/hello: packid 'hello' is illegal (invalid_package_name)") != std::string::npos,
        message);
    served.world.settle();
    CHECK(served.forge().shown(kCommit) ==
          std::map<std::string, std::string>{{"OBS SCM/CI Workflow Integration started", "failure"}});
}

TEST_CASE("an Open Build Service in trouble delays statuses, and spoils, doubles and loses none") {
    ServedObs served;
    StandInAnswer bad;
    // What is asked for is done, and nobody hears of it; or it is not done.
    bool works = false;
    SUBCASE("a page of a proxy") { bad = {200, "<html><body>Please sign in</body></html>"}; }
    SUBCASE("a conflict") { bad = {409, "<status code=\"409\"><summary>conflict</summary></status>"}; }
    SUBCASE("an error after the work") {
        bad = {500, "<status code=\"500\"><summary>oh</summary></status>"};
        works = true;
    }
    SUBCASE("half a document after the work") {
        bad = {200, "<revision rev=\"1\"><srcmd5>d95b3c33e5c6"};
        works = true;
    }
    SUBCASE("no answer after the work") {
        bad.manner = Manner::Hang;
        works = true;
    }
    served.between.trouble(bad, works);
    served.deliver("opened", kCommit, "1");
    CHECK(served.ends(1, "success"));
    CHECK(served.between.is_over());
    CHECK(served.shows(kCommit, "pending"));
    served.backend.finish_job(kProject, "hello", Outcome::Failure);
    CHECK(served.shows(kCommit, "failure"));
    served.check_told(kCommit, {"pending", "failure"});
}

TEST_CASE("a queue of notifications that is lost while Heddle is away loses no status") {
    ServedObs served;
    served.deliver("opened", kCommit, "1");
    CHECK(served.shows(kCommit, "pending"));
    served.world.settle();
    served.world.process().signal(SIGKILL);
    served.world.process().wait();
    served.backend.finish_job(kProject, "hello", Outcome::Failure);
    REQUIRE(served.backend.reaches(kProject, "hello", "failed"));
    served.backend.kill_hard();
    std::filesystem::remove_all(served.backend.folder() / "data/events/lastnotifications");
    served.backend.start_again();
    served.world.start();
    CHECK(served.shows(kCommit, "failure"));
    served.check_told(kCommit, {"pending", "failure"});
}
