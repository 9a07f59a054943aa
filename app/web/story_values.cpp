// SPDX-License-Identifier: Apache-2.0
#include "app/web/story_values.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "app/web/shown_text.hpp"
#include "workflows/model/build_anchor.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;

constexpr std::size_t kMostLines = 300;
constexpr std::size_t kMostReports = 10;
constexpr const char* kRefreshSeconds = "5";

/// Steps, builds or reports go on: the page will soon say something else.
bool is_moving(const ShownRun& shown) {
    const auto waits = [](const ReportedStatus& reported) {
        return reported.status.value.state == StatusState::Pending || !reported.status.is_settled();
    };
    return !has_ended(shown.story.run.status) ||
           std::any_of(shown.story.statuses.begin(), shown.story.statuses.end(), waits);
}

void add_event(Values& values, const WorkflowRun& run, const std::string& forge_web_url) {
    const ScmEvent& event = run.event;
    const bool is_pull_request = event.event_class == EventClass::PullRequest;
    values.text("what", in_words(event))
        .text("repository", event.repository.full_name)
        .text("subject", event.title)
        .text("commit", event.commit_sha)
        .text("source_branch", is_pull_request ? event.source.branch : "")
        .text("fork", event.source.full_name == event.target.full_name ? "" : event.source.full_name)
        .text("target_branch", event.target.branch)
        .text("labels", in_words(event.labels))
        .text("sender", event.sender)
        .text("url", link_below(forge_web_url, event.url));
}

void add_run(Values& values, const WorkflowRun& run) {
    values.number("id", run.id)
        .state("state", to_string(run.status))
        .text("message", without_local_paths(run.message))
        .text("attempt", run.attempt > 1 ? std::to_string(run.attempt) : "")
        .text("origin", run.origin)
        .number("token", run.token_id)
        .text("created", run.created_at)
        .text("started", run.started_at)
        .text("finished", run.finished_at);
}

void add_deliveries(Values& values, const std::vector<RunDelivery>& deliveries) {
    Values::List items;
    for (const RunDelivery& delivery : deliveries)
        items.push_back(Values()
                            .text("received", delivery.received_at)
                            .text("event_name", delivery.event_name)
                            .state("verdict", delivery.verdict)
                            .text("reason", delivery.reason)
                            .text("delivery_id", delivery.delivery_id));
    values.flag("has_deliveries", !items.empty()).list("deliveries", std::move(items));
}

void add_findings(Values::List& items, const Problems& problems, const std::string& kind, std::size_t lines) {
    for (const Problem& problem : problems)
        items.push_back(Values()
                            .text("kind", kind)
                            .text("tone", kind == "Problem" ? "bad" : "busy")
                            .number("line", problem.line)
                            .flag("in_text", problem.line >= 1 && std::size_t(problem.line) <= lines)
                            .number("column", problem.column)
                            .text("words", problem.message));
}

void add_configuration(Values& values, const WorkflowRun& run) {
    const std::vector<std::string> lines = shown_lines(run.configuration.value_or(""));
    const std::size_t shown = std::min(lines.size(), kMostLines);
    Values::List findings;
    add_findings(findings, run.problems, "Problem", shown);
    add_findings(findings, run.warnings, "Warning", shown);
    std::set<std::size_t> marked;
    for (const Problem& problem : run.problems) marked.insert(static_cast<std::size_t>(problem.line));
    Values::List items;
    for (std::size_t at = 0; at < shown; ++at)
        items.push_back(Values()
                            .number("number", static_cast<std::int64_t>(at + 1))
                            .flag("marked", marked.contains(at + 1))
                            .text("code", lines[at]));
    values.flag("has_configuration", run.configuration.has_value())
        .number("line_count", static_cast<std::int64_t>(lines.size()))
        .flag("cut", lines.size() > shown)
        .flag("has_findings", !findings.empty())
        .list("findings", std::move(findings))
        .list("lines", std::move(items));
}

std::string target_of(const json& target) {
    const auto part = [&](const char* name) {
        const json& value = target.at(name);
        return value.is_null() ? std::string() : value.get<std::string>();
    };
    const std::string project = part("project");
    const std::string package = part("package");
    return package.empty() ? project : project + "/" + package;
}

Values outcome_values(const StoredStep* step) {
    Values values;
    values.state("outcome", step ? step->status : "")
        .text("said", step ? without_local_paths(step->message) : "")
        .text("tries", step && step->tries > 1 ? std::to_string(step->tries) : "");
    return values;
}

using StepsLeft = std::vector<const StoredStep*>;  // in their order

/// The first of these that is meant, which is taken out: equal steps may stand in one line. nullptr: it was
/// not begun.
const StoredStep* take_step(StepsLeft& left, const std::string& workflow, const std::string& step, int line) {
    const auto found = std::find_if(left.begin(), left.end(), [&](const StoredStep* stored) {
        return stored->place.workflow == workflow && stored->place.step == step && stored->place.line == line;
    });
    if (found == left.end()) return nullptr;
    const StoredStep* taken = *found;
    left.erase(found);
    return taken;
}

void add_workflows(Values& values, const RunStory& story) {
    Values::List items;
    StepsLeft left;
    for (const StoredStep& step : story.steps) left.push_back(&step);
    for (const json& workflow : json::parse(story.run.plan)) {
        const auto name = workflow.at("name").get<std::string>();
        const bool runs = workflow.at("runs").get<bool>();
        Values::List steps;
        for (const json& step : workflow.at("steps")) {
            const int line = step.at("line").get<int>();
            const auto kind = step.at("step").get<std::string>();
            steps.push_back(outcome_values(take_step(left, name, kind, line))
                                .text("step", kind)
                                .number("step_line", line)
                                .text("does", step.at("does").get<std::string>())
                                .text("target", target_of(step.at("target"))));
        }
        items.push_back(Values()
                            .text("workflow", name)
                            .number("line", workflow.at("line").get<int>())
                            .state("runs", runs ? "runs" : "does not run")
                            .text("because", workflow.at("because").get<std::string>())
                            .flag("runs_steps", runs && !steps.empty())
                            .list("steps", std::move(steps)));
    }
    values.flag("has_workflows", !items.empty()).list("workflows", std::move(items));
}

void add_past_attempts(Values& values, const std::vector<std::vector<StoredStep>>& attempts) {
    Values::List items;
    for (const std::vector<StoredStep>& steps : attempts) {
        Values::List past;
        for (const StoredStep& step : steps)
            past.push_back(
                outcome_values(&step).text("step", step.place.step).number("step_line", step.place.line));
        items.push_back(
            Values().number("number", steps.front().place.attempt).list("past_steps", std::move(past)));
    }
    values.list("attempts", std::move(items));
}

void add_builds(Values& values, const std::vector<BuildOfRun>& builds) {
    Values::List items;
    for (const BuildOfRun& build : builds)
        items.push_back(
            Values()
                .number("build", build.id)
                .text("anchor",
                      build_anchor({build.project, build.package}, build.repository, build.architecture))
                .text("project", build.project)
                .text("package", build.package)
                .text("place", build.repository + "/" + build.architecture)
                .state("build_state", build.state)
                .text("details", without_local_paths(build.details))
                .text("began", build.started_at)
                .text("ended", build.ended_at)
                .flag("has_log", build.has_log));
    values.flag("has_builds", !items.empty()).list("builds", std::move(items));
}

std::string why_unsent(const StoredStatus& status) {
    if (status.sent_version >= status.version) return {};
    return status.given_up >= status.version ? "the forge could not be told" : "not reported yet";
}

Values::List report_items(const std::vector<StatusReport>& reports) {
    Values::List items;
    const std::size_t first = reports.size() > kMostReports ? reports.size() - kMostReports : 0;
    for (std::size_t at = first; at < reports.size(); ++at)
        items.push_back(Values()
                            .text("reported", reports[at].created_at)
                            .state("report_state", to_string(reports[at].state))
                            .text("sent_state", to_string(reports[at].sent_state))
                            .text("sent_text", without_local_paths(reports[at].sent_text))
                            .text("problem", without_local_paths(reports[at].message)));
    return items;
}

/// "1 failure, 2 success": what the builds came to, in one glance.
std::string summary_of(const std::vector<ReportedStatus>& statuses) {
    std::vector<std::string> counts;
    for (const StatusState state :
         {StatusState::Failure, StatusState::Error, StatusState::Pending, StatusState::Success}) {
        const auto count =
            std::count_if(statuses.begin(), statuses.end(), [&](const ReportedStatus& reported) {
                return reported.status.value.state == state;
            });
        if (count > 0) counts.push_back(std::to_string(count) + " " + std::string(to_string(state)));
    }
    return in_words(counts);
}

void add_statuses(Values& values, const std::vector<ReportedStatus>& statuses) {
    Values::List items;
    for (const ReportedStatus& reported : statuses) {
        const CommitStatus& value = reported.status.value;
        items.push_back(Values()
                            .text("context", value.context)
                            .state("status_state", to_string(value.state))
                            .text("status_text", without_local_paths(value.text))
                            .text("unsent", why_unsent(reported.status))
                            .flag("has_reports", !reported.reports.empty())
                            .list("reports", report_items(reported.reports)));
    }
    values.text("summary", summary_of(statuses))
        .flag("has_statuses", !items.empty())
        .list("statuses", std::move(items));
}

}  // namespace

std::string title_of(const WorkflowRun& run) {
    return "#" + std::to_string(run.id) + ": " + in_words(run.event) + " in " +
           run.event.repository.full_name;
}

Values story_values(const ShownRun& shown) {
    const WorkflowRun& run = shown.story.run;
    Values values;
    values.flag("goes_on", !has_ended(run.status)).text("refresh", is_moving(shown) ? kRefreshSeconds : "");
    values.text("wait", shown.story.wait ? without_local_paths(shown.story.wait->in_words()) : "");
    add_run(values, run);
    add_event(values, run, shown.forge_web_url);
    add_deliveries(values, shown.deliveries);
    add_configuration(values, run);
    add_workflows(values, shown.story);
    add_past_attempts(values, shown.past_attempts);
    add_builds(values, shown.builds);
    add_statuses(values, shown.story.statuses);
    return values;
}

}  // namespace heddle
