// SPDX-License-Identifier: Apache-2.0
#include "app/cli/configuration.hpp"
#include "app/cli/signals.hpp"
#include "app/cli/try_progress.hpp"
#include "app/cli/verbs.hpp"
#include "app/compose_try.hpp"

namespace heddle {
namespace {

// "pull request 17, opened: change -> main at 1a2b3c4d5e6f"
std::string describe(const ScmEvent& event) {
    const std::string commit = " at " + event.commit_sha.substr(0, 12);
    if (!event.tag.empty()) return "tag " + event.tag + commit;
    if (!event.number) return "push to " + event.target.branch + commit;
    return "pull request " + std::to_string(*event.number) + ", " + event.action + ": " +
           event.source.branch + " -> " + event.target.branch + commit;
}

std::string describe(const TryRun& run) {
    std::string text =
        describe(run.event) + ", run " + std::to_string(run.id) + " attempt " + std::to_string(run.attempt);
    if (run.resumed) text += ", which goes on where it was interrupted";
    return text;
}

}  // namespace

int run_try(const GlobalArguments& global, const TryArguments& arguments) {
    refuse_json(global, "try");
    refuse_try(global, "try");
    const Config config = read_configuration(global);
    const sigset_t signals = block_signals();
    TryProgress progress;
    TrySession session(
        config,
        {arguments.repository, arguments.base, arguments.head, arguments.event, arguments.notes},
        [&progress](const std::string& text) { progress.line(text); });
    progress.line(describe(session.run()));
    session.start();
    TryState state;
    bool interrupted = false;
    for (;;) {
        if (auto now = session.state())
            state = std::move(*now);
        else
            progress.once("database", "it does not answer; waiting for it");
        progress.show(state);
        if (state.settled || interrupted) break;
        interrupted = wait_for_signal(signals, session.pause());
    }
    session.stop();
    if (interrupted) {
        progress.line("interrupted; the same command goes on from here");
        return 1;
    }
    return progress.finish(
        state, [&session](const TriedBuild& build, int lines) { return session.log_tail(build.id, lines); });
}

}  // namespace heddle
