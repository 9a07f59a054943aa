// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "workflows/model/scm_event.hpp"

namespace heddle::test {

// Events that tests begin with, about openSUSE/repo123; change what a case is about.

/// Pull request 1 from contributor/repo123, branch "feature", into "master"; head 123456789.
ScmEvent a_pull_request(PullRequestKind kind = PullRequestKind::Opened);
/// Commit 456 pushed to "main".
ScmEvent a_push();
/// Tag release_abc pushed, at commit 789.
ScmEvent a_tag_push();

struct NamedEvent {
    std::string name;  // "opened", ..., "unlabeled", "push", "tag_push"
    ScmEvent event;
};

/// The nine kinds of events that the matrix knows (reference 6.2).
std::vector<NamedEvent> all_events();

}  // namespace heddle::test
