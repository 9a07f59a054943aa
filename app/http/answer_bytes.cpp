// SPDX-License-Identifier: Apache-2.0
#include "app/http/answer_bytes.hpp"

#include <array>
#include <ctime>
#include <stdexcept>
#include <utility>

#include "app/http/header_text.hpp"

namespace heddle {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 34> kReasons{{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
}};

/// IMF-fixdate (RFC 9110, section 5.6.7), whatever the locale.
std::string date_now() {
    static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array kMonths{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char rest[32];
    std::strftime(rest, sizeof rest, " %Y %H:%M:%S GMT", &parts);
    char day[8];
    std::strftime(day, sizeof day, ", %d ", &parts);
    return std::string(kDays[parts.tm_wday]) + day + kMonths[parts.tm_mon] + rest;
}

void add_line(std::string& head, std::string_view name, std::string_view value) {
    if (!is_token(name) || !is_header_value(value))
        throw std::logic_error("an answer's header " + std::string(name) + " would end its line early");
    head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string_view reason_phrase(int status) {
    for (const auto& [number, phrase] : kReasons)
        if (number == status) return phrase;
    return "Unknown";
}

bool is_bodiless(int status) { return status < 200 || status == 204 || status == 304; }

std::string answer_head(const ServerResponse& response, bool keep_alive) {
    std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
    head.append(reason_phrase(response.status)).append("\r\n");
    add_line(head, "Date", date_now());
    if (!is_bodiless(response.status)) {
        add_line(head, "Content-Type", response.content_type);
        add_line(head, "Content-Length", std::to_string(response.body.size()));
    }
    if (!keep_alive) add_line(head, "Connection", "close");
    for (const auto& [name, value] : response.headers) {
        for (const std::string_view ours :
             {"Content-Length", "Transfer-Encoding", "Connection", "Content-Type"})
            if (same_word(name, ours)) throw std::logic_error("the header " + name + " is the server's own");
        add_line(head, name, value);
    }
    return head + "\r\n";
}

}  // namespace heddle
