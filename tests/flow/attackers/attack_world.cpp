// SPDX-License-Identifier: Apache-2.0
#include "tests/flow/attackers/attack_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace heddle::test {
namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

AttackWorld::AttackWorld() {
    // The list of forges stands last in the file.
    std::ofstream(folder() / "heddle.yml", std::ios::app)
        << "  - { name: outside, kind: github, web_url: \"" << kOutside << "\", api_url: \"" << inside.url()
        << "/api/v3\" }\n";
    evil.answer("*", "/workflows.yml", {200, kWorkflow});
    start();
    repository.write(".obs/build", "#!/bin/sh\nexit 0\n", true);
    repository.commit("Begin");
    heddle_done({"project", "create", "demo"});
    heddle_done({"package", "create", "demo/hello", "--git", repository.path().string() + "#main"});
    for (const auto& [kind, forge] : forges) {
        forge->set_file("main", kWorkflow);
        tokens_.emplace(kind, make_token(kind));
    }
    outside_ = make_token("outside");
}

HttpReply AttackWorld::attack(const MadeToken& token, const Delivery& delivery) {
    const HttpReply reply = post("/trigger/workflow?id=" + token.id, delivery);
    settle();
    return reply;
}

std::string AttackWorld::told() { return ask("SELECT message FROM workflow_runs ORDER BY id DESC LIMIT 1"); }

Delivery with_body(ForgeKind kind, Delivery delivery, const std::string& body, const std::string& secret) {
    delivery.body = body;
    if (kind != ForgeKind::Gitlab)
        for (auto& [name, value] : delivery.headers)
            if (name == "X-Hub-Signature-256") value = signature_of(secret, body);
    return delivery;
}

bool saw_credential(const StandInServer& server) {
    const auto requests = server.requests();
    return std::any_of(requests.begin(), requests.end(), [](const StandInRequest& request) {
        const bool in_header =
            std::any_of(request.headers.begin(), request.headers.end(), [](const auto& header) {
                return holds(header.second, ForgeStandIn::kCredential);
            });
        return in_header || holds(request.target + request.body, ForgeStandIn::kCredential);
    });
}

}  // namespace heddle::test
