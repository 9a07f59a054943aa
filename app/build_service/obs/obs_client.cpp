// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/obs/obs_client.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <sstream>
#include <stdexcept>

#include "app/net/base64.hpp"
#include "app/net/url.hpp"
#include "workflows/model/remote_error.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr std::size_t kLongestSummary = 300;
constexpr const char* kXml = "application/xml";
constexpr const char* kNoLogin =
    "the build service wants a login: set build_service.user and password_file, or give one by "
    "`heddle obs login`";
constexpr std::chrono::seconds kLongestPause = std::chrono::hours(6);

[[noreturn]] void later(const std::string& doing, const std::string& why, std::chrono::seconds pause = {}) {
    RemoteError error(RemoteError::Kind::Retry, doing, why);
    error.retry_after = pause;
    throw error;
}

std::chrono::seconds pause_of(const HttpResponse& response) {
    const std::string text = header_of(response, "Retry-After");
    long seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size() || seconds < 0) return {};
    return std::min(std::chrono::seconds(seconds), kLongestPause);
}

std::string shortened(const std::string& text) {
    const std::string line = one_line(text);
    if (line.size() <= kLongestSummary) return line;
    std::size_t end = kLongestSummary;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
    return line.substr(0, end) + "...";
}

bool is_later(int status) {
    return status == 408 || status == 409 || status == 425 || status == 429 || status >= 500;
}

/// The source server passes requests on, and tells of its own trouble with a status that blames us.
bool is_inner_trouble(const std::string& summary) {
    return summary.starts_with("connect to ") || summary.find("Connection refused") != std::string::npos ||
           summary.find("Connection timed out") != std::string::npos;
}

ObsClient::Answer understood(const HttpResponse& response,
                             const std::string& if_refused,
                             const std::string& doing) {
    const std::string number = std::to_string(response.status);
    if (response.status == 401) throw RemoteError(RemoteError::Kind::BadCredentials, doing, if_refused);
    // The login follows nowhere, and waiting changes nothing.
    if (response.status >= 300 && response.status < 400)
        throw RemoteError(RemoteError::Kind::GiveUp,
                          doing,
                          "build_service.api_url answers " + number + ", which sends to another address");
    ObsClient::Answer answer;
    answer.status = response.status;
    pugi::xml_document& document = answer.document;
    const bool is_xml =
        document.load_buffer(
            response.body.data(), response.body.size(), pugi::parse_default, pugi::encoding_utf8) &&
        std::string_view(document.document_element().name()) != "html";
    const pugi::xml_node status = document.child("status");
    answer.word = shortened(status.attribute("code").as_string());
    answer.summary = shortened(status.child_value("summary"));
    if (is_later(answer.status))
        later(doing,
              "the build service answered " + number +
                  (answer.summary.empty() ? std::string() : ": " + answer.summary),
              pause_of(response));
    if (!is_xml) later(doing, "what answered " + number + " gave no document of a build service");
    if (answer.ok()) return answer;
    if (!status) later(doing, "what answered " + number + " is no build service");
    if (is_inner_trouble(answer.summary)) later(doing, "the build service is not whole: " + answer.summary);
    return answer;
}

/// Of a success; throws what a refusal means.
pugi::xml_document document_of(ObsClient::Answer answer, const std::string& doing) {
    ObsClient::require_success(answer, doing);
    return std::move(answer.document);
}

/// "Basic ...", RFC 7617.
std::string basic(const ObsAccess& access) {
    return access.user.empty() ? "" : "Basic " + to_base64(access.user + ":" + access.password);
}

}  // namespace

std::string obs_target(std::initializer_list<std::string_view> segments, const ObsQuery& query) {
    std::string target;
    for (const std::string_view segment : segments) target += "/" + url_encoded(segment);
    char separator = '?';
    for (const auto& [name, value] : query) {
        target += separator + url_encoded(name) + "=" + url_encoded(value);
        separator = '&';
    }
    return target;
}

std::string xml_text(const pugi::xml_document& document) {
    std::ostringstream text;
    document.save(text, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
    return text.str();
}

ObsClient::ObsClient(HttpTransport& transport, ObsAccess access)
    : transport_(transport),
      authorization_(basic(access)),
      if_refused_(access.user.empty() ? kNoLogin : access.if_refused),
      why_unused_(access.why_unused) {
    access_.name = "build service";
    access_.api_url = access.api_url;
    access_.private_network = access.private_network;
}

HttpResponse ObsClient::exchange(const std::string& method,
                                 const std::string& target,
                                 const std::string& body,
                                 const std::string& type,
                                 const std::string& doing) {
    if (!why_unused_.empty()) throw RemoteError(RemoteError::Kind::BadCredentials, doing, why_unused_);
    HttpRequest request{method, access_.api_url + target, {}, body};
    if (!authorization_.empty()) request.headers.emplace_back("Authorization", authorization_);
    if (!body.empty()) request.headers.emplace_back("Content-Type", type);
    try {
        return transport_.send(access_, request);
    } catch (const RemoteError& error) {
        RemoteError told(error.kind, doing, error.what());
        told.may_be_done = error.may_be_done;
        throw told;
    }
}

ObsClient::Answer ObsClient::ask(const std::string& method,
                                 const std::string& target,
                                 const std::string& body,
                                 const std::string& doing) {
    return understood(exchange(method, target, body, kXml, doing), if_refused_, doing);
}

std::optional<std::string> ObsClient::find_file(const std::string& target, const std::string& doing) {
    HttpResponse response = exchange("GET", target, "", "", doing);
    if (response.status >= 200 && response.status < 300) return std::move(response.body);
    const Answer answer = understood(response, if_refused_, doing);
    if (answer.status == 404) return std::nullopt;
    require_success(answer, doing);
    throw std::logic_error("a refusal became a success");
}

void ObsClient::require_success(const Answer& answer, const std::string& doing) {
    if (answer.ok()) return;
    std::string why = answer.summary.empty() ? "the build service answered " + std::to_string(answer.status)
                                             : answer.summary;
    // A backend's word is the number of the status again.
    if (!answer.word.empty() && answer.word != std::to_string(answer.status)) why += " (" + answer.word + ")";
    if (answer.status == 403) why = "no permission: " + why;
    throw RemoteError(RemoteError::Kind::GiveUp, doing, why);
}

std::optional<pugi::xml_document> ObsClient::find(const std::string& target, const std::string& doing) {
    Answer answer = ask("GET", target, "", doing);
    if (answer.status == 404) return std::nullopt;
    return document_of(std::move(answer), doing);
}

pugi::xml_document ObsClient::get(const std::string& target, const std::string& doing) {
    return document_of(ask("GET", target, "", doing), doing);
}

pugi::xml_document ObsClient::put(const std::string& target,
                                  const std::string& body,
                                  const std::string& doing) {
    return document_of(ask("PUT", target, body, doing), doing);
}

pugi::xml_document ObsClient::put_file(const std::string& target,
                                       const std::string& body,
                                       const std::string& doing) {
    const HttpResponse response = exchange("PUT", target, body, "application/octet-stream", doing);
    return document_of(understood(response, if_refused_, doing), doing);
}

pugi::xml_document ObsClient::post(const std::string& target, const std::string& doing) {
    return document_of(ask("POST", target, "", doing), doing);
}

}  // namespace heddle
