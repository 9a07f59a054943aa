// SPDX-License-Identifier: Apache-2.0
// The same cases for the sources of all forges that have an API.
#include "tests/contract/app/forges/source_world.hpp"

using namespace heddle;
using namespace heddle::test;
using Kind = RemoteError::Kind;

namespace {

void for_each_forge(const std::function<void(SourceStage&)>& act) {
    for (const ForgeDialect& forge : forge_dialects()) {
        INFO(forge.kind);
        SourceStage stage(forge);
        act(stage);
    }
}

}  // namespace

TEST_CASE("the file comes from the branch that the pull request wants to be merged into") {
    for_each_forge([](SourceStage& w) {
        const std::string text = "workflow: {}\n# \xC3\xA4\n" + std::string(200, '#');
        w.answer_file(w.forge.file(text));
        CHECK(w.read() == text);
        REQUIRE(w.server.requests().size() == 1);
        const StandInRequest request = w.server.requests()[0];
        CHECK(request.method == "GET");
        CHECK(request.query() == "ref=main");
        CHECK(request.header(w.forge.credential_name) == w.forge.credential);
    });
}

TEST_CASE("a push reads from the pushed branch, whatever its name is") {
    for_each_forge([](SourceStage& w) {
        w.answer_file(w.forge.file("a: {}\n"));
        ScmEvent event = w.event(EventClass::Push);
        event.target.branch = "feature/a#1?b=%2e&c d\xC3\xA4";
        CHECK(w.read(event) == "a: {}\n");
        CHECK(w.server.requests().at(0).query() == "ref=feature%2Fa%231%3Fb%3D%252e%26c%20d%C3%A4");
    });
}

TEST_CASE("a tag push reads the tagged commit, and of one forge the tag") {
    for_each_forge([](SourceStage& w) {
        w.answer_file(w.forge.file("a: {}\n"));
        CHECK(w.read(w.event(EventClass::TagPush)) == "a: {}\n");
        const std::string ref = w.forge.kind == "gitea" ? "v1.0%2F%C3%A4" : std::string(40, 'c');
        CHECK(w.server.requests().at(0).query() == "ref=" + ref);
    });
}

TEST_CASE("without a credential none is sent") {
    for_each_forge([](SourceStage& w) {
        w.answer_file(w.forge.file("a: {}\n"));
        ForgeAccess everybody = w.access();
        everybody.credential.clear();
        CHECK(w.source->read(w.event(), kFile, everybody) == "a: {}\n");
        CHECK(w.server.requests().at(0).header(w.forge.credential_name).empty());
    });
}

TEST_CASE("no such file is said only when repository and branch are there") {
    for_each_forge([](SourceStage& w) {
        w.answer_file({404, R"({"message":"Not Found"})"});
        w.answer_repository(200);
        w.answer_branch(200);
        CHECK(w.read() == std::nullopt);
        w.answer_branch(404);
        CHECK(w.failure().kind == Kind::GiveUp);
        CHECK(contains(w.failure().what(), "there is no branch \"main\""));
        w.answer_repository(404);
        CHECK(w.failure().kind == Kind::GiveUp);
        CHECK(contains(w.failure().what(), "the repository is not there, or the token may not read it"));
        w.answer_repository(503);
        CHECK(w.failure().kind == Kind::Retry);
        for (const StandInRequest& request : w.server.requests())
            CHECK(request.header(w.forge.credential_name) == w.forge.credential);
    });
}

TEST_CASE("what a refusal means follows from its status and headers") {
    for_each_forge([](SourceStage& w) {
        w.answer_file({401, R"({"message":"Bad credentials"})"});
        CHECK(w.failure().kind == Kind::BadCredentials);
        w.answer_file({403, R"({"message":"Resource not accessible"})"});
        CHECK(w.failure().kind == Kind::GiveUp);
        w.answer_file({429, "", {{"Retry-After", "77"}}});
        CHECK(w.failure().kind == Kind::Retry);
        CHECK(w.failure().retry_after == std::chrono::seconds(77));
        w.answer_file({403, "", {{"Retry-After", "78"}}});
        CHECK(w.failure().kind == Kind::Retry);
        CHECK(w.failure().retry_after == std::chrono::seconds(78));
        w.answer_file({502, "<html>"});
        CHECK(w.failure().kind == Kind::Retry);
        w.answer_file({200, "", {}, StandInAnswer::Manner::Vanish});
        CHECK(w.failure().kind == Kind::Retry);
        CHECK(contains(w.failure().what(), "127.0.0.1"));
    });
}

TEST_CASE("a file of more than 128 KiB is refused") {
    for_each_forge([](SourceStage& w) {
        w.answer_file(w.forge.file(std::string(128 * 1024, '#')));
        CHECK(w.read()->size() == 128 * 1024);
        w.answer_file(w.forge.file(std::string(128 * 1024 + 1, '#')));
        CHECK(w.failure().kind == Kind::GiveUp);
        CHECK(contains(w.failure().what(), "has 131073 bytes, more than the 131072 allowed"));
        w.answer_file(w.forge.file(std::string(3 << 20, '#')));
        CHECK(w.failure().kind == Kind::GiveUp);
    });
}

TEST_CASE("a renamed repository is found by a redirect within the origin") {
    for_each_forge([](SourceStage& w) {
        w.answer_file({301, "", {{"Location", w.server.url() + "/new?x=%2F"}}});
        w.server.answer("GET", "/new", {307, "", {{"Location", "/newest"}}});
        w.server.answer("GET", "/newest", w.forge.file("a: {}\n"));
        CHECK(w.read() == "a: {}\n");
        const auto requests = w.server.requests();
        REQUIRE(requests.size() == 3);
        CHECK(requests[1].target == "/new?x=%2F");
        CHECK(requests[2].header(w.forge.credential_name) == w.forge.credential);
        w.server.answer("GET", "/newest", {302, "", {{"Location", "/newest"}}});
        CHECK(contains(w.failure().what(), "the answer is 302, a redirect, which is not followed"));
    });
}

TEST_CASE("an attacker who is redirected to never hears of the request") {
    for_each_forge([](SourceStage& w) {
        StandInServer attacker;
        for (const std::string& location : {attacker.url() + "/x",
                                            attacker.url("localhost") + "/x",
                                            "//127.0.0.1:" + std::to_string(attacker.port()) + "/x",
                                            "https://127.0.0.1:" + std::to_string(w.server.port()) + "/x",
                                            std::string("file:///etc/passwd"),
                                            std::string("http://169.254.169.254/latest/meta-data/"),
                                            std::string()}) {
            w.answer_file({302, "", {{"Location", location}}});
            CHECK(w.failure().kind == Kind::GiveUp);
            CHECK(contains(w.failure().what(), "a redirect, which is not followed"));
        }
        CHECK(attacker.connections() == 0);
    });
}

TEST_CASE("what a payload names decides about no other path") {
    for_each_forge([](SourceStage& w) {
        for (const std::string name :
             {"..", "../..", "owner/..", "owner/../../user", "owner", "", "/", "owner//name"}) {
            ScmEvent event = w.event();
            event.repository.full_name = name;
            event.repository.id = "../user";
            CHECK_MESSAGE(w.failure(event).kind == Kind::GiveUp, name);
        }
        for (const std::string path : {"../x", ".obs/../../x", "/x", "", "a//b"})
            CHECK_MESSAGE(w.failure(w.event(), path).kind == Kind::GiveUp, path);
        CHECK(w.server.connections() == 0);
        ScmEvent event = w.event();
        event.repository.full_name = "o?x/n#y%2e";
        event.repository.id = "";
        w.failure(event);
        CHECK(contains(w.server.requests().at(0).target,
                       w.forge.kind == "gitlab" ? "o%3Fx%2Fn%23y%252e" : "o%3Fx/n%23y%252e"));
    });
}

TEST_CASE("an event without a branch is a bug of ours") {
    for_each_forge([](SourceStage& w) {
        ScmEvent event = w.event(EventClass::Push);
        event.target.branch.clear();
        CHECK_THROWS_AS(w.read(event), std::logic_error);
        CHECK(w.server.connections() == 0);
    });
}
