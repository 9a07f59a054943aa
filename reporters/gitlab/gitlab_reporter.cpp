// SPDX-License-Identifier: Apache-2.0
#include "reporters/gitlab/gitlab_reporter.hpp"

#include <stdexcept>
#include <string_view>

#include "reporters/forge_status.hpp"
#include "reporters/forge_text.hpp"
#include "reporters/http_answer.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

constexpr StatusLimits kLimits{255, 255, 255};
constexpr ToldFields kFields{"status", "name"};

std::string_view word_for(StatusState state) {
    switch (state) {
        case StatusState::Success: return "success";
        case StatusState::Pending: return "pending";
        case StatusState::Failure: return "failed";
        case StatusState::Error: return "canceled";
    }
    throw std::logic_error("unknown StatusState");
}

/// nullopt: nothing that we say.
std::optional<StatusState> state_from(std::string_view word) {
    for (const StatusState state :
         {StatusState::Success, StatusState::Pending, StatusState::Failure, StatusState::Error})
        if (word == word_for(state)) return state;
    return std::nullopt;
}

HttpHeaders headers_for(const ForgeAccess& access) {
    return {{"Accept", "application/json"}, {"PRIVATE-TOKEN", access.credential}};
}

/// "…/projects/42", which outlives the project's name; "…/projects/group%2Fname" where no number is known.
std::string project_url(const ForgeAccess& access, const CommitStatus& status, const std::string& doing) {
    const std::string& id = status.repository_id;
    const bool is_number = !id.empty() && id.find_first_not_of("0123456789") == std::string::npos;
    return access.api_url + "/projects/" +
           (is_number ? id : repository_path(status.repository, "%2F", doing));
}

/// {"message": "Cannot transition status via :enqueue from :pending (Reason(s): …)"}
bool refuses_transition(const HttpResponse& response) {
    return response.status == 400 && message_of(response).find("Cannot transition status") == 0;
}

/// {"message": "409 Conflict: Resource lock"}: GitLab takes the statuses of one commit one by one, and sends
/// away who waits too long (lib/api/helpers.rb of GitLab: a lease that was not obtained).
bool is_locked(const HttpResponse& response) {
    return response.status == 409 && message_of(response).find("Resource lock") != std::string::npos;
}

}  // namespace

void GitlabReporter::report(const CommitStatus& status, const ForgeAccess& access) {
    require_credential(access);
    const std::string doing = reporting_to(access);
    HttpRequest request{
        "POST",
        project_url(access, status, doing) + "/statuses/" + commit_path(status.commit_sha, doing),
        headers_for(access),
        status_json(fitted(status, kLimits), word_for(status.state))};
    request.headers.emplace_back("Content-Type", "application/json");
    const HttpResponse response = transport_.send(access, request);
    if (refuses_transition(response)) {
        const auto there = shown(status, access);
        if (there && there->state == status.state) return;
    }
    if (is_locked(response))
        throw RemoteError(RemoteError::Kind::Retry, doing, "the answer is 409: " + message_of(response));
    require_success(response, access, doing);
}

// Without "all" only the latest of a name is listed, one for each branch that the commit is on.
std::optional<CommitStatus> GitlabReporter::shown(const CommitStatus& status, const ForgeAccess& access) {
    require_credential(access);
    const std::string doing = reading_from(access);
    const std::string wanted = fitted_context(status.context, kLimits);
    const std::string url = project_url(access, status, doing) + "/repository/commits/" +
                            commit_path(status.commit_sha, doing) +
                            "/statuses?per_page=100&name=" + path_segment(wanted).value_or("");
    const HttpResponse response = transport_.send(access, {"GET", url, headers_for(access), ""});
    require_success(response, access, doing);
    std::optional<ToldStatus> newest;
    for (ToldStatus& told : told_statuses(response, kFields, doing))
        if (told.context == wanted && (!newest || told.id > newest->id)) newest = std::move(told);
    if (!newest) return std::nullopt;
    const auto state = state_from(newest->state);
    if (!state) return std::nullopt;
    CommitStatus shown = status;
    shown.state = *state;
    shown.text = newest->text;
    shown.url = newest->url;
    return shown;
}

bool GitlabReporter::shows(const CommitStatus& shown, const CommitStatus& wanted) const {
    if (shown.state == StatusState::Pending && wanted.state == StatusState::Pending) return true;
    return is_fitted(shown, wanted, kLimits);
}

}  // namespace heddle
