// SPDX-License-Identifier: Apache-2.0
#include "app/cli/run_story.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;

std::string place_of(const Problem& problem) {
    return std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " +
           one_line(problem.message);
}

std::string head_line(const WorkflowRun& run) {
    std::string text = "run " + std::to_string(run.id);
    if (run.attempt > 1) text += ", attempt " + std::to_string(run.attempt);
    text += ": " + std::string(to_string(run.status));
    return run.message.empty() ? text : text + ", " + one_line(run.message);
}

std::string step_text(const StoredStep& step) {
    std::string text = step.status == "not_applicable" ? "not applicable" : step.status;
    if (!step.message.empty()) text += ": " + one_line(step.message);
    if (step.tries > 1) text += " (begun " + std::to_string(step.tries) + " times)";
    return text;
}

std::string value_text(StatusState state, const std::string& text) {
    return std::string(to_string(state)) + (text.empty() ? "" : ", " + one_line(text));
}

std::string report_text(const StatusReport& report) {
    std::string text = report.created_at + " " + std::string(to_string(report.state)) + ": " +
                       value_text(report.sent_state, report.sent_text);
    return report.message.empty() ? text : text + " (" + one_line(report.message) + ")";
}

std::string how_reported(const StoredStatus& status) {
    if (status.sent_version >= status.version) return "";
    return status.given_up >= status.version ? " - the forge could not be told" : " - not reported yet";
}

void tell_event(std::ostream& out, const WorkflowRun& run) {
    const ScmEvent& event = run.event;
    out << "  " << in_words(event) << " in " << one_line(event.repository.full_name);
    if (!event.commit_sha.empty()) out << ", commit " << event.commit_sha;
    if (!event.source.branch.empty() && event.event_class == EventClass::PullRequest)
        out << " (" << one_line(event.source.branch) << " into " << one_line(event.target.branch) << ")";
    out << "\n  started by " << run.origin << " " << run.created_at;
    if (!run.started_at.empty()) out << ", began " << run.started_at;
    if (!run.finished_at.empty()) out << ", ended " << run.finished_at;
    out << '\n';
}

void tell_configuration(std::ostream& out, const WorkflowRun& run) {
    if (!run.configuration) return;
    const auto lines = std::count(run.configuration->begin(), run.configuration->end(), '\n');
    out << "configuration: " << lines << " lines\n";
    for (const Problem& problem : run.problems) out << "  problem " << place_of(problem) << '\n';
    for (const Problem& warning : run.warnings) out << "  warning " << place_of(warning) << '\n';
}

void tell_workflows(std::ostream& out, const RunStory& story) {
    for (const json& workflow : json::parse(story.run.plan)) {
        const bool runs = workflow.at("runs").get<bool>();
        out << "workflow " << quoted(workflow.at("name").get<std::string>()) << ", line "
            << workflow.at("line").get<int>() << ": " << (runs ? "runs" : "does not run") << ", "
            << one_line(workflow.at("because").get<std::string>()) << '\n';
        for (const StoredStep& step : story.steps)
            if (step.place.workflow == workflow.at("name").get<std::string>())
                out << "  " << step.place.step << ", line " << step.place.line << ": " << step_text(step)
                    << '\n';
    }
}

void tell_statuses(std::ostream& out, const RunStory& story) {
    for (const ReportedStatus& reported : story.statuses) {
        const CommitStatus& value = reported.status.value;
        out << "status " << one_line(value.context) << ": " << value_text(value.state, value.text)
            << how_reported(reported.status) << '\n';
        for (const StatusReport& report : reported.reports) out << "  " << report_text(report) << '\n';
    }
}

json run_json(const WorkflowRun& run) {
    const auto or_null = [](const std::string& text) { return text.empty() ? json(nullptr) : json(text); };
    return {{"id", run.id},
            {"status", to_string(run.status)},
            {"attempt", run.attempt},
            {"message", or_null(run.message)},
            {"origin", run.origin},
            {"event", json::parse(to_json(run.event))},
            {"created_at", run.created_at},
            {"started_at", or_null(run.started_at)},
            {"finished_at", or_null(run.finished_at)}};
}

json problems_json(const Problems& problems) {
    json list = json::array();
    for (const Problem& problem : problems)
        list.push_back({{"line", problem.line}, {"column", problem.column}, {"message", problem.message}});
    return list;
}

json step_json(const StoredStep& step) {
    return {{"workflow", step.place.workflow},
            {"step", step.place.step},
            {"line", step.place.line},
            {"status", step.status},
            {"tries", step.tries},
            {"message", step.message},
            {"artifacts", json::parse(step.artifacts)}};
}

json status_json(const ReportedStatus& reported) {
    json reports = json::array();
    for (const StatusReport& report : reported.reports)
        reports.push_back({{"version", report.version},
                           {"outcome", to_string(report.state)},
                           {"state", to_string(report.sent_state)},
                           {"text", report.sent_text},
                           {"message", report.message},
                           {"created_at", report.created_at}});
    const StoredStatus& status = reported.status;
    return {{"context", status.value.context},
            {"commit_sha", status.value.commit_sha},
            {"state", to_string(status.value.state)},
            {"text", status.value.text},
            {"url", status.value.url},
            {"version", status.version},
            {"sent_version", status.sent_version},
            {"given_up", status.given_up},
            {"reports", std::move(reports)}};
}

json wait_json(const std::optional<RunWait>& wait) {
    if (!wait) return nullptr;
    return {{"failures", wait->failures},
            {"max_attempts", wait->max_attempts},
            {"next_at", wait->next_at},
            {"error", wait->error}};
}

std::string dump(const json& value) {
    return value.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string tell(const RunStory& story) {
    std::ostringstream out;
    out << head_line(story.run) << '\n';
    tell_event(out, story.run);
    if (story.wait) out << "  waiting: " << one_line(story.wait->in_words()) << '\n';
    tell_configuration(out, story.run);
    tell_workflows(out, story);
    tell_statuses(out, story);
    return out.str();
}

std::vector<std::pair<std::string, std::string>> news(const RunStory& story) {
    std::vector<std::pair<std::string, std::string>> list;
    for (const StoredStep& step : story.steps)
        list.emplace_back(
            "step " + std::to_string(step.place.step_index),
            step.place.step + ", line " + std::to_string(step.place.line) + ": " + step_text(step));
    for (const ReportedStatus& reported : story.statuses) {
        const CommitStatus& value = reported.status.value;
        list.emplace_back(
            "status " + value.context,
            value.context + ": " + value_text(value.state, value.text) + how_reported(reported.status));
    }
    if (story.wait) list.emplace_back("wait", "waiting: " + story.wait->in_words());
    list.emplace_back("run", head_line(story.run));
    return list;
}

std::string to_json(const RunStory& story) {
    json out = run_json(story.run);
    out["wait"] = wait_json(story.wait);
    out["configuration"] = story.run.configuration ? json(*story.run.configuration) : json(nullptr);
    out["problems"] = problems_json(story.run.problems);
    out["warnings"] = problems_json(story.run.warnings);
    out["workflows"] = json::parse(story.run.plan);
    out["steps"] = json::array();
    for (const StoredStep& step : story.steps) out["steps"].push_back(step_json(step));
    out["statuses"] = json::array();
    for (const ReportedStatus& reported : story.statuses) out["statuses"].push_back(status_json(reported));
    return dump(out);
}

std::string to_json(const std::vector<WorkflowRun>& runs) {
    json list = json::array();
    for (const WorkflowRun& run : runs) list.push_back(run_json(run));
    return dump(list);
}

}  // namespace heddle
