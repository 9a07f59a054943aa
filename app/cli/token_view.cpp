// SPDX-License-Identifier: Apache-2.0
#include "app/cli/token_view.hpp"

#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;

std::string dump(const json& value) {
    return value.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

json or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

std::string in_a_word(ListedToken::Credential credential) {
    switch (credential) {
        case ListedToken::Credential::None: return "none";
        case ListedToken::Credential::Given: return "given";
        case ListedToken::Credential::Locked: return "locked";
    }
    throw std::logic_error("unknown ListedToken::Credential");
}

std::string credential_line(const ListedToken& token) {
    switch (token.credential) {
        case ListedToken::Credential::None: return "none: reads public files, reports nothing";
        case ListedToken::Credential::Given: return "for " + token.credential_origin;
        case ListedToken::Credential::Locked:
            return "locked: it was given for " + token.credential_origin +
                   ", and the forge has moved; `heddle token confirm " + std::to_string(token.id) +
                   "` lets it go there";
    }
    throw std::logic_error("unknown ListedToken::Credential");
}

std::vector<std::string> shared_with(const ListedToken& token) {
    std::vector<std::string> names;
    for (const std::string& login : token.users) names.push_back("user " + login);
    for (const std::string& name : token.groups) names.push_back("group " + name);
    return names;
}

json json_of(const ServerConfig& server, const ListedToken& token) {
    const auto url = webhook_url(server, token.kind, token.id);
    return {{"id", token.id},
            {"kind", token.kind},
            {"executor", token.executor},
            {"forge", or_null(token.forge)},
            {"description", token.description},
            {"path", token.configuration_path},
            {"configuration_url", or_null(token.configuration_url)},
            {"enabled", token.enabled},
            {"credential", in_a_word(token.credential)},
            {"credential_origin", or_null(token.credential_origin)},
            {"users", token.users},
            {"groups", token.groups},
            {"url", url ? json(*url) : json(nullptr)},
            {"triggered_at", or_null(token.triggered_at)},
            {"created_at", token.created_at}};
}

// "Any address" is where it listens, not where it is reached.
std::string reachable_host(const std::string& host) {
    if (host == "0.0.0.0") return "127.0.0.1";
    if (host == "::") return "[::1]";
    return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

std::string url_line(const ServerConfig& server, const ListedToken& token) {
    if (token.kind != "workflow")
        return "none: this server has nothing that a " + token.kind + " token triggers";
    return webhook_url(server, token.kind, token.id).value_or("set server.public_url to see it");
}

}  // namespace

std::optional<std::string> webhook_url(const ServerConfig& server, const std::string& kind, std::int64_t id) {
    if (kind != "workflow") return std::nullopt;
    std::string base = server.public_url;
    if (base.empty() && server.port == 0) return std::nullopt;
    if (base.empty()) base = "http://" + reachable_host(server.host) + ":" + std::to_string(server.port);
    return base + "/trigger/workflow?id=" + std::to_string(id);
}

std::string tell(const std::vector<ListedToken>& tokens) {
    std::ostringstream out;
    for (const ListedToken& token : tokens) {
        std::string notes;
        if (!token.enabled) notes += "  disabled";
        if (token.credential == ListedToken::Credential::Locked) notes += "  credential locked";
        if (!token.executor_active) notes += "  executor not active";
        out << std::setw(6) << token.id << "  " << std::left << std::setw(8) << token.kind << "  "
            << token.executor << "  " << (token.forge.empty() ? "-" : token.forge)
            << (token.description.empty() ? "" : "  " + one_line(token.description)) << notes << std::right
            << '\n';
    }
    return tokens.empty() ? "no tokens\n" : out.str();
}

std::string to_json(const ServerConfig& server, const std::vector<ListedToken>& tokens) {
    json all = json::array();
    for (const ListedToken& token : tokens) all.push_back(json_of(server, token));
    return dump(all);
}

std::string tell(const ServerConfig& server, const ListedToken& token) {
    std::ostringstream out;
    const auto line = [&out](const char* label, const std::string& value) {
        if (!value.empty()) out << "  " << std::left << std::setw(15) << label << one_line(value) << '\n';
    };
    out << "token " << token.id << (token.enabled ? "" : " (disabled)") << '\n';
    line("kind", token.kind);
    line("executor", token.executor + (token.executor_active ? "" : " (not active: it is refused)"));
    line("forge", token.forge);
    line("description", token.description);
    if (token.kind == "workflow") {
        line("configuration",
             token.configuration_url.empty() ? token.configuration_path : token.configuration_url);
        line("credential", credential_line(token));
    }
    line("shared with", in_words(shared_with(token)));
    line("url", url_line(server, token));
    line("triggered", token.triggered_at.empty() ? "never" : token.triggered_at);
    line("created", token.created_at);
    return out.str();
}

std::string to_json(const ServerConfig& server, const ListedToken& token) {
    return dump(json_of(server, token));
}

}  // namespace heddle
