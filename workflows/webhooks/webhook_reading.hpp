// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "workflows/webhooks/payload.hpp"
#include "workflows/webhooks/webhook.hpp"

namespace heddle {

/// Longest title and description that an event keeps, in bytes; what is longer is cut.
constexpr std::size_t kLongestTitle = 1000;
constexpr std::size_t kLongestDescription = 65'536;

/// What a forge's rules make of a payload.
struct WebhookReading {
    ScmEvent event;
    Verdict verdict = Verdict::Accepted;
    std::string reason;

    void ignore(std::string why);
};

/// The places of a repository's fields in a forge's payload.
struct RepositoryPaths {
    std::string full_name;
    std::string web_url;
    std::string clone_url;
    std::string id;
    bool needs_clone_url = false;
};

/// Reads the repository that the event belongs to: for a pull request the one that it wants to be merged into
/// (decision D4). The full name is needed, "owner/name" with one '/' or more.
EventRepository read_repository(Payload& payload, const RepositoryPaths& paths);

/// Takes branch or tag out of a pushed reference and sets the event's class by it. A reference of another
/// kind and one that was deleted (`after` is all zeros) are ignored. Source and target are the event's
/// repository. Afterwards event.commit_sha is `after`; where it was deleted, empty.
void read_pushed_reference(WebhookReading& reading, const std::string& reference, const std::string& after);

/// Ignores what happens to a pull request after its end (labels, commits): no closing comes any more that
/// would delete what was made for it. `is_over`: the payload says that it is closed or merged.
void ignore_late_change(WebhookReading& reading, bool is_over);

/// The address of a page for people, where it is one; else empty.
std::string web_address(std::string url);

/// Title: first line of a commit's message; description: what follows it.
void set_message(ScmEvent& event, std::string_view message);

}  // namespace heddle
