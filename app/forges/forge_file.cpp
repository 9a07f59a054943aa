// SPDX-License-Identifier: Apache-2.0
#include "app/forges/forge_file.hpp"

#include <stdexcept>

#include "app/net/url.hpp"
#include "reporters/forge_text.hpp"
#include "reporters/http_answer.hpp"
#include "workflows/model/remote_error.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

[[noreturn]] void give_up(const std::string& doing, const std::string& why) {
    throw RemoteError(RemoteError::Kind::GiveUp, doing, why);
}

std::string in_words(const ConfigurationRef& ref) {
    switch (ref.kind) {
        case ConfigurationRef::Kind::Branch: return "branch " + heddle::quoted(ref.name);
        case ConfigurationRef::Kind::Tag: return "tag " + heddle::quoted(ref.name);
        case ConfigurationRef::Kind::Commit: return "commit " + heddle::quoted(ref.name);
    }
    throw std::logic_error("unknown kind of ref");
}

void require_there(HttpTransport& transport,
                   const ForgeAccess& access,
                   const FileQuestion& question,
                   const std::string& url,
                   const std::string& why_not) {
    const HttpResponse answer = transport.send(access, {"GET", url, question.headers, ""});
    if (answer.status == 404) give_up(question.doing, why_not);
    require_success(answer, access, question.doing);
}

std::string why_not_there(const ForgeAccess& access) {
    if (!access.credential.empty()) return "the repository is not there, or the token may not read it";
    const std::string text = "the repository is not there, or not for everybody to read";
    return access.locked_token == 0 ? text : text + ", and " + why_no_credential(access);
}

}  // namespace

ConfigurationRef configuration_ref(const ScmEvent& event) {
    using Kind = ConfigurationRef::Kind;
    const bool is_tag = event.event_class == EventClass::TagPush;
    const ConfigurationRef ref = is_tag ? ConfigurationRef{Kind::Commit, event.commit_sha}
                                        : ConfigurationRef{Kind::Branch, event.target.branch};
    if (ref.name.empty())
        throw std::logic_error("an event without a target branch or tagged commit has no configuration");
    return ref;
}

std::string reading_file(const ScmEvent& event, const std::string& path, const ConfigurationRef& ref) {
    return "read " + one_line(path) + " of " + one_line(event.repository.full_name) + " at " +
           one_line(ref.name);
}

std::optional<HttpResponse> ask_for_file(HttpTransport& transport,
                                         const ForgeAccess& access,
                                         const FileQuestion& question) {
    HttpResponse answer = transport.send(access, {"GET", question.file_url, question.headers, ""});
    if (answer.status != 404) {
        require_success(answer, access, question.doing);
        return answer;
    }
    // All three answer 404 for a repository that a token may not see, too: "no such file" must be sure.
    require_there(transport, access, question, question.repository_url, why_not_there(access));
    require_there(transport, access, question, question.ref_url, "there is no " + in_words(question.ref));
    return std::nullopt;
}

void require_fitting(std::size_t bytes, const std::string& path, const std::string& doing) {
    if (bytes > kMostConfigurationBytes)
        give_up(doing,
                heddle::quoted(path) + " has " + std::to_string(bytes) + " bytes, more than the " +
                    std::to_string(kMostConfigurationBytes) + " allowed");
}

std::string repository_in_url(const ScmEvent& event, const std::string& separator, const std::string& doing) {
    const auto segments = path_segments(event.repository.full_name, separator);
    if (!segments) give_up(doing, heddle::quoted(event.repository.full_name) + " is no name of a repository");
    return *segments;
}

std::string file_in_url(const std::string& path, const std::string& doing) {
    const auto encoded = encoded_path(path);
    if (!encoded) give_up(doing, heddle::quoted(path) + " is no plain path of a file");
    return *encoded;
}

}  // namespace heddle
