// SPDX-License-Identifier: Apache-2.0
#include "reporters/forge_status.hpp"

#include <nlohmann/json.hpp>

#include "reporters/forge_text.hpp"
#include "workflows/model/remote_error.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;

std::string text_in(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

ToldStatus read_status(const json& item, const ToldFields& fields) {
    ToldStatus told;
    told.state = text_in(item, fields.state);
    told.context = text_in(item, fields.context);
    told.text = text_in(item, "description");
    told.url = text_in(item, "target_url");
    if (item.contains("id") && item["id"].is_number_integer()) told.id = item["id"].get<std::int64_t>();
    return told;
}

/// Also characters that no URL has: a header or a page might break at them.
bool is_link(const std::string& url) {
    if (!url.starts_with("https://") && !url.starts_with("http://")) return false;
    return url.find_first_of(" \"<>\\^`{|}") == std::string::npos;
}

[[noreturn]] void refuse_name(const std::string& name, const char* what, const std::string& doing) {
    throw RemoteError(RemoteError::Kind::GiveUp, doing, heddle::quoted(name) + " is no name of a " + what);
}

}  // namespace

CommitStatus fitted(const CommitStatus& status, const StatusLimits& limits) {
    CommitStatus shown = status;
    shown.context = fitted_context(status.context, limits);
    shown.text = cut_to(one_line(without_local_paths(status.text)), limits.text);
    shown.url = one_line(status.url);
    if (shown.url.size() > limits.url || !is_link(shown.url)) shown.url.clear();
    return shown;
}

std::string fitted_context(const std::string& context, const StatusLimits& limits) {
    return short_name(one_line(context), limits.context);
}

bool is_fitted(const CommitStatus& shown, const CommitStatus& wanted, const StatusLimits& limits) {
    const CommitStatus fit = fitted(wanted, limits);
    return shown.state == fit.state && shown.text == fit.text && shown.url == fit.url;
}

std::string status_json(const CommitStatus& fit, std::string_view state) {
    json body{{"state", state}, {"context", fit.context}, {"description", fit.text}};
    if (!fit.url.empty()) body["target_url"] = fit.url;
    return body.dump();
}

std::string reporting_to(const ForgeAccess& access) { return "report to " + access.name; }

std::string reading_from(const ForgeAccess& access) { return "read the statuses at " + access.name; }

void require_credential(const ForgeAccess& access) {
    if (access.credential.empty())
        throw RemoteError(RemoteError::Kind::GiveUp,
                          reporting_to(access),
                          why_no_credential(access) + "; nothing is reported");
}

std::string repository_path(const std::string& full_name,
                            const std::string& separator,
                            const std::string& doing) {
    const auto path = path_segments(full_name, separator);
    if (!path) refuse_name(full_name, "repository", doing);
    return *path;
}

std::string commit_path(const std::string& commit_sha, const std::string& doing) {
    const auto path = path_segment(commit_sha);
    if (!path) refuse_name(commit_sha, "commit", doing);
    return *path;
}

std::vector<ToldStatus> told_statuses(const HttpResponse& response,
                                      const ToldFields& fields,
                                      const std::string& doing) {
    json body = json::parse(response.body, nullptr, false);
    if (body.is_object() && body.contains("statuses")) {
        body = json(body["statuses"]);
        if (body.is_null()) body = json::array();
    }
    if (!body.is_array())
        throw RemoteError(RemoteError::Kind::Retry, doing, "the answer is no list of statuses");
    std::vector<ToldStatus> statuses;
    for (const json& item : body)
        if (item.is_object()) statuses.push_back(read_status(item, fields));
    return statuses;
}

}  // namespace heddle
