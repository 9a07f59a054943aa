// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "app/build_service/embedded/sandbox.hpp"
#include "app/build_service/embedded/sandbox_user.hpp"
#include "app/build_service/embedded/workspace.hpp"
#include "tests/support/program.hpp"

namespace heddle::test {

/// A workspace and small limits, in which shell scripts run under the real sandbox.
class Sandboxed {
public:
    Sandboxed();

    /// Runs `script` by /bin/sh.
    SandboxEnd run(const std::string& script, std::stop_token stop = {});
    /// What it printed.
    const std::string& output() const { return output_; }
    const std::filesystem::path& workspace() const { return workspace_->root(); }
    const std::filesystem::path& folder() const { return folder_.path(); }
    std::optional<Identity> identity() const;
    /// Processes of this machine whose command line contains `text`.
    static int processes_with(const std::string& text);

    SandboxLimits limits;
    std::chrono::milliseconds time{20'000};
    bool bubblewrap = true;
    std::function<void(const std::string& output)> on_output;  // called in the running thread

private:
    TemporaryFolder folder_;
    std::optional<BuildUser> user_;
    std::unique_ptr<Workspace> workspace_;
    std::string output_;
};

}  // namespace heddle::test
