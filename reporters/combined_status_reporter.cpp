// SPDX-License-Identifier: Apache-2.0
#include "reporters/combined_status_reporter.hpp"

#include "reporters/http_answer.hpp"

namespace heddle {
namespace {

std::string repository_url(const ForgeAccess& access,
                           const std::string& repository,
                           const std::string& doing) {
    return access.api_url + "/repos/" + repository_path(repository, "/", doing);
}

}  // namespace

void CombinedStatusReporter::report(const CommitStatus& status, const ForgeAccess& access) {
    require_credential(access);
    const std::string doing = reporting_to(access);
    HttpRequest request{"POST",
                        repository_url(access, status.repository, doing) + "/statuses/" +
                            commit_path(status.commit_sha, doing),
                        dialect_.headers(access),
                        status_json(fitted(status, dialect_.limits), to_string(status.state))};
    request.headers.emplace_back("Content-Type", "application/json");
    require_success(transport_.send(access, request), access, doing);
}

std::optional<CommitStatus> CombinedStatusReporter::shown(const CommitStatus& status,
                                                          const ForgeAccess& access) {
    require_credential(access);
    const std::string doing = reading_from(access);
    const std::string wanted = fitted_context(status.context, dialect_.limits);
    const std::string url = repository_url(access, status.repository, doing) + "/commits/" +
                            commit_path(status.commit_sha, doing) + "/status?" + dialect_.size_parameter +
                            "=" + std::to_string(dialect_.page_size) + "&page=";
    for (int page = 1; page <= dialect_.most_pages; ++page) {
        const HttpResponse response =
            transport_.send(access, {"GET", url + std::to_string(page), dialect_.headers(access), ""});
        require_success(response, access, doing);
        const std::vector<ToldStatus> statuses = told_statuses(response, dialect_.fields, doing);
        for (const ToldStatus& told : statuses) {
            if (!dialect_.same_context(told.context, wanted)) continue;
            const auto state = status_state_from(told.state);
            if (!state) return std::nullopt;  // a word that we never say
            CommitStatus shown = status;
            shown.state = *state;
            shown.text = told.text;
            shown.url = told.url;
            return shown;
        }
        const bool is_short = static_cast<int>(statuses.size()) < dialect_.page_size;
        if (statuses.empty() || (is_short && dialect_.short_page_is_last)) break;
    }
    return std::nullopt;
}

bool CombinedStatusReporter::shows(const CommitStatus& shown, const CommitStatus& wanted) const {
    return is_fitted(shown, wanted, dialect_.limits);
}

}  // namespace heddle
