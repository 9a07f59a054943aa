// SPDX-License-Identifier: Apache-2.0
// The public dialect: every request that it makes against a mock that knows the public API's contract, and
// what is told apart only by the frontend's words.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <set>

#include "tests/flow/serve/serve_world.hpp"
#include "tests/obs/obs_service_world.hpp"
#include "tests/support/prism.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

const PackageRef kSource{"demo", "hello"};
const PackageRef kTarget{"demo:CI", "hello"};

/// Every verb of the port once.
void use_everything(PublicObsWorld& world) {
    BuildService& service = world.service();
    service.create_project({"other", "title", "d", "https://forge.test/pull/1"});
    service.branch_package(kSource, kTarget, {true, "https://forge.test/pull/1"});
    service.write_file(kTarget, "_branch_request", "{}", "heddle run 1");
    service.revision_of_run(kTarget, "heddle run 1");
    service.run_services(kTarget, {"", "heddle run 1", "", "", ""});
    service.link_package(kSource, {"other", "hello"}, "heddle run 1");
    service.link_project("demo", "other");
    service.unlink_project("demo", "other");
    const Request first = service.create_request({kSource, {"other", "new"}, "d & e", "heddle run 1", {}});
    const Request second = service.create_request({kSource, {"other", "new"}, "", "heddle run 2", {}});
    service.create_request({kSource, {"other", "new"}, "", "heddle run 3", {second.number}});
    service.supersede_request(first.number, second.number);
    service.revoke_request(second.number, "closed");
    service.scmsync(kSource);
    service.configure_repositories("other", {{"next", {{"demo", "standard"}}, {"x86_64"}, "", ""}});
    service.set_flags({{"publish", "disable", "other", "", "", ""},
                       {"build", "disable", "other", "hello", "next", "x86_64"}});
    service.rebuild_package(kSource, "heddle run 1");
    CHECK_THROWS_AS(service.run_services(kSource, {"c", "heddle run 1", "", "", ""}), RemoteError);
    world.backend().finish_job("demo", "hello", ObsBackend::Outcome::Success);
    REQUIRE(world.backend().reaches("demo", "hello", "succeeded"));
    service.results("demo", {"hello", "other"});
    service.latest_events("demo", {"hello", "gone"});
    service.delete_project("other", "closed");
    service.restore_project("other");
}

/// What is asked for, without names: "POST /source cmd=branch".
std::string kind_of(const StandInRequest& request) {
    const auto at = request.query().find("cmd=");
    const std::string command =
        at == std::string::npos ? "" : request.query().substr(at, request.query().find('&', at) - at);
    return request.method + " " + request.path().substr(0, request.path().find('/', 1)) +
           (command.empty() ? "" : " " + command);
}

/// Of the commands to a request the contract names "diff" only, and its "addrevision" is a text that must be
/// the number 1.
std::string as_the_contract_has_it(std::string target) {
    for (const std::string part : {"cmd=changestate&", "&addrevision=1"})
        if (const auto at = target.find(part); at != std::string::npos) target.erase(at, part.size());
    return target;
}

}  // namespace

TEST_CASE("the public API's contract takes every request that is made") {
    const auto mock = prism_for("obs.json");
    if (!mock) return;
    PublicObsWorld world;
    world.add_file_package(kSource);
    use_everything(world);
    HttpClient client;
    std::set<std::string> kinds;
    for (const StandInRequest& request : world.frontend().requests()) {
        kinds.insert(kind_of(request));
        const std::string target = as_the_contract_has_it(request.target);
        HttpRequest repeated{request.method, *mock + target, {}, request.body};
        repeated.headers.emplace_back("Authorization", request.header("Authorization"));
        // The contract's name for the type of files is one that does not exist.
        const bool file = request.header("Content-Type") == "application/octet-stream";
        if (!request.body.empty())
            repeated.headers.emplace_back("Content-Type",
                                          file ? "plain/text" : request.header("Content-Type"));
        const HttpResponse answer = client.send({"mock", "obs", *mock, *mock, true, ""}, repeated);
        CHECK_MESSAGE(answer.status == 200, request.method << " " << request.target << ": " << answer.body);
    }
    for (const char* kind : {"POST /source cmd=branch",
                             "POST /source cmd=set_flag",
                             "POST /source cmd=undelete",
                             "POST /source cmd=runservice",
                             "POST /source cmd=waitservice",
                             "POST /build cmd=rebuild",
                             "POST /request cmd=create",
                             "POST /request cmd=changestate",
                             "GET /request",
                             "DELETE /source",
                             "PUT /source",
                             "GET /source",
                             "GET /build"})
        CHECK_MESSAGE(kinds.contains(kind), kind);
}

TEST_CASE("services of what is branched are waited for by reading, which nobody needs a right for") {
    const TemporaryFolder folder;
    const auto may_end = folder.path() / "may-end";
    PublicObsWorld world(
        {ObsBackend::Level::Source,
         ObsBackend::Worker::None,
         {{"slow", "#!/bin/sh\nwhile ! [ -e " + may_end.string() + " ]; do sleep 0.1; done\n"},
          {"fails", "#!/bin/sh\necho told to fail >&2\nexit 1\n"}}});
    world.add_file_package(kSource);
    const auto serve = [&](const std::string& name) {
        world.backend().commit(
            "demo", "hello", "_service", "<services><service name=\"" + name + "\"/></services>");
    };
    const auto refusal = [&]() -> std::string {
        try {
            world.service().branch_package(kSource, kTarget, {});
        } catch (const RemoteError& error) {
            return (error.kind == RemoteError::Kind::Retry ? "later: " : "never: ") +
                   std::string(error.what());
        }
        return "";
    };
    const std::string doing = "branch demo/hello to demo:CI/hello: ";
    serve("slow");
    CHECK(refusal() == "later: " + doing + "source services of demo/hello are still running");
    CHECK(world.backend().get("/source/demo:CI/_meta").status == 404);
    std::ofstream{may_end};
    CHECK(eventually([&] { return refusal().empty(); }));
    CHECK(world.backend().erase("/source/demo:CI").status == 200);
    serve("fails");
    std::string last;
    CHECK(eventually([&] { return (last = refusal()).starts_with("never: "); }));
    CHECK_MESSAGE(last.find(doing + "service error: told to fail") != std::string::npos, last);
    for (const StandInRequest& request : world.frontend().requests())
        CHECK(request.query().find("waitservice") == std::string::npos);
}

TEST_CASE("a branch that somebody else was quicker to make is no failure") {
    StandInServer server;
    const std::string there = "<status code=\"double_branch_package\"><summary>is there</summary></status>";
    server.answer_all([&](const StandInRequest& request) -> StandInAnswer {
        if (request.query().find("cmd=branch") != std::string::npos) return {400, there};
        if (request.path() == "/source/demo%3ACI/hello/_meta")
            return {404, "<status code=\"unknown_package\"><summary>no</summary></status>"};
        return {200, "<status code=\"ok\"/>"};
    });
    HttpClient transport;
    ObsClient client(transport, {server.url(), "heddle", "secret", true});
    ObsBuildService service(client,
                            ObsBuildService::Dialect::Public,
                            "heddle",
                            {"ann", [](const std::string&) { return std::nullopt; }});
    CHECK_NOTHROW(service.branch_package(kSource, kTarget, {}));
    CHECK(server.requests().back().target ==
          "/source/demo/hello?cmd=branch&target_project=demo%3ACI&target_package=hello&comment=" +
              std::string("branch%20demo%2Fhello%20to%20demo%3ACI%2Fhello"));
}
