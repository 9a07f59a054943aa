// SPDX-License-Identifier: Apache-2.0
// Somebody with a token of his own, and no right in anything, speaks of other people's repositories.
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/flow/attackers/attack_world.hpp"

using namespace heddle::test;
using nlohmann::json;

namespace {

constexpr ForgeKind kHub = ForgeKind::Github;
const std::string kStarted = "OBS SCM/CI Workflow Integration started";

/// A token of bob, who made nothing and maintains nothing, without a credential.
MadeToken token_of_bob(AttackWorld& world) {
    world.heddle_done({"user", "create", "bob"});
    const json made = json::parse(world.heddle_done(
        {"token", "create", "--executor", "bob", "--forge", to_string(kHub) + "-here", "--json"}));
    const json& id = made.at("id");
    return {id.is_string() ? id.get<std::string>() : std::to_string(id.get<std::int64_t>()),
            made.at("secret").get<std::string>()};
}

Happening a_change(AttackWorld& world) {
    Happening it;
    it.commit = world.repository.id_of("main");
    return it;
}

Delivery told_by(AttackWorld& world, const MadeToken& token, const Happening& it, const std::string& id) {
    return a_delivery(kHub, it, world.forge(kHub).web_url(), token.secret, id);
}

}  // namespace

TEST_CASE("another user's token can't lead a repository's statuses to another place") {
    AttackWorld world;
    const MadeToken bob = token_of_bob(world);
    Happening it = a_change(world);
    CHECK(world.attack(world.token(kHub), told_by(world, world.token(kHub), it, "first")).status == 200);
    const auto before = world.forge(kHub).posted().size();
    REQUIRE(before > 0);

    // The same number under his own repository's name, in an event that starts something and in one that does
    // not.
    Happening his = it;
    his.repository = his.source_repository = "bob/evil";
    his.number = 9;
    world.attack(bob, told_by(world, bob, his, "his"));
    json ignored = json::parse(told_by(world, bob, his, "x").body);
    ignored["action"] = "edited";
    world.attack(bob, with_body(kHub, told_by(world, bob, his, "ignored"), ignored.dump(), bob.secret));

    it.what = "updated";
    it.number = 2;
    CHECK(world.attack(world.token(kHub), told_by(world, world.token(kHub), it, "second")).status == 200);
    const auto posted = world.forge(kHub).posted();
    CHECK(posted.size() > before);
    CHECK(std::all_of(posted.begin(), posted.end(), [](const PostedStatus& status) {
        return status.repository == "team/hello";
    }));
}

TEST_CASE("what another user's token says is not told with somebody else's credential") {
    AttackWorld world;
    const MadeToken bob = token_of_bob(world);
    const Happening it = a_change(world);
    const auto hear = [&](const MadeToken& token, const std::string& id) {
        CHECK(world.attack(token, told_by(world, token, it, id)).status == 200);
    };
    SUBCASE("bob speaks later") {
        hear(world.token(kHub), "hers");
        hear(bob, "his");
    }
    SUBCASE("bob speaks first") {
        hear(bob, "his");
        CHECK(world.forge(kHub).posted().empty());
        hear(world.token(kHub), "hers");
    }
    CHECK(world.ask("SELECT count(*) FROM workflow_runs WHERE status = 'fail'") == "1");  // he may do nothing
    const auto shown = world.forge(kHub).shown(it.commit);
    CHECK(shown.contains(kStarted));
    for (const auto& [context, state] : shown) CHECK_MESSAGE(state == "success", context);
    for (const PostedStatus& status : world.forge(kHub).posted()) CHECK(status.state != "failure");
}
