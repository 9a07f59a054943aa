// SPDX-License-Identifier: Apache-2.0
// What a payload of the largest size leaves behind in the server's memory: nothing.
#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "tests/flow/serve/serve_world.hpp"

using namespace heddle::test;

namespace {

constexpr std::size_t kLarge = std::size_t{20} << 20;

/// MiB.
double resident(pid_t process) {
    std::ostringstream status;
    status << std::ifstream("/proc/" + std::to_string(process) + "/status").rdbuf();
    const std::string text = status.str();
    std::smatch found;
    REQUIRE(std::regex_search(text, found, std::regex(R"(VmRSS:\s+(\d+))")));
    return std::stod(found[1]) / 1024;
}

/// A push with a message of that many bytes.
Delivery large_delivery(const MadeToken& token, const std::string& web_url, int number) {
    Happening it;
    it.what = "push";
    it.commit = std::string(40, 'a');
    Delivery delivery =
        a_delivery(ForgeKind::Github, it, web_url, token.secret, "large-" + std::to_string(number));
    nlohmann::json body = nlohmann::json::parse(delivery.body);
    body["padding"] = std::string(kLarge, 'x');
    delivery.body = body.dump();
    for (auto& [header, value] : delivery.headers)
        if (header == "X-Hub-Signature-256") value = signature_of(token.secret, delivery.body);
    return delivery;
}

}  // namespace

TEST_CASE("the memory for a large payload is given back") {
    ServeWorld world;
    world.start();
    const MadeToken token = world.make_token(ForgeKind::Github);
    const std::string web_url = world.forge(ForgeKind::Github).web_url();
    const double before = resident(world.process().pid());
    for (int number = 0; number < 4; ++number)
        REQUIRE(
            world.post("/trigger/workflow?id=" + token.id, large_delivery(token, web_url, number)).status ==
            200);
    double after = 0;
    CHECK_MESSAGE(eventually(
                      [&] {
                          after = resident(world.process().pid());
                          return after < before + 20;
                      },
                      std::chrono::seconds(20)),
                  before << " MiB before, " << after << " after");
}
