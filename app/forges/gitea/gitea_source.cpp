// SPDX-License-Identifier: Apache-2.0
#include "app/forges/gitea/gitea_source.hpp"

#include "app/forges/forge_file.hpp"
#include "app/net/url.hpp"

namespace heddle {
namespace {

/// A tag push may come without a commit (design, section 16), but never without the tag.
ConfigurationRef ref_of(const ScmEvent& event) {
    if (event.event_class == EventClass::TagPush && !event.tag.empty())
        return {ConfigurationRef::Kind::Tag, event.tag};
    return configuration_ref(event);
}

std::string folder_of(ConfigurationRef::Kind kind) {
    switch (kind) {
        case ConfigurationRef::Kind::Branch: return "/branches/";
        case ConfigurationRef::Kind::Tag: return "/tags/";
        case ConfigurationRef::Kind::Commit: return "/git/commits/";
    }
    return "";
}

FileQuestion question_for(const ScmEvent& event, const std::string& path, const ForgeAccess& access) {
    FileQuestion question;
    question.ref = ref_of(event);
    question.doing = reading_file(event, path, question.ref);
    if (!access.credential.empty())
        question.headers.emplace_back("Authorization", "token " + access.credential);
    const std::string ref = url_encoded(question.ref.name);
    question.repository_url = access.api_url + "/repos/" + repository_in_url(event, "/", question.doing);
    question.file_url = question.repository_url + "/raw/" + file_in_url(path, question.doing) + "?ref=" + ref;
    question.ref_url = question.repository_url + folder_of(question.ref.kind) + ref;
    return question;
}

}  // namespace

std::optional<std::string> GiteaSource::read(const ScmEvent& event,
                                             const std::string& path,
                                             const ForgeAccess& access) {
    const FileQuestion question = question_for(event, path, access);
    const auto answer = ask_for_file(transport_, access, question);
    if (!answer) return std::nullopt;
    require_fitting(answer->body.size(), path, question.doing);
    return answer->body;
}

std::string gitea_pull_reference(std::int64_t number) {
    return "refs/pull/" + std::to_string(number) + "/head";
}

}  // namespace heddle
