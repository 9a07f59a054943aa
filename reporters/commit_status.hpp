// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heddle {

/// The state of a commit status, from best to worst: the worst live contribution wins.
enum class StatusState { Success, Pending, Failure, Error };

/// "success", "pending", "failure", "error".
std::string_view to_string(StatusState state);
std::optional<StatusState> status_state_from(std::string_view text);

/// What the reader of a commit sees: one line per context.
struct CommitStatus {
    std::string repository;  // full name at the forge, or the path of a plain repository
    std::string commit_sha;
    std::string context;  // "OBS: hello - local/x86_64"
    StatusState state = StatusState::Pending;
    std::string text{};
    std::string url{};            // empty: no link
    std::string repository_id{};  // the forge's own, stays when the name changes; empty: not known

    bool operator==(const CommitStatus&) const = default;
};

}  // namespace heddle
