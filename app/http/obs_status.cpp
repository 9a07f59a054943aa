// SPDX-License-Identifier: Apache-2.0
#include "app/http/obs_status.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/http/answer_bytes.hpp"
#include "app/http/header_text.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

/// "q=0", "q=0.000": not this (RFC 9110, section 12.4.2).
bool excludes(std::string_view parameter) {
    parameter = trimmed(parameter);
    return parameter.size() > 2 && same_word(parameter.substr(0, 2), "q=") &&
           parameter.find_first_not_of("0.", 2) == std::string_view::npos;
}

bool wants_json(const ServerRequest& request) {
    const std::string accept = request.header("Accept");
    const auto ranges = split(accept, ',');
    return std::any_of(ranges.begin(), ranges.end(), [](std::string_view range) {
        const auto parts = split(range, ';');
        return same_word(trimmed(parts.front()), "application/json") &&
               std::none_of(parts.begin() + 1, parts.end(), excludes);
    });
}

/// For an element or an attribute in double quotes.
std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : one_line(text)) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            default: out += c;
        }
    }
    return out;
}

std::string data(const std::string& name, const std::string& value) {
    return "<data name=\"" + name + "\">" + escaped(value) + "</data>";
}

std::string as_xml(const InboxAnswer& answer) {
    std::string xml =
        "<status code=\"" + escaped(answer.code) + "\"><summary>" + escaped(answer.summary) + "</summary>";
    if (!answer.info.empty()) xml += data("info", answer.info);
    if (answer.run) xml += data("run", std::to_string(*answer.run));
    if (answer.delivery) xml += data("delivery", std::to_string(*answer.delivery));
    return xml + "</status>\n";
}

std::string as_json(const InboxAnswer& answer) {
    nlohmann::json json{{answer.status < 400 ? "code" : "errorcode", one_line(answer.code)},
                        {"summary", one_line(answer.summary)}};
    if (!answer.info.empty()) json["info"] = one_line(answer.info);
    if (answer.run) json["run"] = *answer.run;
    if (answer.delivery) json["delivery"] = *answer.delivery;
    return json.dump() + "\n";
}

}  // namespace

ServerResponse obs_status(const ServerRequest& request, const InboxAnswer& answer) {
    ServerResponse response;
    response.status = answer.status;
    const bool json = wants_json(request);
    response.content_type = json ? "application/json; charset=utf-8" : "application/xml; charset=utf-8";
    response.body = json ? as_json(answer) : as_xml(answer);
    if (answer.status >= 400) response.headers.emplace_back("X-Opensuse-Errorcode", one_line(answer.code));
    return response;
}

std::string obs_code(int status) {
    // OBS makes its codes the same way from the names of its errors (reference 1.3).
    if (status == 413) return "payload_too_large";
    std::string code(reason_phrase(status));
    for (char& c : code) c = c == ' ' ? '_' : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return code;
}

}  // namespace heddle
