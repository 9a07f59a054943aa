// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heddle {

enum class EventClass { PullRequest, Push, TagPush, Ping, Other };

/// What happened to a pull request. Forges' own words are mapped to these by the normalisers.
enum class PullRequestKind { Opened, Updated, Reopened, Closed, Merged, Labeled, Unlabeled };

/// How a source service is told which commit of which repository to take: the two shapes of the file
/// `_branch_request` that OBS's tar_scm service reads (reference 6.3).
enum class BranchRequestForm { ByFullName, ByCloneUrl };

/// The repository that an event came from; for a pull request the one it wants to be merged into.
struct EventRepository {
    std::string full_name;  // "owner/name", for sub-groups "group/sub/name"
    std::string owner;      // everything before the last '/'
    std::string name;       // everything after it
    std::string web_url;
    std::string clone_url;
    std::string id;          // the forge's own identity, stable over renames; empty where it has none
    bool is_public = false;  // anybody may read it at the forge; false: not, or the delivery does not say
};

/// One side of a pull request.
struct EventSide {
    std::string full_name;
    std::string branch;
    std::string clone_url;
};

/// A delivery normalised: what happened, where, to which commit. A value; empty strings are absent values.
/// Every field is data from a stranger: never part of a shell command, of SQL text or of YAML.
struct ScmEvent {
    std::string forge;  // name of the configured forge
    EventClass event_class = EventClass::Other;
    std::optional<PullRequestKind> kind;  // exactly for EventClass::PullRequest
    std::string action;                   // the forge's own word, for people
    std::string delivery_id;
    EventRepository repository;
    EventSide source;  // fork and branch of a pull request; for pushes the repository itself
    EventSide target;  // base of a pull request; for a push the pushed branch, for a tag push no branch
    std::optional<std::int64_t> number;  // of the pull request
    std::string title;                   // of the pull request, or first line of the commit message
    std::string description;
    std::string commit_sha;
    std::string tag;
    std::string label;                // added or removed by this event
    std::vector<std::string> labels;  // the set on the pull request
    std::string sender;
    std::string url;  // of the pull request or commit, for people
    bool draft = false;
    BranchRequestForm branch_request = BranchRequestForm::ByCloneUrl;
    /// Full name of the repository where the forge accepts statuses for the commit; empty: `repository` (D4).
    std::string status_repository;
    std::string status_repository_id;  // the forge's own identity of that; empty: `repository`, or not known
};

/// "pull_request", "push", "tag_push", "ping", "other".
std::string_view to_string(EventClass event_class);
/// "opened", "updated", "reopened", "closed", "merged", "labeled", "unlabeled".
std::string_view to_string(PullRequestKind kind);
std::optional<EventClass> event_class_from(std::string_view text);
std::optional<PullRequestKind> pull_request_kind_from(std::string_view text);

/// A pull request that was closed, merged or not: its projects go, and nothing new is said.
bool is_closing(const ScmEvent& event);

/// "pull request #7 opened", "push to main", "tag v1 pushed": for people, in one line.
std::string in_words(const ScmEvent& event);

/// The event as the JSON that `plan --json` prints and that a run stores (design 6.2). Absent values are
/// null; `status_repository` and its id stand there only where it is another one, `public` only where it is
/// true.
std::string to_json(const ScmEvent& event);
/// Reads back what to_json wrote. Throws std::logic_error on anything else.
ScmEvent scm_event_from_json(const std::string& json);

}  // namespace heddle
