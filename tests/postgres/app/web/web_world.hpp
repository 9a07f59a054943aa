// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "app/http/routes.hpp"
#include "app/web/web_parts.hpp"
#include "tests/support/job_stage.hpp"

namespace heddle::testing {

/// The pages on a database with a run or two. `ann` executes the token of RunWorld, `bob` none, `root` is an
/// administrator; a stranger has no login.
class WebWorld {
public:
    explicit WebWorld(ServerConfig server = {}, std::chrono::milliseconds patience = std::chrono::seconds(5));

    RunWorld& world() { return stage_.world(); }
    JobStage& stage() { return stage_; }

    /// A run whose event says so, in a repository that is public or not.
    std::int64_t start_run(bool is_public, const std::string& title = "Mend the greeting");

    /// The value of a fresh session's cookie.
    std::string sign_in(const std::string& login, int lifetime_seconds = 3600);

    /// `path` may have a query; `session`: "" for a stranger.
    ServerResponse get(const std::string& path, const std::string& session = "");
    ServerResponse ask(ServerRequest request);
    /// A form, with its cookies.
    ServerResponse post(const std::string& path,
                        const std::string& body,
                        const std::map<std::string, std::string>& cookies = {});

    /// The same pages for a server.
    Routes routes() const;

    /// What read_log tells of a build.
    std::map<std::int64_t, std::string>& logs() { return logs_; }

    static const std::string kPassword;

private:
    JobStage stage_;
    std::map<std::int64_t, std::string> logs_;
    std::vector<Route> routes_;
};

std::string header_of(const ServerResponse& response, const std::string& name);
/// The value that a Set-Cookie of that name sets; attributes are left out.
std::string cookie_of(const ServerResponse& response, const std::string& name);
/// The whole Set-Cookie header of that name.
std::string cookie_line(const ServerResponse& response, const std::string& name);
/// The value of the hidden field of that name.
std::string hidden_field(const std::string& html, const std::string& name);
bool has(const std::string& text, const std::string& part);

}  // namespace heddle::testing
