// SPDX-License-Identifier: Apache-2.0
#include "app/inbox/build_event_intake.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "app/crypto/secret_box.hpp"
#include "app/postgres/api_key_store.hpp"
#include "tests/support/run_world.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace heddle;
using heddle::testing::RunWorld;
using nlohmann::json;

namespace {

struct Backend {
    RunWorld rows;
    test::TemporaryFolder folder;
    SecretBox box = SecretBox::create(folder.path() / "secret.key");
    BuildEventIntake intake{rows.pool(), box};
    BuildEventKey key = add_key("");

    BuildEventKey add_key(const std::string& project) {
        const auto made = in_transaction(rows.pool(), [&](pqxx::work& tx) {
            return create_api_key(tx, box, {"", "build-events", project, {}});
        });
        return intake.find_key(made.key).value();
    }
    IntakeAnswer send(const json& body) { return intake.accept(key, body.dump()); }
    std::string events(const std::string& columns) {
        return rows.ask("SELECT " + columns + " FROM build_events ORDER BY id");
    }
};

json an_event() {
    return {{"type", "build_fail"},
            {"project", "home:ann"},
            {"package", "hello:tests"},
            {"repository", "openSUSE_Tumbleweed"},
            {"arch", "x86_64"},
            {"rev", "12"},
            {"srcmd5", "0123456789abcdef0123456789abcdef"},
            {"starttime", "1700000000"},
            {"endtime", 1700000060},
            {"reason", "source change"},
            {"workerid", "w1"},
            {"successive_failcount", 2}};
}

std::string told(const IntakeAnswer& answer) { return std::to_string(answer.status) + " " + answer.problem; }

}  // namespace

TEST_CASE("a build event becomes a row and its job") {
    Backend backend;
    const IntakeAnswer answer = backend.send(an_event());
    CHECK(told(answer) == "200 ");
    CHECK(answer.accepted == 1);
    CHECK(answer.duplicates == 0);
    CHECK(
        backend.events(
            "sender, sender_id, type, project, package, repository, architecture, rev, srcmd5, "
            "extract(epoch FROM started_at)::bigint, extract(epoch FROM ended_at)::bigint, reason, state") ==
        "key:" + std::to_string(backend.key.id) +
            "|NULL|build_fail|home:ann|hello:tests|openSUSE_Tumbleweed|x86_64|12|"
            "0123456789abcdef0123456789abcdef|"
            "1700000000|1700000060|source change|new");
    CHECK(backend.rows.ask("SELECT kind, key FROM jobs") ==
          "build_event|home:ann/hello:tests/openSUSE_Tumbleweed/x86_64");
}

TEST_CASE("what an event does not have may be left out or null") {
    Backend backend;
    json event = an_event();
    event.erase("rev");
    event.erase("starttime");
    event["srcmd5"] = nullptr;
    event["endtime"] = "";
    event["reason"] = nullptr;
    CHECK(told(backend.send(event)) == "200 ");
    CHECK(told(backend.send({{"type", "package_deleted"}, {"project", "p"}, {"package", "a"}})) == "200 ");
    CHECK(told(backend.send({{"type", "project_deleted"}, {"project", "p"}})) == "200 ");
    CHECK(backend.events("rev, srcmd5, started_at, ended_at") == "||NULL|NULL;||NULL|NULL;||NULL|NULL");
}

TEST_CASE("times keep their fractions") {
    Backend backend;
    json event = an_event();
    event["starttime"] = 1700000000.25;
    CHECK(told(backend.send(event)) == "200 ");
    CHECK(backend.events("(extract(epoch FROM started_at) * 1000)::bigint") == "1700000000250");
}

TEST_CASE("an id is known once per key") {
    Backend backend;
    json event = an_event();
    event["id"] = "e1";
    json other = an_event();
    other["id"] = 7;
    IntakeAnswer answer = backend.send(json::array({event, other, event}));
    CHECK(answer.accepted == 2);
    CHECK(answer.duplicates == 1);
    answer = backend.send(event);
    CHECK(told(answer) == "200 ");
    CHECK(answer.duplicates == 1);
    CHECK(backend.intake.accept(backend.add_key(""), event.dump()).accepted == 1);
    CHECK(backend.events("sender_id") == "e1;7;e1");
    CHECK(backend.rows.ask("SELECT count(*) FROM jobs") == "3");
    CHECK(backend.send(json::array({an_event(), an_event()})).accepted == 2);
}

TEST_CASE("a request's change of state is stored among build events") {
    Backend backend;
    json change{{"type", "request_state_change"},
                {"number", 4711},
                {"id", 4711},
                {"state", "accepted"},
                {"comment", "good"},
                {"oldstate", "review"},
                {"author", "ann"},
                {"when", "2026-01-02T03:04:05"},
                {"actions",
                 json::array({{{"type", "submit"}, {"targetproject", "demo"}, {"targetpackage", "hello"}}})}};
    const IntakeAnswer answer = backend.send(json::array({change, an_event(), change}));
    CHECK(told(answer) == "200 ");
    CHECK(answer.accepted == 3);
    CHECK(answer.duplicates == 0);
    CHECK(backend.rows.ask(
              "SELECT project, package, request, request_state, reason, extract(epoch FROM ended_at)::bigint "
              "FROM build_events WHERE type = 'request_state_change' ORDER BY id LIMIT 1") ==
          "demo|hello|4711|accepted|good|1767323045");
    CHECK(backend.rows.ask("SELECT key FROM jobs ORDER BY id") ==
          "request/4711;home:ann/hello:tests/openSUSE_Tumbleweed/x86_64;request/4711");
    CHECK(backend.events("request IS NULL") == "f;t;f");

    change["comment"] = std::string(100'000, 'x');
    CHECK(told(backend.send(change)) == "200 ");
    CHECK(backend.rows.ask("SELECT max(length(reason)) FROM build_events") == "2000");
    change["when"] = "yesterday";
    CHECK(told(backend.send(change)) == "400 when is no number of seconds since 1970");
    change["when"] = 1700000000.5;
    change["actions"] = json::array();
    CHECK(told(backend.send(change)) == "200 ");
    change.erase("when");
    CHECK(told(backend.send(change)) == "200 ");
    CHECK(backend.rows.ask("SELECT count(*) FROM build_events WHERE ended_at IS NULL") == "0");
    change["actions"] = json::array({{{"targetproject", "a/b"}}});
    CHECK(told(backend.send(change)) == "400 actions[0].targetproject is no project name");
    change.erase("state");
    change["actions"] = "none";
    CHECK(told(backend.send(json::array({an_event(), change}))) == "400 [1].state is missing");
    change["state"] = "new";
    change["number"] = -1;
    CHECK(told(backend.send(change)) == "400 number is no positive number");
    change.erase("number");
    change.erase("id");
    CHECK(told(backend.send(change)) == "400 number is missing");
}

TEST_CASE("values that are nested very deeply are refused as any other") {
    Backend backend;
    const std::string deep = std::string(400'000, '[') + std::string(400'000, ']');
    const auto send = [&](const std::string& body) {
        return told(backend.intake.accept(backend.add_key(""), body));
    };
    CHECK(send("{\"type\": " + deep + "}") == "400 type is no text");
    CHECK(send("{\"type\": \"build_fail\", \"project\": " + deep + "}") == "400 project is no text");
    const std::string request = "{\"type\": \"request_state_change\", \"number\": 1, \"state\": \"new\", ";
    CHECK(send(request + "\"actions\": " + deep + "}") == "200 ");
    CHECK(send(request + "\"when\": " + deep + "}") == "400 when is no number of seconds since 1970");
    CHECK(send(request + "\"actions\": [{\"targetproject\": " + deep + "}]}") ==
          "400 actions[0].targetproject is no text");
}

TEST_CASE("a key that is good for a project speaks for requests to it alone") {
    Backend backend;
    const BuildEventKey narrow = backend.add_key("demo");
    json change{{"type", "request_state_change"}, {"number", 5}, {"state", "accepted"}};
    const auto send = [&] { return told(backend.intake.accept(narrow, change.dump())); };
    CHECK(send() ==
          "403 actions names no target project, and the key is good for demo and what is below it only");
    change["actions"] = json::array({{{"targetproject", "other"}}});
    CHECK(send() == "403 project is \"other\", and the key is good for demo and what is below it only");
    change["actions"] = json::array({{{"targetproject", "demo:sub"}}});
    CHECK(send() == "200 ");
}

TEST_CASE("one wrong element refuses them all, and is named") {
    Backend backend;
    json wrong = an_event();
    std::string problem;
    SUBCASE("missing") {
        wrong.erase("package");
        problem = "[3].package is missing";
    }
    SUBCASE("null") {
        wrong["project"] = nullptr;
        problem = "[3].project is missing";
    }
    SUBCASE("empty") {
        wrong["arch"] = "";
        problem = "[3].arch is missing";
    }
    SUBCASE("no type") {
        wrong.erase("type");
        problem = "[3].type is missing";
    }
    SUBCASE("unknown type") {
        wrong["type"] = "build_party";
        problem = "[3].type is unknown: \"build_party\"";
    }
    SUBCASE("no text") {
        wrong["repository"] = json::array();
        problem = "[3].repository is no text";
    }
    SUBCASE("no object") {
        wrong = "build_fail";
        problem = "[3] is no object";
    }
    SUBCASE("a foreign architecture") {
        wrong["arch"] = "abacus";
        problem = "[3].arch is wrong: ";
    }
    SUBCASE("a name with a slash") {
        wrong["package"] = "a/b";
        problem = "[3].package is wrong: \"a/b\" is no package name: it contains \"/\"";
    }
    SUBCASE("an empty flavour") {
        wrong["package"] = "hello:";
        problem = "[3].package is wrong: ";
    }
    SUBCASE("a NUL") {
        wrong["rev"] = std::string("1\0", 2);
        problem = "[3].rev contains a NUL character";
    }
    SUBCASE("too long") {
        wrong["id"] = std::string(256, 'i');
        problem = "[3].id is longer than 255 bytes";
    }
    SUBCASE("no time") {
        wrong["starttime"] = "yesterday";
        problem = "[3].starttime is no number of seconds since 1970";
    }
    SUBCASE("a time that no clock shows") {
        wrong["endtime"] = 1e300;
        problem = "[3].endtime is no number of seconds since 1970";
    }
    const IntakeAnswer answer =
        backend.send(json::array({an_event(), an_event(), an_event(), wrong, an_event()}));
    CHECK(answer.status == 400);
    CHECK_MESSAGE(answer.problem.starts_with(problem), answer.problem);
    CHECK(answer.accepted == 0);
    CHECK(backend.rows.ask("SELECT count(*) FROM build_events") == "0");
}

TEST_CASE("of a single event the key alone is named") {
    Backend backend;
    json event = an_event();
    event.erase("project");
    CHECK(told(backend.send(event)) == "400 project is missing");
    CHECK(told(backend.send(7)) == "400 the body is no object");
    for (const std::string& body : {std::string(),
                                    std::string("{"),
                                    std::string("{\"type\": \"\xff\"}"),
                                    an_event().dump() + an_event().dump(),
                                    std::string("\0", 1)})
        CHECK_MESSAGE(told(backend.intake.accept(backend.key, body)) == "400 the body is no JSON", body);
}

TEST_CASE("many events are stored in their order, by one statement") {
    Backend backend;
    json many = json::array();
    std::string reasons;
    for (int i = 0; i < 1000; ++i) {
        json event = an_event();
        event["id"] = i % 900;  // the last hundred are known
        event["reason"] = "\\ {\"ä\", NULL} " + std::to_string(i);
        if (i < 900) reasons += (i > 0 ? ";" : "") + event["reason"].get<std::string>();
        many.push_back(event);
    }
    backend.rows.tell(
        "CREATE TABLE statements (happened int);"
        "CREATE FUNCTION count_statement() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO statements VALUES (1); RETURN NULL; END $$;"
        "CREATE TRIGGER counted AFTER INSERT ON build_events EXECUTE FUNCTION count_statement()");
    const IntakeAnswer answer = backend.send(many);
    CHECK(answer.accepted == 900);
    CHECK(answer.duplicates == 100);
    CHECK(backend.rows.ask("SELECT count(*) FROM statements") == "1");
    CHECK(backend.events("reason") == reasons);
    CHECK(backend.rows.ask(
              "SELECT count(*) FROM jobs j JOIN build_events e ON e.id = (j.payload->>'event')::bigint"
              " WHERE j.id - e.id = (SELECT min(id) FROM jobs) - (SELECT min(id) FROM build_events)") ==
          "900");
}

TEST_CASE("a key is good for its project and those below it") {
    Backend backend;
    backend.key = backend.add_key("home:ann");
    json below = an_event(), beside = an_event();
    below["project"] = "home:ann:branches";
    beside["project"] = "home:anna";
    CHECK(backend.send(json::array({an_event(), below})).accepted == 2);
    CHECK(told(backend.send(json::array({an_event(), below, beside}))) ==
          "403 [2].project is \"home:anna\", and the key is good for home:ann and what is below it only");
    CHECK(told(backend.send(beside)).starts_with("403 project is \"home:anna\""));
    CHECK(backend.rows.ask("SELECT count(*) FROM build_events") == "2");
}

TEST_CASE("what is too large or too many is refused whole") {
    Backend backend;
    json many = json::array();
    for (int i = 0; i < 1000; ++i) many.push_back(an_event());
    CHECK(backend.send(many).accepted == 1000);
    many.push_back(an_event());
    CHECK(told(backend.send(many)) == "413 more than 1000 events at once");
    json large = an_event();
    large["ignored"] = std::string(1 << 20, 'x');
    CHECK(told(backend.send(large)) == "413 the body is larger than 1 MiB");
    CHECK(backend.send(json::array()).accepted == 0);
    CHECK(told(backend.intake.accept(backend.key, std::string(1 << 19, '['))).starts_with("400 "));
    CHECK(backend.rows.ask("SELECT count(*) FROM build_events") == "1000");
}

TEST_CASE("a key is found by itself only") {
    Backend backend;
    CHECK_FALSE(backend.intake.find_key(""));
    CHECK_FALSE(backend.intake.find_key("heddle_"));
    CHECK(backend.rows.ask("SELECT used_at > now() - interval '1 minute' FROM api_keys") == "t");
}
