// SPDX-License-Identifier: Apache-2.0
#include "app/build_events/obs_event.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "app/build_events/notifications.hpp"
#include "workflows/model/read_build_events.hpp"

using namespace heddle;
using nlohmann::json;
using Type = BuildEventType;

namespace {

/// As it came from a real bus.
json a_message() {
    return json::parse(R"({"package":"good","arch":"x86_64","reason":"source change","rev":"2",
        "release":"2.1","readytime":"1795339667","project":"home:demo","starttime":"1795339668",
        "workerid":"test:1","endtime":"1795339669","verifymd5":"032ed8444aaa86b201900008b66aa59c","bcnt":"1",
        "repository":"standard","versrel":"1.0-2","srcmd5":"032ed8444aaa86b201900008b66aa59c"})");
}

json with(const char* key, const json& value) {
    json changed = a_message();
    changed[key] = value;
    return changed;
}

}  // namespace

TEST_CASE("routing keys are known by their last two words, whatever the namespace") {
    CHECK(type_of_routing_key("opensuse.obs.package.build_success") == Type::BuildSuccess);
    CHECK(type_of_routing_key("our.own.deep.namespace.package.build_fail") == Type::BuildFail);
    CHECK(type_of_routing_key("suse.package.build_unchanged") == Type::BuildUnchanged);
    CHECK(type_of_routing_key("package.build_broken") == Type::BuildBroken);
    CHECK(type_of_routing_key("a.package.build_unresolvable") == Type::BuildUnresolvable);
    CHECK(type_of_routing_key("a.project.delete") == Type::ProjectDeleted);
    CHECK(type_of_routing_key("a.package.delete") == Type::PackageDeleted);
    CHECK(type_of_routing_key("opensuse.obs.request.state_change") == Type::RequestStateChange);
    for (const char* key : {"",
                            ".",
                            "..",
                            "build_success",
                            "package.",
                            ".build_success",
                            "repo.build_success",
                            "a.package.build_success.",
                            "a.package.BUILD_SUCCESS",
                            "a.package.create",
                            "xpackage.delete",
                            "a.request.delete"}) {
        CAPTURE(key);
        CHECK_FALSE(type_of_routing_key(key));
    }
}

TEST_CASE("a message becomes a build event, and the reason of the build none of its result") {
    const ObsEvent read = read_obs_event(Type::BuildFail, a_message());
    CHECK(read.problem.empty());
    CHECK(read.timed);
    CHECK(read.event.type == Type::BuildFail);
    CHECK(to_string(read.event.package) == "home:demo/good");
    CHECK(read.event.repository + "/" + read.event.architecture == "standard/x86_64");
    CHECK(read.event.revision.rev == "2");
    CHECK(read.event.revision.srcmd5 == "032ed8444aaa86b201900008b66aa59c");
    CHECK(read.event.started_at == TimePoint(std::chrono::seconds(1795339668)));
    CHECK(read.event.ended_at == TimePoint(std::chrono::seconds(1795339669)));
    CHECK(read.event.reason.empty());
    CHECK(read.event.id.empty());
}

TEST_CASE("what could not be built says why") {
    CHECK(read_obs_event(Type::BuildBroken, a_message()).event.reason == "source change");
    CHECK(read_obs_event(Type::BuildBroken, with("details", "no source")).event.reason == "no source");
    CHECK(read_obs_event(Type::BuildUnresolvable, with("error", "nothing")).event.reason == "nothing");
    CHECK(read_obs_event(Type::BuildUnresolvable, with("reason", nullptr)).event.reason.empty());
}

TEST_CASE("a long reason is shortened between two characters, and the event kept, whoever sends it") {
    std::string list;
    while (list.size() <= 2000) list += "nothing provides \u00e4, ";
    list.insert(0, 1996 - list.rfind("\u00e4", 1996), 'x');  // the limit falls into a character
    const ObsEvent read = read_obs_event(Type::BuildUnresolvable, with("details", list));
    CHECK(read.problem.empty());
    CHECK(read.event.reason.size() == 1999);
    CHECK(read.event.reason.ends_with("..."));
    CHECK(list.starts_with(read.event.reason.substr(0, read.event.reason.size() - 3)));
    CHECK_NOTHROW(json(read.event.reason).dump());  // throws on half a character
    json sent = with("reason", list);
    sent["type"] = "build_unresolvable";
    const ReadBuildEvents posted = read_build_events(sent.dump());
    CHECK(posted.problem.empty());
    REQUIRE(posted.events.size() == 1);
    CHECK(posted.events.front().reason == read.event.reason);
    const std::string fits(2000, 'x');
    CHECK(read_obs_event(Type::BuildBroken, with("details", fits)).event.reason == fits);
}

TEST_CASE("the same message has the same wording, another one has another") {
    const std::string wording = read_obs_event(Type::BuildFail, a_message()).wording;
    json reversed = json::object();
    const json message = a_message();
    for (auto entry = message.rbegin(); entry != message.rend(); ++entry) reversed[entry.key()] = *entry;
    CHECK(read_obs_event(Type::BuildFail, reversed).wording == wording);
    CHECK(read_obs_event(Type::BuildSuccess, a_message()).wording != wording);
    for (const char* key : {"package", "starttime", "endtime", "bcnt", "srcmd5", "arch"}) {
        CAPTURE(key);
        CHECK(read_obs_event(Type::BuildFail, with(key, "x86")).wording != wording);
    }
}

TEST_CASE("a deletion has no time of its own") {
    const json gone{{"project", "home:demo"}, {"sender", "ann"}, {"comment", "bye"}};
    const ObsEvent read = read_obs_event(Type::ProjectDeleted, gone);
    CHECK(read.problem.empty());
    CHECK_FALSE(read.timed);
    CHECK(read.event.package.project == "home:demo");
    CHECK(read.event.package.package.empty());
}

TEST_CASE("a request's change of state is known by number, state and time") {
    json change = json::parse(R"({"author":"ann","comment":"looks good","description":"Take it","number":4711,
        "actions":[{"type":"submit","sourceproject":"home:ann","targetproject":"demo"}],"state":"accepted",
        "oldstate":"review","when":"2026-01-02T03:04:05","who":"bob","namespace":null,"duration":9})");
    const ObsEvent read = read_obs_event(Type::RequestStateChange, change);
    CHECK(read.problem.empty());
    CHECK(read.timed);
    CHECK(read.event.type == Type::RequestStateChange);
    CHECK(read.event.request == 4711);
    CHECK(read.event.request_state == "accepted");
    CHECK(read.event.reason == "looks good");
    CHECK(read.event.ended_at == TimePoint(std::chrono::seconds(1767323045)));
    change["state"] = "declined";
    CHECK(read_obs_event(Type::RequestStateChange, change).wording != read.wording);
    change["id"] = change["number"];
    change.erase("number");
    CHECK(read_obs_event(Type::RequestStateChange, change).event.request == 4711);
    change.erase("id");
    CHECK(read_obs_event(Type::RequestStateChange, change).problem == "number is missing");
}

TEST_CASE("messages that can't be read say which key is wrong") {
    const auto problem = [](const json& payload) { return read_obs_event(Type::BuildFail, payload).problem; };
    CHECK(problem(json::array()) == "it is no object");
    CHECK(problem("text") == "it is no object");
    CHECK(problem(nullptr) == "it is no object");
    CHECK(problem(json::object()) == "project is missing");
    CHECK(problem(with("package", json::array())) == "package is no text");
    CHECK(problem(with("package", {{"a", 1}})) == "package is no text");
    CHECK(problem(with("arch", 4.5)) == "arch is no text");
    CHECK(problem(with("starttime", "yesterday")) == "starttime is no number of seconds since 1970");
    CHECK(problem(with("starttime", -1)) == "starttime is no number of seconds since 1970");
    CHECK(problem(with("rev", std::string(256, '1'))) == "rev is longer than 255 bytes");
    CHECK(problem(with("srcmd5", std::string("a\0b", 3))) == "srcmd5 contains a NUL character");
    CHECK(problem(with("project", "a/../b")) != "");
    // Of no use to us, and of no harm either.
    CHECK(problem(with("type", "project_deleted")) == "");
    CHECK(problem(with("id", json::array())) == "");
    CHECK(problem(with("previouslyfailed", {{"deep", {{"er", 1}}}})) == "");
    CHECK(read_obs_event(Type::BuildFail, with("type", "project_deleted")).event.type == Type::BuildFail);
}

TEST_CASE("a message that is nested very deeply is read, for nothing is done with its depth") {
    const std::string deep = R"({"project":"a","package":"b","repository":"c","arch":"x86_64","more":)" +
                             std::string(300'000, '[') + std::string(300'000, ']') + "}";
    const json payload = json::parse(deep);
    CHECK(read_obs_event(Type::BuildFail, payload).problem.empty());
}

TEST_CASE("an answer of the queue") {
    const auto read = read_notifications(R"({"notification":[
        {"type":"SRCSRV_COMMIT","time":"1795339472","data":{"project":"proj"}},
        {"type":"SRCSRV_DELETE_PROJECT","time":"1795339473","data":{"project":"proj"}}],"next":88})");
    REQUIRE(read);
    CHECK(read->next == 88);
    CHECK_FALSE(read->lost);
    REQUIRE(read->entries.size() == 2);
    CHECK_FALSE(read->entries[0].type);
    CHECK(read->entries[1].type == Type::ProjectDeleted);
    CHECK(read->entries[1].read.event.ended_at == TimePoint(std::chrono::seconds(1795339473)));
    const auto lost = read_notifications(R"({"next":"15","sync":"lost"})");
    REQUIRE(lost);
    CHECK(lost->next == 15);
    CHECK(lost->lost);
    for (const char* no : {"",
                           "null",
                           "[]",
                           "{}",
                           "{\"next\":0}",
                           "{\"next\":1.5}",
                           "{\"next\":\"1x\"}",
                           "{\"next\":1,\"notification\":{}}",
                           "<notifications next=\"1\"/>"}) {
        CAPTURE(no);
        CHECK_FALSE(read_notifications(no));
    }
}

TEST_CASE("the name of the queue") {
    CHECK(read_repoid("<hello name=\"Source Repository Server\" repoid=\"012345678\" />\n") == "012345678");
    for (const char* no : {"",
                           "<hello/>",
                           "<html repoid=\"1\">",
                           "<hello repoid=\"\"/>",
                           "<hello repoid=\"12",
                           "<hello repoid=\"a b\"/>"}) {
        CAPTURE(no);
        CHECK_FALSE(read_repoid(no));
    }
}
