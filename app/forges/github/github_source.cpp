// SPDX-License-Identifier: Apache-2.0
#include "app/forges/github/github_source.hpp"

#include <nlohmann/json.hpp>

#include "app/forges/forge_file.hpp"
#include "app/net/base64.hpp"
#include "app/net/url.hpp"
#include "workflows/model/remote_error.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;
using Kind = RemoteError::Kind;

HttpHeaders headers_for(const ForgeAccess& access) {
    HttpHeaders headers{{"Accept", "application/vnd.github+json, application/json;q=0.9"},
                        {"X-GitHub-Api-Version", "2022-11-28"}};
    if (!access.credential.empty()) headers.emplace_back("Authorization", "Bearer " + access.credential);
    return headers;
}

FileQuestion question_for(const ScmEvent& event, const std::string& path, const ForgeAccess& access) {
    FileQuestion question;
    question.ref = configuration_ref(event);
    question.doing = reading_file(event, path, question.ref);
    question.headers = headers_for(access);
    const std::string ref = url_encoded(question.ref.name);
    question.repository_url = access.api_url + "/repos/" + repository_in_url(event, "/", question.doing);
    question.file_url =
        question.repository_url + "/contents/" + file_in_url(path, question.doing) + "?ref=" + ref;
    question.ref_url = question.repository_url +
                       (question.ref.kind == ConfigurationRef::Kind::Branch ? "/branches/" : "/commits/") +
                       ref;
    return question;
}

std::string text_at(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// The file in the answer, which describes whatever stands at the path.
std::string content_of(const std::string& body, const std::string& path, const std::string& doing) {
    const json entry = json::parse(body, nullptr, false);
    if (entry.is_array()) throw RemoteError(Kind::GiveUp, doing, heddle::quoted(path) + " is a folder");
    if (!entry.is_object()) throw RemoteError(Kind::Retry, doing, "the answer is not GitHub's");
    const std::string type = text_at(entry, "type");
    if (type == "symlink" || type == "submodule" || type == "dir")
        throw RemoteError(
            Kind::GiveUp, doing, heddle::quoted(path) + " is a " + type + ", only plain files are read");
    const auto size = entry.find("size");
    if (type != "file" || size == entry.end() || !size->is_number_unsigned())
        throw RemoteError(Kind::Retry, doing, "the answer is not GitHub's");
    // Over 1 MB there is a size, and no content.
    require_fitting(size->get<std::size_t>(), path, doing);
    const auto content = from_base64(text_at(entry, "content"));
    if (text_at(entry, "encoding") != "base64" || !content)
        throw RemoteError(Kind::Retry, doing, "the answer has no content in base64");
    require_fitting(content->size(), path, doing);
    return *content;
}

}  // namespace

std::optional<std::string> GithubSource::read(const ScmEvent& event,
                                              const std::string& path,
                                              const ForgeAccess& access) {
    const FileQuestion question = question_for(event, path, access);
    const auto answer = ask_for_file(transport_, access, question);
    if (!answer) return std::nullopt;
    return content_of(answer->body, path, question.doing);
}

std::string github_pull_reference(std::int64_t number) {
    return "refs/pull/" + std::to_string(number) + "/head";
}

}  // namespace heddle
