// SPDX-License-Identifier: Apache-2.0
// A forge that wants to be left alone by one token is, and goes on hearing from another one.
#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "tests/flow/serve/serve_world.hpp"

using namespace heddle::test;

namespace {

const std::string kStarted = "OBS SCM/CI Workflow Integration started";
constexpr int kPause = 10;  // seconds

/// Says pending, then failure: nothing is built.
const char* kWorkflow = "ci:\n  steps:\n    - rebuild_package: { project: nowhere, package: hello }\n";

/// As each forge asks for it (docs.github.com "Rate limits for the REST API", docs.gitlab.com "User and IP
/// rate limits", RFC 6585).
StandInAnswer wait_please(ForgeKind kind) {
    const std::string seconds = std::to_string(kPause);
    const std::string reset = std::to_string(std::time(nullptr) + kPause);
    switch (kind) {
        case ForgeKind::Github:
            return {403,
                    R"({"message":"API rate limit exceeded"})",
                    {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", reset}}};
        case ForgeKind::Gitlab:
            return {429, "Retry later", {{"RateLimit-Reset", reset}, {"Retry-After", seconds}}};
        case ForgeKind::Gitea: return {429, "{}", {{"Retry-After", seconds}}};
    }
    return {};
}

/// What was asked with a credential, in order of time.
std::vector<Asked> asked_with(const ForgeStandIn& forge, const std::string& credential) {
    std::vector<Asked> asked = forge.asked();
    std::erase_if(asked, [&](const Asked& one) { return one.credential != credential; });
    return asked;
}

struct PausingWorld : ServeWorld {
    const std::string second = std::string("second-") + ForgeStandIn::kCredential;

    PausingWorld() {
        for (const auto& [kind, forge] : forges) forge->set_file("main", kWorkflow);
        start();
    }

    /// A token with a credential of its own.
    MadeToken make_second_token(ForgeKind kind) {
        const MadeToken token = make_token(kind);
        const std::filesystem::path file = folder() / "second";
        std::ofstream(file) << second << '\n';
        std::filesystem::permissions(file, std::filesystem::perms(0600));
        heddle_done({"token", "edit", token.id, "--scm-token-file", file});
        return token;
    }

    std::string deliver_commit(ForgeKind kind, const MadeToken& token, int number, char digit) {
        Happening it;
        it.number = number;
        it.commit = std::string(40, digit);
        REQUIRE(deliver(kind, token, it, to_string(kind) + std::to_string(number)).status == 200);
        return it.commit;
    }

    bool shows_end(ForgeKind kind, const std::string& commit) {
        const std::string failure = kind == ForgeKind::Gitlab ? "failed" : "failure";
        return eventually([&] { return forge(kind).shown(commit)[kStarted] == failure; });
    }
};

}  // namespace

TEST_CASE("a pause that a forge asks one token for holds back nobody else, and ends") {
    PausingWorld world;
    for (const ForgeKind kind : {ForgeKind::Github, ForgeKind::Gitlab, ForgeKind::Gitea}) {
        const std::string name = to_string(kind);
        CAPTURE(name);
        ForgeStandIn& forge = world.forge(kind);
        const MadeToken first = world.make_token(kind);
        const MadeToken second = world.make_second_token(kind);
        forge.answer_next_posts(1, wait_please(kind));
        const std::string early = world.deliver_commit(kind, first, 1, '1');
        REQUIRE(eventually([&] { return !forge.posted().empty(); }));

        // Of the other token everything arrives; of this one nothing more is asked, be it new.
        const std::string waiting = world.deliver_commit(kind, first, 2, '2');
        const std::string other = world.deliver_commit(kind, second, 3, '3');
        CHECK(world.shows_end(kind, other));
        const auto before = asked_with(forge, ForgeStandIn::kCredential);
        CHECK(before.size() == 2);  // the file, and the status that was refused
        CHECK(forge.shown(early).empty());

        CHECK(world.shows_end(kind, early));
        CHECK(world.shows_end(kind, waiting));
        const auto after = asked_with(forge, ForgeStandIn::kCredential);
        REQUIRE(after.size() > before.size());
        // A reset is told in whole seconds.
        CHECK(after[before.size()].at - before.back().at >= std::chrono::seconds(kPause - 2));
    }
}
