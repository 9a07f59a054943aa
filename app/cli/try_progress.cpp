// SPDX-License-Identifier: Apache-2.0
#include "app/cli/try_progress.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr int kLogLines = 30;

std::string seconds_text(double seconds) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", seconds);
    return text;
}

std::string name_of(const TriedBuild& build) {
    return build.project + "/" + build.package + " " + build.repository + "/" + build.architecture;
}

bool is_bad(const TriedBuild& build) {
    if (build.state == "withdrawn") return !build.replaced;
    return build.state == "failed" || build.state == "broken" || build.state == "unresolvable";
}

bool is_bad(StatusState state) { return state == StatusState::Failure || state == StatusState::Error; }

std::string by_another(std::int64_t run) {
    return run == 0 ? " (by another run)" : " (by run " + std::to_string(run) + ", not by this one)";
}

std::string describe(const TriedBuild& build) {
    std::string text = build.state;
    if (!build.goes_on() && build.seconds > 0) text += " after " + seconds_text(build.seconds) + " s";
    if (!build.details.empty()) text += ": " + build.details;
    if (build.tries > 1) text += " (begun " + std::to_string(build.tries) + " times)";
    return text;
}

std::string name_of(const StoredStep& step) {
    return "line " + std::to_string(step.place.line) + ", " + step.place.step;
}

std::string describe(const StoredStep& step) {
    if (step.status == "done" && !step.message.empty()) return step.message;
    return step.status + (step.message.empty() ? "" : ": " + step.message);
}

std::string place_of(const Problem& problem, const std::string& file) {
    // Line 0: it is about the whole file.
    const std::string place =
        problem.line > 0 ? std::to_string(problem.line) + ":" + std::to_string(problem.column) + ":" : "";
    return file + ":" + place + " " + problem.message;
}

}  // namespace

TryProgress::TryProgress() : began_(std::chrono::steady_clock::now()) {}

void TryProgress::line(const std::string& text) {
    const std::lock_guard lock(mutex_);
    const std::chrono::duration<double> since = std::chrono::steady_clock::now() - began_;
    std::printf("%7s s  %s\n", seconds_text(since.count()).c_str(), one_line(text).c_str());
    std::fflush(stdout);
}

void TryProgress::once(const std::string& what, const std::string& state) {
    std::string& shown = shown_[what];
    if (shown == state) return;
    shown = state;
    line(what.empty() ? state : what + ": " + state);
}

void TryProgress::show(const TryState& state) {
    for (const Problem& problem : state.run.problems) once("", place_of(problem, ".obs/workflows.yml"));
    for (const Problem& problem : state.run.warnings)
        once("", "warning: " + place_of(problem, ".obs/workflows.yml"));
    show_plan(state.run.plan);
    for (const StoredStep& step : state.steps)
        if (step.status != "running") once(name_of(step), describe(step));
    for (const TriedBuild& build : state.builds) once("build " + name_of(build), describe(build));
    for (const std::string& error : state.waiting) once("will be tried again", error);
    if (has_ended(state.run.status))
        once("run " + std::to_string(state.run.id),
             std::string(to_string(state.run.status)) +
                 (state.run.message.empty() ? "" : ": " + state.run.message));
}

void TryProgress::show_plan(const std::string& plan) {
    for (const auto& workflow : nlohmann::json::parse(plan)) {
        const std::string because = workflow.at("because").get<std::string>();
        const std::string verdict = workflow.at("runs").get<bool>() ? "runs" : "does not run";
        once("workflow " + workflow.at("name").get<std::string>(),
             verdict + (because.empty() ? "" : ": " + because));
    }
}

int TryProgress::finish(const TryState& state,
                        const std::function<std::string(const TriedBuild&, int)>& log_tail) {
    bool bad = state.run.status != RunStatus::Success;
    double building = 0;
    for (const TriedBuild& build : state.builds) {
        building += build.seconds;
        if (!is_bad(build)) continue;
        bad = true;
        const std::string tail = log_tail(build, kLogLines);
        if (tail.empty()) continue;  // it had not begun
        std::printf("\nThe last lines of the log of %s:\n", one_line(name_of(build)).c_str());
        std::istringstream log(tail);
        for (std::string text; std::getline(log, text);) std::printf("    %s\n", one_line(text).c_str());
    }
    if (!state.statuses.empty())
        std::printf("\nStatuses of %s:\n", state.statuses.front().value.commit_sha.substr(0, 12).c_str());
    for (const StoredStatus& status : state.statuses) {
        const auto other = state.others.find(status.id);
        bad = bad || (is_bad(status.value.state) && other == state.others.end());
        std::printf("  %-8s  %s  %s%s\n",
                    std::string(to_string(status.value.state)).c_str(),
                    one_line(status.value.context).c_str(),
                    one_line(status.value.text).c_str(),
                    other == state.others.end() ? "" : by_another(other->second).c_str());
    }
    for (const std::string& reason : state.untold) {
        bad = true;
        std::printf("the statuses are not in the repository: %s\n", one_line(reason).c_str());
    }
    std::printf("\n");
    if (!state.builds.empty()) std::printf("builds took %.2f s\n", building);
    if (state.repeats > 0) std::printf("%d steps or builds were repeated after a crash\n", state.repeats);
    std::printf("%s\n", bad ? "failed" : "all good");
    return bad ? 1 : 0;
}

}  // namespace heddle
