// SPDX-License-Identifier: Apache-2.0
// Which revision was built, and how it ended: the same in our answers and in the build service's events.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/net/http_client.hpp"
#include "tests/obs/obs_service_world.hpp"
#include "tests/support/results_of.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

using Outcome = ObsBackend::Outcome;
using Lines = std::vector<std::string>;

const PackageRef kSource{"demo", "hello"};
const PackageRef kTarget{"demo:CI", "hello"};

std::string told(const BuildEvent& event) {
    return std::string(to_string(event.type)) + " " + to_string(event.package) + " r" + event.revision.rev +
           (event.started_at ? " started" : "");
}

Lines events(BuildService& service, const std::string& project, const Lines& packages) {
    Lines lines;
    for (const BuildEvent& event : service.latest_events(project, packages)) lines.push_back(told(event));
    return lines;
}

Lines results(BuildService& service, const PackageRef& package) {
    Lines lines;
    for (const BuildResult& result : results_of(service, package))
        lines.push_back(std::string(to_string(result.state)) + " r" + result.revision.rev);
    return lines;
}

/// Every flavour's, "" being the package itself: "'one' scheduled".
Lines flavour_states(BuildService& service, const PackageRef& package) {
    Lines lines;
    for (const BuildResult& result : results_of(service, package))
        lines.push_back("'" + result.flavour + "' " + std::string(to_string(result.state)));
    std::sort(lines.begin(), lines.end());
    return lines;
}

std::string renamed(std::string text, const std::string& from, const std::string& to) {
    for (const char* open : {"<", "</"})
        if (const auto at = text.find(open + from + ">"); at != std::string::npos)
            text.replace(at, std::string(open).size() + from.size(), open + to);
    return text;
}

/// Stands for a newer Open Build Service in front of one that does not know scmsync, which keeps it as an
/// element that it does know.
class ScmsyncTransport final : public HttpTransport {
public:
    HttpResponse send(const ForgeAccess& access, const HttpRequest& request) override {
        HttpRequest passed = request;
        passed.body = renamed(request.body, "scmsync", "url");
        HttpResponse answer = client_.send(access, passed);
        answer.body = renamed(answer.body, "url", "scmsync");
        return answer;
    }

private:
    HttpClient client_;
};

}  // namespace

TEST_CASE("a build is of the revision that the write named, links expanded") {
    ObsServiceWorld world;
    world.add_file_package(kSource);
    BuildService& service = world.service();
    service.branch_package(kSource, kTarget, {});
    const SourceRevision written = service.write_file(kTarget, "_branch_request", "{}", "run 1");
    world.backend.finish_job("demo:CI", "hello", Outcome::Success);
    const std::string queue = world.backend.get("/lastnotifications?start=1").body;
    const std::string event = queue.substr(queue.rfind("BUILD_SUCCESS"));
    CHECK(event.find("<data key=\"rev\">" + written.rev + "</data>") != std::string::npos);
    CHECK(event.find("<data key=\"srcmd5\">" + written.srcmd5 + "</data>") != std::string::npos);
    REQUIRE(world.backend.reaches("demo:CI", "hello", "succeeded"));
    CHECK(results(service, kTarget) == Lines{"succeeded r" + written.rev});
    CHECK(results_of(service, kTarget).front().revision == written);
}

TEST_CASE("a result that a newer revision has overtaken names the one it is about") {
    ObsServiceWorld world;
    world.add_file_package(kSource);
    BuildService& service = world.service();
    world.backend.finish_job("demo", "hello", Outcome::Failure);
    REQUIRE(world.backend.reaches("demo", "hello", "failed"));
    service.write_file(kSource, "more", "x", "run 1");
    for (const BuildResult& result : results_of(service, kSource))
        CHECK((result.state == BuildState::Scheduled || result.revision.rev == "1"));
}

TEST_CASE("what the scheduler has not seen yet is promised by the meta") {
    ObsServiceWorld world({ObsBackend::Level::Source});  // there is no scheduler
    world.add_file_package(kSource);
    BuildService& service = world.service();
    service.configure_repositories("demo", {{"next", {{"demo", "standard"}}, {"x86_64", "aarch64"}, "", ""}});
    const auto places = [&] {
        Lines lines;
        for (const BuildResult& result : results_of(service, kSource)) {
            CHECK(result.state == BuildState::Scheduled);
            lines.push_back(result.repository + "/" + result.architecture);
        }
        std::sort(lines.begin(), lines.end());
        return lines;
    };
    const std::string standard = "standard/" + ObsBackend::architecture();
    CHECK(places() == Lines{"next/aarch64", "next/x86_64", standard});
    service.set_flags({{"build", "disable", "demo", "", "next", ""}});
    CHECK(places() == Lines{standard});
    service.set_flags({{"build", "enable", "demo", "hello", "next", "aarch64"}});
    CHECK(places() == Lines{"next/aarch64", standard});
    service.set_flags({{"build", "disable", "demo", "hello", "", ""}});
    CHECK(places() == Lines{"next/aarch64"});
    service.set_flags({{"lock", "enable", "demo", "", "", ""}});
    CHECK(places().empty());
    CHECK(results_of(service, {"demo", "nobody"}).empty());
}

TEST_CASE("who missed everything is told how each build ended") {
    ObsServiceWorld world;
    for (const char* name : {"good", "bad", "same", "waits", "never"}) world.add_file_package({"demo", name});
    BuildService& service = world.service();
    service.set_flags({{"build", "disable", "demo", "never", "", ""}});
    world.backend.finish_job("demo", "good", Outcome::Success);
    world.backend.finish_job("demo", "bad", Outcome::Failure);
    world.backend.finish_job("demo", "same", Outcome::Success);
    REQUIRE(world.backend.reaches("demo", "same", "succeeded"));
    service.rebuild_package({"demo", "same"}, "run 1");
    world.backend.finish_job("demo", "same", Outcome::Unchanged);
    for (const auto& [name, state] : std::vector<std::pair<const char*, const char*>>{
             {"good", "succeeded"}, {"bad", "failed"}, {"same", "succeeded"}, {"never", "disabled"}})
        REQUIRE(world.backend.reaches("demo", name, state));
    Lines heard = events(service, "demo", {"good", "bad", "same", "waits", "never", "gone"});
    std::sort(heard.begin(), heard.end());
    CHECK(heard == Lines{"build_excluded demo/never r1",
                         "build_fail demo/bad r1 started",
                         "build_success demo/good r1 started",
                         "build_unchanged demo/same r1 started",
                         "package_deleted demo/gone r"});
}

TEST_CASE("that something is not built is told of the sources that it is true of") {
    ObsServiceWorld world;
    world.add_file_package(kSource);
    BuildService& service = world.service();
    world.backend.add_package("demo", "later");
    service.write_file({"demo", "later"}, "README", "Nothing to build yet.", "run 1");
    REQUIRE(world.backend.reaches("demo", "later", "excluded"));
    CHECK(results(service, {"demo", "later"}) == Lines{"excluded r1"});
    CHECK(events(service, "demo", {"later"}) == Lines{"build_excluded demo/later r1"});
    service.set_flags({{"build", "disable", "demo", "hello", "", ""}});
    REQUIRE(world.backend.reaches("demo", "hello", "disabled"));

    world.backend.hold_scheduler(true);
    service.write_file({"demo", "later"}, "simpleimage", ObsBackend::recipe("true"), "run 2");
    service.set_flags({{"build", "enable", "demo", "hello", "", ""}});
    CHECK(world.backend.state("demo", "later") == "excluded");
    CHECK(results(service, {"demo", "later"}) == Lines{"scheduled r"});
    CHECK(results(service, kSource) == Lines{"scheduled r"});
    CHECK(events(service, "demo", {"later", "hello"}).empty());
    world.backend.hold_scheduler(false);
    world.backend.finish_job("demo", "later", Outcome::Success);
    REQUIRE(world.backend.reaches("demo", "later", "succeeded"));
    CHECK(results(service, {"demo", "later"}) == Lines{"succeeded r2"});
}

TEST_CASE("what is done without a worker is known by a second look") {
    ObsServiceWorld world;
    world.backend.add_project("demo");
    world.backend.add_package("demo", "taken");
    BuildService& service = world.service();
    service.write_file(
        {"demo", "taken"},
        "_aggregate",
        "<aggregatelist><aggregate project=\"" + std::string(ObsBackend::kBase) +
            "\"><repository target=\"standard\" source=\"standard\"/></aggregate></aggregatelist>",
        "run 1");
    REQUIRE(world.backend.reaches("demo", "taken", "succeeded"));
    CHECK(results(service, {"demo", "taken"}) == Lines{"scheduled r"});
    CHECK(events(service, "demo", {"taken"}) == Lines{"build_success demo/taken r1"});
}

TEST_CASE("the flavours of a multibuild package are builds of their own") {
    ObsServiceWorld world;
    world.add_file_package(kSource);
    world.backend.commit("demo", "hello", "_multibuild", "<multibuild><package>one</package></multibuild>");
    BuildService& service = world.service();
    world.backend.finish_job("demo", "hello", Outcome::Success);
    world.backend.finish_job("demo", "hello:one", Outcome::Failure);
    REQUIRE(world.backend.reaches("demo", "hello", "succeeded"));
    REQUIRE(world.backend.reaches("demo", "hello:one", "failed"));
    Lines flavours;
    for (const BuildResult& result : results_of(service, kSource))
        flavours.push_back("'" + result.flavour + "' " + std::string(to_string(result.state)) + " r" +
                           result.revision.rev);
    std::sort(flavours.begin(), flavours.end());
    CHECK(flavours == Lines{"'' succeeded r2", "'one' failed r2"});
    Lines heard = events(service, "demo", {"hello"});
    std::sort(heard.begin(), heard.end());
    CHECK(heard == Lines{"build_fail demo/hello:one r2 started", "build_success demo/hello r2 started"});
}

TEST_CASE("flavours that a package's sources name are promised before any scheduler has seen them") {
    ObsServiceWorld world({ObsBackend::Level::Source});
    world.add_file_package(kSource);
    BuildService& service = world.service();
    const auto promised = [&](const PackageRef& package = kSource) {
        Lines lines;
        for (const BuildResult& result : results_of(service, package))
            lines.push_back(result.repository + ":" + result.flavour);
        std::sort(lines.begin(), lines.end());
        return lines;
    };
    const auto promised_by = [&](const std::string& text) {
        world.backend.commit("demo", "hello", "_multibuild", text);
        return promised();
    };
    const Lines alone{"standard:"};
    CHECK(promised() == alone);
    const std::string two = "<multibuild><flavor>two</flavor><flavor>one</flavor>";
    CHECK(promised_by("<multibuild><package>old</package></multibuild>") ==
          Lines{"standard:", "standard:old"});
    CHECK(promised_by(two + "<package>old</package></multibuild>") == alone);
    CHECK(promised_by("<multibuild><flavor>a:b</flavor></multibuild>") == alone);
    CHECK(promised_by("<multibuild><flavor>") == alone);
    CHECK(promised_by(two + "<buildemptyflavor>false</buildemptyflavor></multibuild>") ==
          Lines{"standard:one", "standard:two"});
    const Lines all{"standard:", "standard:one", "standard:two"};
    CHECK(promised_by(two + "</multibuild>") == all);

    service.configure_repositories("demo", {{"next", {{"demo", "standard"}}, {"x86_64"}, "", ""}});
    service.set_flags({{"build", "disable", "demo", "hello", "next", ""}});
    CHECK(promised() == all);
    service.branch_package(kSource, kTarget, {});
    service.set_flags({{"build", "disable", "demo:CI", "", "next", ""}});
    CHECK(promised(kTarget) == all);
    service.link_package(kSource, {"demo:CI", "linked"}, "run 1");
    CHECK(promised({"demo:CI", "linked"}) == all);
    world.backend.commit("demo:CI", "linked", "_link", "<link project='demo' package='nobody'/>");
    CHECK(promised({"demo:CI", "linked"}) == alone);
}

TEST_CASE("flavours are promised also where the scheduler lists what it saw before they were named") {
    ObsServiceWorld world;
    world.add_file_package(kSource);
    BuildService& service = world.service();
    const PackageRef later{"demo", "later"};
    world.backend.add_package("demo", "later");
    service.write_file(later, "README", "Nothing to build yet.", "run 1");
    REQUIRE(world.backend.reaches("demo", "later", "excluded"));
    world.backend.hold_scheduler(true);
    service.write_file(later, "_multibuild", "<multibuild><flavor>one</flavor></multibuild>", "run 2");
    service.write_file(later, "simpleimage", ObsBackend::recipe("true"), "run 2");
    CHECK(flavour_states(service, later) == Lines{"'' scheduled", "'one' scheduled"});
    world.backend.hold_scheduler(false);
}

TEST_CASE("flavours that the present sources add are promised beside those that are listed") {
    ObsServiceWorld world;
    world.add_file_package(kSource);
    BuildService& service = world.service();
    std::string file = "<multibuild><package>one</package></multibuild>";
    const auto add = [&](const std::string& flavour) {
        file.insert(file.find("</multibuild>"), "<package>" + flavour + "</package>");
        service.write_file(kSource, "_multibuild", file, "run " + flavour);
    };
    service.write_file(kSource, "_multibuild", file, "run one");
    world.backend.finish_job("demo", "hello", Outcome::Success);
    world.backend.finish_job("demo", "hello:one", Outcome::Success);
    REQUIRE(world.backend.reaches("demo", "hello", "succeeded"));
    REQUIRE(world.backend.reaches("demo", "hello:one", "succeeded"));
    CHECK(flavour_states(service, kSource) == Lines{"'' succeeded", "'one' succeeded"});

    world.backend.hold_scheduler(true);
    add("two");
    CHECK(flavour_states(service, kSource) == Lines{"'' succeeded", "'one' succeeded", "'two' scheduled"});
    world.backend.hold_scheduler(false);
    REQUIRE(world.backend.reaches("demo", "hello:two", "scheduled"));
    world.backend.hold_scheduler(true);
    add("more");  // what is listed waits, and does not tell for which sources
    CHECK(flavour_states(service, kSource) ==
          Lines{"'' scheduled", "'more' scheduled", "'one' scheduled", "'two' scheduled"});
    world.backend.hold_scheduler(false);
}

TEST_CASE("sources that can't be put together are not excluded because those before them were") {
    ObsServiceWorld world;
    world.add_file_package(kSource);
    BuildService& service = world.service();
    const PackageRef linked{"demo", "linked"};
    const Lines waits{"scheduled r"};
    world.backend.add_package("demo", "linked");
    service.write_file(linked, "README", "Nothing to build yet.", "run 1");
    REQUIRE(world.backend.reaches("demo", "linked", "excluded"));
    world.backend.hold_scheduler(true);
    world.backend.commit("demo", "linked", "_link", "<link project='demo' package='nobody'/>");
    CHECK(results(service, linked) == waits);
    CHECK(events(service, "demo", {"linked"}).empty());
    world.backend.hold_scheduler(false);
    REQUIRE(world.backend.reaches("demo", "linked", "broken"));
    CHECK(eventually([&] { return results(service, linked) == Lines{"broken r"}; }));
    CHECK(eventually([&] { return events(service, "demo", {"linked"}).size() == 1; }));

    // What is excluded as a whole is refused, too, with that very word.
    world.backend.add_package("demo", "_pattern");
    service.write_file({"demo", "_pattern"}, "some.xml", "<pattern/>", "run 2");
    REQUIRE(world.backend.reaches("demo", "_pattern", "excluded"));
    CHECK(results(service, {"demo", "_pattern"}) == Lines{"excluded r"});
}

TEST_CASE("a place that no scheduler looks at is promised, and who asks is told that nobody does") {
    ObsServiceWorld world;
    world.add_file_package(kSource);
    BuildService& service = world.service();
    const std::string here = ObsBackend::architecture();
    const std::string nobodys = here == "aarch64" ? "x86_64" : "aarch64";
    service.configure_repositories("demo", {{"standard", {}, {here, nobodys}, "", ""}});
    service.write_file(kSource, "_multibuild", "<multibuild><package>one</package></multibuild>", "run 1");
    world.backend.finish_job("demo", "hello", Outcome::Success);
    REQUIRE(world.backend.reaches("demo", "hello:one", "scheduled"));
    const auto promised = results_of(service, kSource);
    CHECK(std::count_if(promised.begin(), promised.end(), [&](const BuildResult& result) {
              return result.architecture == nobodys && result.state == BuildState::Scheduled;
          }) == 2);
    Lines heard;
    for (const BuildEvent& event : service.latest_events("demo", {"hello"})) {
        if (event.architecture != nobodys) continue;
        heard.push_back(told(event));
        CHECK(event.repository == "standard");
        CHECK(event.is_last);
        CHECK(!event.ended_at);
        CHECK(event.reason == "no scheduler of the build service looks at " + nobodys);
    }
    std::sort(heard.begin(), heard.end());
    CHECK(heard == Lines{"build_withdrawn demo/hello r2", "build_withdrawn demo/hello:one r2"});
}

TEST_CASE("the commit that a run pointed a package at is found, whoever wrote its meta since") {
    ObsServiceWorld world({ObsBackend::Level::Source});
    world.add_file_package(kSource);
    ScmsyncTransport transport;
    ObsClient client(transport, {world.backend.api_url(), "", "", true});
    ObsBuildService service(client, ObsBuildService::Dialect::Backend, "", {"ann", [](const std::string&) {
                                                                                return std::nullopt;
                                                                            }});
    const auto point = [&](char digit, const std::string& run) {
        service.set_scmsync(kSource, "https://forge.test/hello#" + std::string(40, digit), run);
    };
    const auto fetch = [&](char digit) {
        world.backend.commit(
            "demo", "hello", "_scmsync.obsinfo", "mtime: 1\ncommit: " + std::string(40, digit) + "\n");
    };
    const auto found = [&](const std::string& run) {
        return service.revision_of_run(kSource, run).value_or(SourceRevision{"none", ""}).rev;
    };
    point('1', "heddle run 7");
    service.set_flags({{"build", "disable", "demo", "hello", "", ""}});
    CHECK(found("heddle run 7") == "none");
    fetch('1');
    CHECK(found("heddle run 7") == "2");
    CHECK(found("heddle run 8") == "none");
    point('2', "heddle run 8");
    service.set_flags({{"build", "enable", "demo", "hello", "", ""}});
    fetch('2');
    CHECK(found("heddle run 7") == "none");
    CHECK(found("heddle run 8") == "3");

    const std::string by_hand = "https://forge.test/hello#" + std::string(40, '3');
    world.backend.put(
        "/source/demo/hello/_meta?user=bob",
        "<package name='hello' project='demo'><title/><description/><url>" + by_hand + "</url></package>");
    fetch('3');
    CHECK(service.scmsync(kSource) == by_hand);
    CHECK(found("heddle run 8") == "none");
}
