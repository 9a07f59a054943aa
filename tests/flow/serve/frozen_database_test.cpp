// SPDX-License-Identifier: Apache-2.0
// The database stops answering without going away, as on frozen storage or in the middle of a failover.
#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <vector>

#include "tests/flow/serve/serve_world.hpp"

using namespace heddle::test;

namespace {

namespace fs = std::filesystem;

/// The private server of a world and all its processes, stopped as long as this lives.
class Frozen {
public:
    explicit Frozen(const ServeWorld& world) {
        pid_t server = 0;
        std::ifstream(world.folder() / "data/postgres/cluster/postmaster.pid") >> server;
        REQUIRE(server > 0);
        freeze(server);  // first: it then makes no new ones
        const std::string id = std::to_string(server);
        std::ifstream children("/proc/" + id + "/task/" + id + "/children");
        for (pid_t child = 0; children >> child;) freeze(child);
    }
    ~Frozen() {
        for (const pid_t process : processes_) ::kill(process, SIGCONT);
    }
    Frozen(const Frozen&) = delete;
    Frozen& operator=(const Frozen&) = delete;

private:
    void freeze(pid_t process) {
        ::kill(process, SIGSTOP);
        processes_.push_back(process);
    }

    std::vector<pid_t> processes_;
};

}  // namespace

TEST_CASE(
    "while the database is frozen every webhook is answered, the process says that it lives, and then all "
    "goes on") {
    ServeWorld world;
    world.start();
    const MadeToken token = world.make_token(ForgeKind::Github);
    Happening it;
    it.commit = "c0ffee0000000000000000000000000000000001";
    REQUIRE(world.deliver(ForgeKind::Github, token, it, "before").status == 200);
    {
        const Frozen frozen(world);
        std::vector<std::future<HttpReply>> replies;
        for (int i = 0; i < 40; ++i)
            replies.push_back(std::async(std::launch::async, [&world, &token, it, i] {
                return world.deliver(ForgeKind::Github, token, it, "during-" + std::to_string(i));
            }));
        CHECK(world.get("/healthz").status == 200);
        CHECK(world.get("/readyz").status == 503);
        for (auto& reply : replies) {
            const HttpReply got = reply.get();
            CHECK(got.status == 503);
            CHECK(got.body.find("The database can't be used now") != std::string::npos);
        }
    }
    // A forge, or a person, sends it again.
    REQUIRE(eventually([&] { return world.get("/readyz").status == 200; }));
    CHECK(eventually([&] { return world.deliver(ForgeKind::Github, token, it, "during-0").status == 200; }));
}
