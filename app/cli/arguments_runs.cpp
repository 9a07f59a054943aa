// SPDX-License-Identifier: Apache-2.0
// The verbs that tell what happened and what goes on.
#include <CLI/CLI.hpp>

#include "app/cli/command_line.hpp"
#include "app/cli/id_argument.hpp"

namespace heddle {

void CommandLine::add_runs() {
    CLI::App* added = family("runs", "what happened to each event", "runs list --status fail");
    using Action = RunsArguments::Action;
    CLI::App* list =
        action(added, runs_, Action::List, "list", "runs, newest first", "runs list --status fail --limit 5");
    list->add_option("--status", runs_.status, "only these: queued, running, success, fail or cancelled")
        ->check(CLI::IsMember({"queued", "running", "success", "fail", "cancelled"}))
        ->type_name("STATUS");
    list->add_option("--limit", runs_.limit, "so many at most (default: 20)")
        ->check(CLI::Range(1, 10'000))
        ->type_name("N");
    CLI::App* show = action(added,
                            runs_,
                            Action::Show,
                            "show",
                            "one run: configuration, steps, statuses, reports",
                            "runs show 12");
    add_id_argument(show, runs_.id, "run");
    CLI::App* follow =
        action(added, runs_, Action::Follow, "follow", "watch a run until it ends", "runs follow 12");
    add_id_argument(follow, runs_.id, "run");
    add_runs_again(added);
}

void CommandLine::add_runs_again(CLI::App* runs_app) {
    using Action = RunsArguments::Action;
    CLI::App* rerun = action(runs_app,
                             runs_,
                             Action::Rerun,
                             "rerun",
                             "start the next attempt of a run that has ended",
                             "runs rerun 12");
    add_id_argument(rerun, runs_.id, "run");
    rerun->add_flag(
        "--force", runs_.force, "also if a later event of the same pull request, branch or tag came in");
    CLI::App* resync = action(runs_app,
                              runs_,
                              Action::Resync,
                              "resync",
                              "compare a run's statuses with what the forge shows, and mend them",
                              "runs resync 12");
    add_id_argument(resync, runs_.id, "run");
}

void CommandLine::add_jobs() {
    CLI::App* added = family("jobs", "background work", "jobs list");
    using Action = JobsArguments::Action;
    action(added, jobs_, Action::List, "list", "all jobs, dead ones first", "jobs list --json");
    CLI::App* retry = action(added, jobs_, Action::Retry, "retry", "try a dead job again", "jobs retry 7");
    add_id_argument(retry, jobs_.id, "job");
    CLI::App* discard = action(
        added, jobs_, Action::Discard, "discard", "end a dead job and what waits for it", "jobs discard 7");
    add_id_argument(discard, jobs_.id, "job");
}

}  // namespace heddle
