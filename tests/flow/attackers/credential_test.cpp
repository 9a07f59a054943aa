// SPDX-License-Identifier: Apache-2.0
// Who wants a forge's credential, or an answer from inside our network, played against a whole server.
//
// A resolver that changes its answer can't be played on a whole process without a resolver of one's own: that
// attack is played on the client that the server stands on, in tests/contract/app/net/http_client_test.cpp
// ("a resolver that changes its answer is asked once, and its first answer is connected to").
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/flow/attackers/attack_world.hpp"

using namespace heddle::test;
using nlohmann::json;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Happening a_change(AttackWorld& world, std::int64_t number) {
    Happening it;
    it.commit = world.repository.id_of("main");
    it.number = number;
    return it;
}

/// Every address that begins with `from` leads to `to`, but not those by which a forge is recognised.
json misled(const json& value, const std::string& from, const std::string& to, const std::string& key = {}) {
    json out = value;
    if (value.is_structured())
        for (auto& [name, item] : out.items()) item = misled(item, from, to, name);
    else if (value.is_string() && key != "html_url" && key != "web_url" &&
             value.get<std::string>().starts_with(from))
        out = to + value.get<std::string>().substr(from.size());
    return out;
}

/// A payload's repository, with every address that a forge's payload may have beside its own.
json with_more_addresses(json payload, ForgeKind kind, const std::string& evil) {
    json& repository = payload[kind == ForgeKind::Gitlab ? "project" : "repository"];
    for (const char* name : {"url", "statuses_url", "contents_url", "api_url", "http_url", "ssh_url"})
        repository[name] = evil + "/api/v3/repos/team/hello/{sha}";
    payload["sender"]["url"] = evil + "/api/v3/users/ann";  // where OBS takes the API's host from
    return payload;
}

const std::vector<ForgeKind> kForges{ForgeKind::Github, ForgeKind::Gitlab, ForgeKind::Gitea};
const std::string kStarted = "OBS SCM/CI Workflow Integration started";

}  // namespace

TEST_CASE("a signed payload whose addresses lead elsewhere gets no credential there") {
    AttackWorld world;
    std::int64_t number = 0;
    for (const ForgeKind kind : kForges) {
        const std::string forge = to_string(kind);
        CAPTURE(forge);
        const MadeToken& token = world.token(kind);
        const std::string at_forge = world.forge(kind).web_url(), evil = world.evil.url();
        const Happening it = a_change(world, ++number);

        // All of it is of another forge, or seems to be ours.
        const std::string evil_port = std::to_string(world.evil.port());
        for (const std::string& address : {evil,
                                           at_forge + "@127.0.0.1:" + evil_port,
                                           at_forge + ".evil.example",
                                           evil + "/" + at_forge,
                                           at_forge + "\\@127.0.0.1:" + evil_port}) {
            const HttpReply reply =
                world.attack(token, a_delivery(kind, it, address, token.secret, forge + address));
            CHECK_MESSAGE(reply.status == 403, address);
            CHECK_MESSAGE(holds(reply.body, "code=\"invalid_token\""), reply.body);
        }
        CHECK(world.forge(kind).server().connections() == 0);

        // Ours, but everything beside the repository's own page leads to him.
        const Delivery honest = a_delivery(kind, it, at_forge, token.secret, forge + "misled");
        const json payload =
            with_more_addresses(misled(json::parse(honest.body), at_forge, evil), kind, evil);
        const HttpReply reply = world.attack(token, with_body(kind, honest, payload.dump(), token.secret));
        CHECK_MESSAGE(reply.status == 200, reply.body);
        CHECK(world.told() == "1 step of 1 workflow done");
        CHECK(world.forge(kind).shown(it.commit)[kStarted] == "success");
    }
    CHECK(world.evil.connections() == 0);
}

TEST_CASE("a forge's redirect carries nothing to another origin") {
    AttackWorld world;
    const std::map<ForgeKind, std::string> files{
        {ForgeKind::Github, "/api/v3/repos/team/hello/contents/.obs/workflows.yml"},
        {ForgeKind::Gitlab, "/api/v4/projects/77/repository/files/.obs%2Fworkflows.yml/raw"},
        {ForgeKind::Gitea, "/api/v1/repos/team/hello/raw/.obs/workflows.yml"}};
    const std::map<ForgeKind, std::string> statuses{{ForgeKind::Github, "/api/v3/repos/team/hello/statuses/"},
                                                    {ForgeKind::Gitlab, "/api/v4/projects/77/statuses/"},
                                                    {ForgeKind::Gitea, "/api/v1/repos/team/hello/statuses/"}};
    const std::string port = std::to_string(world.evil.port());
    for (const ForgeKind kind : kForges) {
        const std::string forge = to_string(kind);
        CAPTURE(forge);
        ForgeStandIn& stand_in = world.forge(kind);
        const auto send = [&](std::int64_t number) {
            const Happening it = a_change(world, number);
            CHECK(world
                      .attack(world.token(kind),
                              a_delivery(kind,
                                         it,
                                         stand_in.web_url(),
                                         world.token(kind).secret,
                                         forge + std::to_string(number)))
                      .status == 200);
        };
        // Statuses first: their redirect must not be hidden by a file that is not read.
        const std::string post = statuses.at(kind) + a_change(world, 1).commit;
        for (const int status : {307, 308}) {
            stand_in.server().answer("POST", post, {status, "", {{"Location", world.evil.url() + "/x"}}});
            send(status);
            CHECK(world.ask("SELECT state FROM status_reports ORDER BY id DESC LIMIT 1") == "given_up");
            CHECK_FALSE(world.ask("SELECT message FROM status_reports ORDER BY id DESC LIMIT 1").empty());
        }
        std::int64_t number = 1;
        for (const std::string& location : {world.evil.url() + "/workflows.yml",
                                            "//127.0.0.1:" + port + "/workflows.yml",
                                            world.evil.url("localhost") + "/workflows.yml"})
            for (const int status : {301, 302, 303, 307, 308}) {
                stand_in.server().answer("GET", files.at(kind), {status, "", {{"Location", location}}});
                send(number++);
                CHECK_MESSAGE(holds(world.told(), "a redirect, which is not followed"), world.told());
            }
    }
    CHECK(world.evil.connections() == 0);
}

TEST_CASE("a token's URL gets no credential, and no way into the private network") {
    AttackWorld world;
    const std::string port = std::to_string(world.evil.port());
    const std::string path = "/workflows.yml";
    const auto send = [&](const MadeToken& token, const std::string& web_url, const std::string& url) {
        const Ended edited = world.heddle({"token", "edit", token.id, "--configuration-url", url});
        if (edited.exit_code != 0) return "refused: " + edited.err;
        const Delivery delivery =
            a_delivery(ForgeKind::Github, a_change(world, 1), web_url, token.secret, url);
        CHECK(world.attack(token, delivery).status == 200);
        return world.told();
    };

    // That its forge may be at a private address is no leave for other addresses.
    const MadeToken& token = world.token(ForgeKind::Github);
    const std::string told = send(token, world.forge(ForgeKind::Github).web_url(), world.evil.url() + path);
    CHECK_MESSAGE(holds(told, "is not on the internet"), told);

    const std::size_t before = world.evil.connections();
    for (const std::string host : {"127.0.0.1",
                                   "localhost",
                                   "127.1",
                                   "2130706433",
                                   "0x7f000001",
                                   "0177.0.0.1",
                                   "0.0.0.0",
                                   "[::1]",
                                   "[::ffff:127.0.0.1]"}) {
        const std::string said =
            send(world.outside(), AttackWorld::kOutside, "http://" + host + ":" + port + path);
        CHECK_MESSAGE((holds(said, "is not on the internet") || said.starts_with("refused: ")),
                      host << ": " << said);
    }
    for (const std::string url :
         {"http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[fd00::1]/"})
        CHECK_MESSAGE(holds(send(world.outside(), AttackWorld::kOutside, url), "is not on the internet"),
                      url);
    for (const std::string url : {"file:///etc/passwd", "http://u:p@127.0.0.1/", "gopher://127.0.0.1/"})
        CHECK_MESSAGE(send(world.outside(), AttackWorld::kOutside, url).starts_with("refused: "), url);
    CHECK(world.evil.connections() == before);
    CHECK(world.inside.connections() == 0);
}

TEST_CASE("a forge whose API lies in the private network is not asked unless that is allowed") {
    AttackWorld world;
    const Delivery delivery = a_delivery(
        ForgeKind::Github, a_change(world, 1), AttackWorld::kOutside, world.outside().secret, "inside");
    CHECK(world.attack(world.outside(), delivery).status == 200);
    CHECK_MESSAGE(holds(world.told(), "127.0.0.1 is not on the internet"), world.told());
    CHECK(world.inside.connections() == 0);
}
