// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

/// The commit statuses that a forge is told of one step for some kinds of events
/// (reference 6.2, 6.4, 9.1, 9.2; design 4.5, 8, 16), one line for each context: "COMMIT CONTEXT: STATES".
///
/// COMMIT: `now` is the event's, `past` the head that the pull request had before. CONTEXT: `started`, or the
/// repository of hello's build; `NAME@repository` where the package has another name. STATES: all that the
/// status may ever say, in order; it must end with the last one, those before may be skipped when the next
/// one comes first (design 4.1).
///
/// The package `hello` was made of a commit that fails to build; its branch, `now` and `past` build well.
struct WireRow {
    std::string step;
    std::vector<std::string> events;
    std::vector<std::string> statuses;
};

// clang-format off
inline const std::vector<WireRow> kWire{
    // Who made the change reads on the pull request how its own commit builds.
    {"branch_package", {"opened", "updated", "reopened", "labeled"},
     {"now started: pending success",
      "now local: pending success"}},
    // The project goes, no result is awaited any more, and what had ended stays as it was.
    {"branch_package", {"unlabeled"},
     {"now started: pending success"}},
    {"branch_package", {"closed", "merged"}, {}},
    // Pending per build is for pull requests only.
    {"branch_package", {"push"},
     {"now started: pending success",
      "now hello-NOW@local: success"}},
    // Nobody subscribes for tags.
    {"branch_package", {"tag_push"},
     {"now started: pending success"}},

    // The step makes a pull request's project without repositories, so nothing builds there.
    {"link_package", {"opened", "updated", "reopened", "labeled", "unlabeled"},
     {"now started: pending success"}},
    {"link_package", {"closed", "merged"}, {}},
    // The link is built in the base project, of what it links to.
    {"link_package", {"push"},
     {"now started: pending success",
      "now hello-NOW@local: failure"}},
    {"link_package", {"tag_push"},
     {"now started: pending success"}},

    // The step awaits no results; a branch that is there already builds in the new repository, too, and its
    // result belongs to the commit that was branched.
    {"configure_repositories", {"opened", "updated", "labeled"},
     {"now started: pending success",
      "past extra: success"}},
    {"configure_repositories", {"reopened", "unlabeled", "push", "tag_push"},
     {"now started: pending success"}},
    {"configure_repositories", {"closed", "merged"}, {}},

    {"rebuild_package", {"opened", "updated", "labeled"},
     {"now started: pending success",
      "now local: pending failure"}},
    {"rebuild_package", {"push"},
     {"now started: pending success",
      "now local: failure"}},
    {"rebuild_package", {"reopened", "unlabeled", "tag_push"},
     {"now started: pending success"}},
    {"rebuild_package", {"closed", "merged"}, {}},

    // The head of the tracked branch is built.
    {"trigger_services", {"opened", "updated", "labeled"},
     {"now started: pending success",
      "now local: pending success"}},
    {"trigger_services", {"push"},
     {"now started: pending success",
      "now local: success"}},
    {"trigger_services", {"reopened", "unlabeled", "tag_push"},
     {"now started: pending success"}},
    {"trigger_services", {"closed", "merged"}, {}},

    {"set_flags", {"opened", "updated", "reopened", "labeled", "unlabeled", "push", "tag_push"},
     {"now started: pending success"}},
    {"set_flags", {"closed", "merged"}, {}},

    {"link_project", {"opened", "updated", "reopened", "labeled", "unlabeled", "push", "tag_push"},
     {"now started: pending success"}},
    {"link_project", {"closed", "merged"}, {}},
};
// clang-format on
