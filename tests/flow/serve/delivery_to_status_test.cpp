// SPDX-License-Identifier: Apache-2.0
// From a signed webhook to the statuses that a forge shows, over real HTTP, with real builds.
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>

#include "app/build_service/embedded/schedule.hpp"
#include "tests/flow/serve/serve_world.hpp"

using namespace heddle::test;
using nlohmann::json;

namespace {

using Lines = std::vector<std::string>;

const char* kWorkflow =
    "ci:\n"
    "  steps:\n"
    "    - branch_package:\n"
    "        source_project: demo\n"
    "        source_package: hello\n"
    "        target_project: demo:CI\n"
    "  filters:\n"
    "    event: pull_request\n";

std::string package_source(const ServeWorld& world) { return world.repository.path().string() + "#main"; }

/// The package demo/hello: its test passes on main, and on every commit whose file `fine` says so.
void make_package(ServeWorld& world) {
    world.repository.write("Makefile", "all:\n\ncheck:\n\tgrep -q yes fine\n");
    world.repository.write("fine", "yes\n");
    world.repository.commit("Begin");
    world.heddle_done({"project", "create", "demo", "--repository", "local:" + heddle::host_architecture()});
    world.heddle_done({"package", "create", "demo/hello", "--git", package_source(world)});
}

std::string commit_on(ServeWorld& world, const std::string& branch, const std::string& fine) {
    world.repository.check_out("main");
    world.repository.branch(branch);
    world.repository.write("fine", fine + "\n" + branch + "\n");
    return world.repository.commit("Change " + branch);
}

std::string build_context() { return "OBS: hello - local/" + heddle::host_architecture(); }
const std::string kStarted = "OBS SCM/CI Workflow Integration started";

struct Words {
    std::string pending, success, failure, error;
};

Words words_of(ForgeKind kind) {
    if (kind == ForgeKind::Gitlab) return {"pending", "success", "failed", "canceled"};
    return {"pending", "success", "failure", "error"};
}

/// The run that an answer names; 0: none.
std::int64_t run_in(const std::string& answer) {
    std::smatch found;
    static const std::regex kRun(R"(<data name="run">(\d+)</data>)");
    return std::regex_search(answer, found, kRun) ? std::stoll(found[1]) : 0;
}

/// Each forge has a repository of its own.
Happening happening_at(ForgeKind kind) {
    Happening it;
    it.repository = it.source_repository = to_string(kind) + "team/hello";
    it.repository_id = it.source_repository_id = 4000 + static_cast<int>(kind);
    return it;
}

/// How the forge's API is told of the repository: GitLab's by number.
std::string place_of(ForgeKind kind, const Happening& it) {
    return kind == ForgeKind::Gitlab ? std::to_string(it.repository_id) : it.repository;
}

/// Waits until nothing is left to do that could still tell a forge anything.
bool becomes_quiet(const ServeWorld& world) {
    return eventually([&] { return json::parse(world.heddle_done({"jobs", "list", "--json"})).empty(); });
}

void check_posts_of_opened(const ForgeStandIn& forge, const std::string& commit, const std::string& pending) {
    const auto posted = forge.posted();
    REQUIRE(!posted.empty());
    CHECK(posted.front().context == kStarted);
    // A result that comes quickly is told in place of what waits to be told (design 4.1): of the run that may
    // be so, of a real build not.
    CHECK(std::any_of(
        posted.begin(), posted.end(), [&](const PostedStatus& status) { return status.state == pending; }));
    for (const PostedStatus& status : posted) CHECK(status.commit == commit);
}

/// Of all deliveries of a token with that id, which is stored behind the event's name.
Lines verdicts(const ServeWorld& world, const MadeToken& token, const std::string& id) {
    Lines found;
    for (const json& delivery :
         json::parse(world.heddle_done({"deliveries", "list", "--token", token.id, "--json"})))
        if (delivery.at("delivery_id").get<std::string>().ends_with(" " + id))
            found.push_back(delivery.at("verdict"));
    std::sort(found.begin(), found.end());
    return found;
}

/// A user in whose name the command line acts here, so that both may change the same projects.
std::string make_ourselves(const ServeWorld& world) {
    const json demo = json::parse(world.heddle_done({"project", "show", "demo", "--json"}));
    const std::string name = demo.at("maintainers").at(0);
    world.heddle_done({"user", "create", name});
    return name;
}

bool has_project(const ServeWorld& world, const std::string& name) {
    const json all = json::parse(world.heddle_done({"project", "list", "--json"}));
    return std::any_of(
        all.begin(), all.end(), [&](const json& project) { return project.at("name") == name; });
}

bool shows(const ForgeStandIn& forge,
           const std::string& commit,
           const std::string& context,
           const std::string& state) {
    return eventually([&] {
        const auto shown = forge.shown(commit);
        const auto found = shown.find(context);
        return found != shown.end() && found->second == state;
    });
}

}  // namespace

TEST_CASE("a pull request's life, from the signed delivery to the statuses that each forge shows") {
    ServeWorld world;
    world.start();
    make_package(world);
    const std::string executor = make_ourselves(world);
    for (const ForgeKind kind : {ForgeKind::Github, ForgeKind::Gitlab, ForgeKind::Gitea}) {
        const std::string name = to_string(kind);
        CAPTURE(name);
        ForgeStandIn& forge = world.forge(kind);
        const Words words = words_of(kind);
        forge.set_file("main", kWorkflow);
        const MadeToken token = world.make_token(kind, executor);
        Happening it = happening_at(kind);
        const std::string project = "demo:CI:" + name + "team:hello:PR-1";
        const auto deliver = [&](const std::string& what, const std::string& id) {
            it.what = what;
            const HttpReply reply = world.deliver(kind, token, it, id);
            REQUIRE_MESSAGE(reply.status == 200, reply.body);
            return reply.body;
        };

        // Opened: pending, a real build, success on the right commit of the right repository.
        it.commit = commit_on(world, name + "-good", "yes");
        CHECK(run_in(deliver("opened", name + "-1")) > 0);
        CHECK(shows(forge, it.commit, build_context(), words.success));
        CHECK(shows(forge, it.commit, kStarted, words.success));
        REQUIRE(becomes_quiet(world));
        const std::size_t posted = forge.posted().size();
        check_posts_of_opened(forge, it.commit, words.pending);

        // The same delivery again: a duplicate, and nothing more is posted.
        deliver("opened", name + "-1");
        CHECK(verdicts(world, token, name + "-1") == Lines{"accepted", "duplicate"});
        REQUIRE(becomes_quiet(world));
        CHECK(forge.posted().size() == posted);

        // Updated with a commit whose own test fails.
        it.commit = commit_on(world, name + "-bad", "no");
        deliver("updated", name + "-2");
        CHECK(shows(forge, it.commit, build_context(), words.failure));

        // Closed: the project goes, with what somebody put into it, and nothing is posted.
        world.heddle_done({"package", "create", project + "/extra", "--git", package_source(world)});
        REQUIRE(becomes_quiet(world));
        const std::size_t before = forge.posted().size();
        deliver("closed", name + "-3");
        CHECK(eventually([&] { return !has_project(world, project); }));
        REQUIRE(becomes_quiet(world));
        CHECK(forge.posted().size() == before);

        // Reopened: the same project comes back, not another one of its name, and builds again.
        it.commit = commit_on(world, name + "-mended", "yes");
        deliver("reopened", name + "-4");
        CHECK(shows(forge, it.commit, build_context(), words.success));
        CHECK(shows(forge, it.commit, kStarted, words.success));
        CHECK(world.heddle_done({"package", "list", project}).find(project + "/extra") != std::string::npos);
        for (const PostedStatus& status : forge.posted()) CHECK(status.repository == place_of(kind, it));
    }
}

TEST_CASE("a failed run that is delivered again starts its next attempt, whatever the forge") {
    ServeWorld world;
    world.start();
    make_package(world);
    for (const ForgeKind kind : {ForgeKind::Github, ForgeKind::Gitlab, ForgeKind::Gitea}) {
        const std::string name = to_string(kind);
        CAPTURE(name);
        ForgeStandIn& forge = world.forge(kind);
        forge.set_file("main",
                       "ci:\n  steps:\n    - rebuild_package: { project: nowhere, package: hello }\n");
        const MadeToken token = world.make_token(kind);
        Happening it = happening_at(kind);
        it.commit = world.repository.id_of("main");
        const std::int64_t run = run_in(world.deliver(kind, token, it, name + "-again").body);
        // Only a run that has ended is started again; its step is marked before.
        const auto run_is = [&](const std::string& status, int attempt) {
            const json shown =
                json::parse(world.heddle_done({"runs", "show", std::to_string(run), "--json"}));
            return shown.at("status") == status && shown.at("attempt") == attempt;
        };
        REQUIRE(eventually([&] { return run_is("fail", 1); }));
        CHECK(shows(forge, it.commit, kStarted, words_of(kind).failure));
        forge.set_file("main", kWorkflow);
        const HttpReply again = world.deliver(kind, token, it, name + "-again");
        REQUIRE(again.status == 200);
        CHECK(run_in(again.body) == run);
        CHECK(verdicts(world, token, name + "-again") == Lines{"accepted", "duplicate"});
        CHECK(eventually([&] { return run_is("success", 2); }));
        CHECK(shows(forge, it.commit, build_context(), "success"));
        CHECK(shows(forge, it.commit, kStarted, "success"));
        for (const PostedStatus& status : forge.posted()) CHECK(status.repository == place_of(kind, it));
    }
}

TEST_CASE("a status that the forge refuses for the moment is sent again until it shows it") {
    ServeWorld world;
    world.start();
    make_package(world);
    ForgeStandIn& forge = world.forge(ForgeKind::Github);
    forge.set_file("main", kWorkflow);
    forge.answer_next_posts(2, {503, "{}", {{"Retry-After", "1"}}});
    const MadeToken token = world.make_token(ForgeKind::Github);
    Happening it;
    it.commit = commit_on(world, "patient", "yes");
    REQUIRE(world.deliver(ForgeKind::Github, token, it, "503").status == 200);
    CHECK(eventually([&] {
        const auto shown = forge.shown(it.commit);
        return shown.contains(build_context()) && shown.contains(kStarted) &&
               shown.at(build_context()) == "success" && shown.at(kStarted) == "success";
    }));
}
