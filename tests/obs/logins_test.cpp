// SPDX-License-Identifier: Apache-2.0
// The whole server before an Open Build Service with a frontend, where each executor may have a login of his
// own: which login goes where, and what a run says of one that goes nowhere.
#include <doctest/doctest.h>

#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/flow/serve/serve_world.hpp"
#include "tests/support/obs_backend.hpp"
#include "tests/support/obs_frontend.hpp"

using namespace heddle::test;
using nlohmann::json;

namespace {

const std::string kCommit(40, '1');
const std::string kAnn = "ann-password-1";
const std::string kBob = "bob-password-1";

std::string workflow(const std::string& project) {
    return "ci:\n"
           "  steps:\n"
           "    - branch_package:\n"
           "        source_project: demo\n"
           "        source_package: hello\n"
           "        target_project: " +
           project + "\n";
}

/// Heddle without an account of its configuration. ann-obs may change home:ann there, bob-obs home:bob.
struct ServedFrontend {
    ServedFrontend() {
        backend.add_project("demo");
        backend.add_package("demo", "hello", ObsBackend::recipe("true"));
        frontend.add_account("ann-obs", kAnn, "home:ann");
        frontend.add_account("bob-obs", kBob, "home:bob");
        world.environment = {{"HEDDLE_BUILD_SERVICE_KIND", "obs"},
                             {"HEDDLE_BUILD_SERVICE_API_URL", frontend.url()},
                             {"HEDDLE_BUILD_SERVICE_PRIVATE_NETWORK", "true"},
                             {"HEDDLE_BUILD_EVENTS_RECONCILE_AFTER", "2s"}};
        world.heddle_done({"migrate"});
        for (const char* login : {"ann", "bob"}) world.heddle_done({"user", "create", login});
    }

    void log_in(const std::vector<std::string>& executor,
                const std::string& account,
                const std::string& password) {
        const auto file = world.folder() / "obs-password";
        std::ofstream(file) << password << '\n';
        std::vector<std::string> all{"obs", "login", "--account", account, "--password-file", file};
        all.insert(all.end(), executor.begin(), executor.end());
        world.heddle_done(all);
    }
    /// A pull request whose steps branch into that project in the name of that user; `number` is the run's,
    /// too.
    void deliver(const std::string& executor, const std::string& project, int number) {
        ForgeStandIn& forge = world.forge(ForgeKind::Gitea);
        forge.set_file("main", workflow(project));
        Happening it;
        it.commit = kCommit;
        it.number = number;
        const HttpReply reply = world.deliver(
            ForgeKind::Gitea, world.make_token(ForgeKind::Gitea, executor), it, std::to_string(number));
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
    }
    /// The message of a run once it ended so.
    std::string message(int run, const std::string& status) {
        const auto shown = [&] {
            return json::parse(world.heddle_done({"runs", "show", std::to_string(run), "--json"}));
        };
        CHECK_MESSAGE(eventually([&] { return shown().at("status") == status; }), shown().dump());
        return shown().at("message").get<std::string>();
    }
    /// Who asked, as the build service knows them; "" is a login that it does not know.
    std::set<std::string> askers() {
        std::set<std::string> names;
        for (const StandInRequest& request : frontend.requests()) names.insert(frontend.who(request));
        return names;
    }

    ObsBackend backend{{ObsBackend::Level::Sched}};
    ObsFrontend frontend{backend};
    ServeWorld world;
};

const std::vector<std::string> kAsAnn{"--executor", "ann"};
const std::vector<std::string> kAsBob{"--executor", "bob"};
const std::vector<std::string> kInstance;

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("an executor's steps are asked for with his own login, without a grant, to the last status") {
    ServedFrontend served;
    served.log_in(kInstance, ObsFrontend::kUser, ObsFrontend::kPassword);
    served.log_in(kAsAnn, "ann-obs", kAnn);
    served.world.start();
    served.deliver("ann", "home:ann", 1);
    served.message(1, "success");
    const std::string project = "home:ann:team:hello:PR-1";
    served.backend.finish_job(project, "hello", ObsBackend::Outcome::Success);
    const std::string context = "OBS: hello - standard/" + ObsBackend::architecture();
    // No bus, no queue: only whoever looks after it finds the end of the build.
    CHECK(eventually([&] {
        const auto shown = served.world.forge(ForgeKind::Gitea).shown(kCommit);
        const auto found = shown.find(context);
        return found != shown.end() && found->second == "success";
    }));
    CHECK(served.askers() == std::set<std::string>{"ann-obs"});
    CHECK(holds(served.backend.get("/source/" + project + "/hello/_history").body, "<user>ann-obs</user>"));
}

TEST_CASE("two executors ask with two logins, and who has none needs a grant for that of the instance") {
    ServedFrontend served;
    served.log_in(kInstance, ObsFrontend::kUser, ObsFrontend::kPassword);
    served.log_in(kAsAnn, "ann-obs", kAnn);
    served.log_in(kAsBob, "bob-obs", kBob);
    served.world.start();
    served.deliver("ann", "home:ann", 1);
    served.message(1, "success");
    served.deliver("bob", "home:bob", 2);
    served.message(2, "success");
    CHECK(served.askers() == std::set<std::string>{"ann-obs", "bob-obs"});
    for (const StandInRequest& request : served.frontend.requests())
        if (request.method != "GET")
            CHECK_MESSAGE(holds(request.target,
                                served.frontend.who(request) == "ann-obs" ? "home%3Aann" : "home%3Abob"),
                          request.target);
    served.deliver("admin", "home:admin", 3);
    CHECK(holds(served.message(3, "fail"),
                "no permission: admin has no grant for project home:admin:team:hello:PR-3"));
    served.world.heddle_done({"user", "edit", "admin", "--grant-project", "home:admin"});
    served.deliver("admin", "home:admin", 4);
    served.message(4, "success");
    CHECK(served.askers().contains(ObsFrontend::kUser));
    // What is not his is refused by the build service itself.
    served.deliver("bob", "home:ann", 5);
    CHECK(holds(served.message(5, "fail"),
                "no permission: no right to change what is there (change_project_no_permission)"));
}

TEST_CASE("a login that the build service refuses is told as that of who gave it") {
    ServedFrontend served;
    served.world.start();
    served.deliver("ann", "home:ann", 1);
    CHECK(holds(served.message(1, "fail"),
                "the build service wants a login: set build_service.user and password_file, or give one by "
                "`heddle obs login`"));
    served.log_in(kAsAnn, "ann-obs", "wrong-password");
    served.log_in(kInstance, "heddle", "wrong-password");
    served.deliver("ann", "home:ann", 2);
    CHECK(holds(served.message(2, "fail"),
                "the build service refuses the login that ann gave; `heddle obs login --executor ann`"));
    served.world.heddle_done({"user", "edit", "bob", "--grant-project", "home:bob"});
    served.deliver("bob", "home:bob", 3);
    CHECK(holds(served.message(3, "fail"),
                "the build service refuses the login that was given for the instance; `heddle obs login`"));
    CHECK(served.askers() == std::set<std::string>{""});
    CHECK_FALSE(holds(served.world.process().out(), "wrong-password"));
    // Given anew it counts at once.
    served.log_in(kAsAnn, "ann-obs", kAnn);
    served.deliver("ann", "home:ann", 4);
    served.message(4, "success");
}

TEST_CASE("a login that was given for another address of the build service is not sent to this one") {
    ServedFrontend served;
    ObsFrontend moved(served.backend);
    moved.add_account("ann-obs", kAnn, "home:ann");
    served.log_in(kAsAnn, "ann-obs", kAnn);
    served.log_in(kInstance, ObsFrontend::kUser, ObsFrontend::kPassword);
    served.world.environment["HEDDLE_BUILD_SERVICE_API_URL"] = moved.url();
    served.world.start();
    served.deliver("ann", "home:ann", 1);
    CHECK(holds(served.message(1, "fail"),
                "the login that ann gave was for " + served.frontend.url() + ", and is not sent to " +
                    moved.url() + ": give it again by `heddle obs login --executor ann`"));
    served.world.heddle_done({"user", "edit", "bob", "--grant-project", "home:bob"});
    served.deliver("bob", "home:bob", 2);
    CHECK(holds(served.message(2, "fail"),
                "the login that was given for the instance was for " + served.frontend.url()));
    CHECK(moved.requests().empty());
    CHECK(served.frontend.requests().empty());
    served.log_in(kAsAnn, "ann-obs", kAnn);
    served.deliver("ann", "home:ann", 3);
    served.message(3, "success");
}

TEST_CASE("an executor who is sent away in the middle of a run changes nothing more") {
    ServedFrontend served;
    served.log_in(kAsAnn, "ann-obs", kAnn);
    served.world.start();
    std::atomic<bool> sent_away{false};
    served.frontend.before = [&](const StandInRequest&) {
        if (sent_away.exchange(true)) return;
        served.world.heddle({"user", "edit", "ann", "--inactive"});
    };
    served.deliver("ann", "home:ann", 1);
    CHECK(holds(served.message(1, "fail"), "no permission: ann is not active"));
    for (const StandInRequest& request : served.frontend.requests()) CHECK(request.method == "GET");
}

TEST_CASE("doctor tries each login") {
    ServedFrontend served;
    const auto out = [&](const std::vector<std::string>& more = {}) {
        std::vector<std::string> all{"doctor"};
        all.insert(all.end(), more.begin(), more.end());
        return served.world.heddle(all).out;
    };
    const std::string url = served.frontend.url();
    CHECK(
        holds(out(), "mend  build service   " + url + ": greet the build service: the build service wants"));
    served.log_in(kAsAnn, "ann-obs", kAnn);
    served.log_in(kAsBob, "bob-obs", "wrong-password");
    std::string told = out();
    CHECK(holds(told, "note  build service   the instance has no login"));
    CHECK(holds(told, "ok    build service   for ann: " + url + " knows ann-obs"));
    CHECK(holds(told, "mend  build service   for bob: " + url));
    CHECK(holds(told, "the login that bob gave; `heddle obs login --executor bob`"));
    CHECK(holds(told, "ok    grants          nobody may change any project, but ann and bob may"));

    served.log_in(kAsBob, "bob-obs", kBob);
    served.log_in(kInstance, ObsFrontend::kUser, ObsFrontend::kPassword);
    served.backend.put("/source/demo/_meta",
                       "<project name=\"demo\"><title/><description/>"
                       "<person userid=\"heddle\" role=\"maintainer\"/>"
                       "<person userid=\"ann-obs\" role=\"maintainer\"/></project>");
    told = out({"--project", "demo"});
    CHECK(holds(told, "ok    build service   " + url + " knows heddle"));
    CHECK(holds(told, "ok    project         project demo is there"));
    CHECK(holds(told, "ok    project         for ann: project demo is there"));
    CHECK(holds(told, "note  project         for bob: project demo: bob-obs is not named"));
    for (const std::string& password : {kAnn, kBob, std::string(ObsFrontend::kPassword)})
        CHECK_FALSE(holds(told, password));

    served.world.environment["HEDDLE_BUILD_SERVICE_API_URL"] = "http://127.0.0.1:1";
    told = out();
    CHECK(
        holds(told, "mend  build service   for ann: http://127.0.0.1:1: greet the build service: the login"));
    CHECK(holds(told, "is not sent to http://127.0.0.1:1"));
}
