// SPDX-License-Identifier: Apache-2.0
#include "tests/flow/builder/sandboxed.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace heddle::test {

Sandboxed::Sandboxed() {
    limits.timeout = std::chrono::seconds(20);
    limits.memory = std::uint64_t{256} << 20;
    limits.disk = std::uint64_t{64} << 20;
    limits.processes = 64;
    if (::geteuid() == 0) {
        auto user = BuildUser::acquire(64'000);
        REQUIRE(std::holds_alternative<BuildUser>(user));
        user_.emplace(std::move(std::get<BuildUser>(user)));
    }
    workspace_ = std::make_unique<Workspace>(folder_.path() / "builds", 1, identity());
    workspace_->hand_over();
}

std::optional<Identity> Sandboxed::identity() const {
    return user_ ? std::optional(user_->identity()) : std::nullopt;
}

SandboxEnd Sandboxed::run(const std::string& script, std::stop_token stop) {
    SandboxCommand command;
    command.arguments = {"/bin/sh", "-c", script};
    command.workspace = workspace();
    command.limits = limits;
    command.limits.until = std::chrono::steady_clock::now() + time;
    command.identity = identity();
    command.bubblewrap = bubblewrap;
    output_.clear();
    SandboxEvents events;
    events.output = [this](std::string_view text) {
        output_ += text;
        if (on_output) on_output(output_);
    };
    return run_in_sandbox(command, events, stop);
}

int Sandboxed::processes_with(const std::string& text) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        std::ifstream file(entry.path() / "cmdline");
        std::string line((std::istreambuf_iterator<char>(file)), {});
        std::replace(line.begin(), line.end(), '\0', ' ');
        if (line.find(text) != std::string::npos) ++count;
    }
    return count;
}

}  // namespace heddle::test
