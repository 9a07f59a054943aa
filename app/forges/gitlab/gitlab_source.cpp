// SPDX-License-Identifier: Apache-2.0
#include "app/forges/gitlab/gitlab_source.hpp"

#include "app/forges/forge_file.hpp"
#include "app/net/url.hpp"

namespace heddle {
namespace {

/// By its number where the event has one: a renamed project keeps it.
std::string project_in_url(const ScmEvent& event, const std::string& doing) {
    const std::string& id = event.repository.id;
    const bool is_number = !id.empty() && id.find_first_not_of("0123456789") == std::string::npos;
    return is_number ? id : repository_in_url(event, "%2F", doing);
}

FileQuestion question_for(const ScmEvent& event, const std::string& path, const ForgeAccess& access) {
    FileQuestion question;
    question.ref = configuration_ref(event);
    question.doing = reading_file(event, path, question.ref);
    if (!access.credential.empty()) question.headers.emplace_back("PRIVATE-TOKEN", access.credential);
    file_in_url(path, question.doing);  // refuses ".."
    const std::string ref = url_encoded(question.ref.name);
    question.repository_url = access.api_url + "/projects/" + project_in_url(event, question.doing);
    question.file_url =
        question.repository_url + "/repository/files/" + url_encoded(path) + "/raw?ref=" + ref;
    // Takes names of branches, too.
    question.ref_url = question.repository_url + "/repository/commits/" + ref;
    return question;
}

}  // namespace

std::optional<std::string> GitlabSource::read(const ScmEvent& event,
                                              const std::string& path,
                                              const ForgeAccess& access) {
    const FileQuestion question = question_for(event, path, access);
    const auto answer = ask_for_file(transport_, access, question);
    if (!answer) return std::nullopt;
    require_fitting(answer->body.size(), path, question.doing);
    return answer->body;
}

std::string gitlab_pull_reference(std::int64_t number) {
    return "refs/merge-requests/" + std::to_string(number) + "/head";
}

}  // namespace heddle
