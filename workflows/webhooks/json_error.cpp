// SPDX-License-Identifier: Apache-2.0
#include "workflows/webhooks/json_error.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace heddle {
namespace {

using nlohmann::json;

/// Counts the bytes up to the mistake; keeps nothing of what it reads. npos: there is none.
std::size_t place_of_mistake(std::string_view text) {
    const auto keep_nothing = [](int, json::parse_event_t, json&) { return false; };
    try {
        const json nothing = json::parse(text, keep_nothing);
    } catch (const json::parse_error& error) {
        return std::min(error.byte, text.size());
    } catch (const json::out_of_range&) {
        return std::string_view::npos;  // a number beyond a double's
    }
    return std::string_view::npos;
}

}  // namespace

std::string why_not_json(std::string_view text) {
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return "the body is empty";
    // The parser below passes over it.
    if (text.starts_with("\xEF\xBB\xBF")) return "the body is not JSON: it begins with a byte order mark";
    const std::size_t place = place_of_mistake(text);
    // The other parser has no limits of these kinds.
    if (place == std::string_view::npos)
        return "the body is JSON with a number beyond 64 bits or more than 1,024 levels";
    const std::string_view before = text.substr(0, place > 0 ? place - 1 : 0);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    return "the body is not JSON: line " + std::to_string(line) + ", column " +
           std::to_string(before.size() - line_start + 1);
}

}  // namespace heddle
