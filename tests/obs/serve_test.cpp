// SPDX-License-Identifier: Apache-2.0
// The whole server in front of a real Open Build Service: from a signed webhook to the statuses that a forge
// shows, built by the real scheduler and worker.
#include <doctest/doctest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "tests/flow/serve/serve_world.hpp"
#include "tests/support/obs_backend.hpp"

using namespace heddle::test;
using nlohmann::json;

namespace {

const char* kWorkflow =
    "ci:\n"
    "  steps:\n"
    "    - branch_package:\n"
    "        source_project: demo\n"
    "        source_package: hello\n"
    "        target_project: demo:CI\n"
    "  filters:\n"
    "    event: pull_request\n";
const std::string kProject = "demo:CI:team:hello:PR-1";
const std::string kGood(40, '1');
const std::string kBad(40, '2');

/// A recipe that fails for what the branch was made for.
const std::string kRecipe = ObsBackend::recipe("! grep -q " + kBad + " _branch_request");

/// Heddle and a backend whose package demo/hello is branched; `admin` may change demo:CI.
struct ServedObs {
    ServedObs() {
        backend.add_project("demo");
        backend.add_package("demo", "hello", kRecipe);
        world.environment = {{"HEDDLE_BUILD_SERVICE_KIND", "obs"},
                             {"HEDDLE_BUILD_SERVICE_DIALECT", "backend"},
                             {"HEDDLE_BUILD_SERVICE_API_URL", backend.api_url()},
                             {"HEDDLE_BUILD_SERVICE_PRIVATE_NETWORK", "true"},
                             {"HEDDLE_BUILD_EVENTS_RECONCILE_AFTER", "2s"}};
        world.start();
        forge().set_file("main", kWorkflow);
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
    std::string status(const std::string& commit) {
        const auto shown = forge().shown(commit);
        const auto found = shown.find("OBS: hello - standard/" + ObsBackend::architecture());
        return found == shown.end() ? "" : found->second;
    }
    bool shows(const std::string& commit, const std::string& state) {
        // While the build service is away it is asked every minute.
        return eventually([&] { return status(commit) == state; }, std::chrono::seconds(150));
    }
    /// No word was ever told about the commit's build but these.
    void check_told(const std::string& commit, const std::set<std::string>& states) {
        for (const PostedStatus& status : forge().posted())
            if (status.commit == commit && status.context.starts_with("OBS: "))
                CHECK_MESSAGE(states.contains(status.state), status.state << ": " << status.text);
    }
    bool project_is(bool there) {
        return eventually(
            [&] { return (backend.get("/source/" + kProject + "/_meta").status == 200) == there; });
    }

    ObsBackend backend{{ObsBackend::Level::Build, ObsBackend::Worker::Script}};
    ServeWorld world;
    MadeToken token;
};

}  // namespace

TEST_CASE("a pull request is branched, built, closed and reopened in a real Open Build Service") {
    ServedObs served;
    served.world.heddle_done({"user", "edit", "admin", "--grant-project", "demo:CI"});

    served.deliver("opened", kGood, "1");
    CHECK(served.shows(kGood, "success"));
    served.check_told(kGood, {"pending", "success"});
    CHECK(served.backend.get("/source/" + kProject + "/hello/_link").body.find("project=\"demo\"") !=
          std::string::npos);
    CHECK(served.backend.get("/source/" + kProject + "/hello/_branch_request").body.find(kGood) !=
          std::string::npos);
    CHECK(served.backend.get("/source/" + kProject + "/hello/_history").body.find("<user>admin</user>") !=
          std::string::npos);

    served.deliver("updated", kBad, "2");
    CHECK(served.shows(kBad, "failure"));
    served.check_told(kBad, {"pending", "failure"});
    CHECK(served.status(kGood) == "success");

    served.deliver("closed", kBad, "3");
    CHECK(served.project_is(false));
    served.deliver("reopened", kBad, "4");
    CHECK(served.project_is(true));
    CHECK(served.shows(kBad, "failure"));
}

TEST_CASE("an Open Build Service that is down, and dies while it builds, delays statuses and spoils none") {
    ServedObs served;
    served.world.heddle_done({"user", "edit", "admin", "--grant-project", "demo:CI"});
    served.backend.commit("demo", "hello", "simpleimage", ObsBackend::recipe("sleep 3"));
    served.backend.kill_hard();
    served.deliver("opened", kGood, "1");
    const auto run = [&] { return json::parse(served.world.heddle_done({"runs", "show", "1", "--json"})); };
    CHECK(eventually([&] { return run().at("status") == "running"; }));
    served.backend.start_again();
    CHECK(eventually([&] { return run().at("status") == "success"; }));
    CHECK(served.backend.reaches(kProject, "hello", "building"));
    served.backend.kill_hard();
    served.backend.start_again();
    CHECK(served.shows(kGood, "success"));
    served.check_told(kGood, {"pending", "success"});
}

TEST_CASE("without a grant nothing is changed in the Open Build Service, and the run says why") {
    ServedObs served;
    served.deliver("opened", kGood, "1");
    const auto run = [&] { return json::parse(served.world.heddle_done({"runs", "show", "1", "--json"})); };
    CHECK(eventually([&] { return run().at("status") == "fail"; }));
    CHECK(run().dump().find("no permission: admin has no grant for project " + kProject) !=
          std::string::npos);
    CHECK(served.backend.get("/source/" + kProject + "/_meta").status == 404);
    // What the Open Build Service keeps is not changed by our own verbs.
    const Ended refused = served.world.heddle({"project", "list"});
    CHECK(refused.exit_code == 2);
    CHECK(refused.err.find("kept by the Open Build Service at " + served.backend.api_url()) !=
          std::string::npos);
}
