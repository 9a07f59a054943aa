// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/connection_url.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string_view>

#include "app/postgres/pool.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

constexpr const char* kExample = "it is no PostgreSQL URL, as postgresql://USER@HOST/NAME";

/// What stands behind "postgresql://"; empty: it is no URL.
std::string_view behind_scheme(std::string_view url) {
    for (const std::string_view scheme : {"postgresql://", "postgres://"})
        if (url.starts_with(scheme)) return url.substr(scheme.size());
    return {};
}

// libpq takes what stands before the first '@' for the user, if no '/' comes first. Where there are others, a
// password holds them as they are, and the rest of it would be taken for a host or a database, and told.
bool has_stray_at(std::string_view rest) {
    const std::size_t at = rest.find('@');
    if (at == std::string_view::npos) return false;
    if (rest.find('/') < at) return true;
    rest.remove_prefix(at + 1);
    return rest.substr(0, rest.find('?')).find('@') != std::string_view::npos;
}

bool is_option(const PQconninfoOption* options, std::string_view name) {
    if (name == "ssl") return true;  // ssl=true of JDBC, in URLs only
    for (; options && options->keyword; ++options)
        if (name == options->keyword) return true;
    return false;
}

/// The first option of the query that libpq does not have.
std::string unknown_option(std::string_view rest) {
    const Options known(PQconndefaults(), PQconninfoFree);
    const std::size_t at = rest.find('@');
    if (at != std::string_view::npos) rest.remove_prefix(at + 1);
    const std::size_t query = rest.find('?');
    if (query == std::string_view::npos) return {};
    std::istringstream parts{std::string(rest.substr(query + 1))};
    for (std::string part; std::getline(parts, part, '&');) {
        const std::size_t end = part.find('=');
        if (end == std::string::npos) return {};  // perhaps the rest of a password that holds a '&'
        if (const std::string name = part.substr(0, end); !is_option(known.get(), name)) return name;
    }
    return {};
}

bool is_port_list(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == ','; });
}

}  // namespace

std::optional<std::string> why_no_connection_url(const std::string& url) {
    const std::string_view rest = behind_scheme(url);
    if (has_stray_at(rest)) return "in a user or password '@' is written %40 and '/' %2F";
    if (!is_connection_url(url)) {
        const std::string option = unknown_option(rest);
        return option.empty() ? kExample : "PostgreSQL's client has no option " + heddle::quoted(option);
    }
    const Options parts(PQconninfoParse(url.c_str(), nullptr), PQconninfoFree);
    for (const PQconninfoOption* part = parts.get(); part && part->keyword; ++part)
        if (part->val && std::string_view(part->keyword) == "port" && !is_port_list(part->val))
            return "its port is no number";
    return std::nullopt;
}

bool is_refused_unasked(const std::string& url) { return PQping(url.c_str()) == PQPING_NO_ATTEMPT; }

std::string why_no_connection(const std::exception& error) {
    static constexpr std::string_view kLevel = "FATAL:  ";
    std::istringstream lines(error.what());
    std::string all;
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.front() == '\t') continue;  // "Is the server running ...?"
        if (const std::size_t level = line.find(kLevel); level != std::string::npos)
            line.erase(level, kLevel.size());
        all += (all.empty() ? "" : "; ") + line;
    }
    return one_line(all);
}

}  // namespace heddle
