// SPDX-License-Identifier: Apache-2.0
#include "app/config/forge_settings.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>

#include "app/config/forge_kinds.hpp"
#include "app/config/plain_text.hpp"
#include "app/config/ssh_url.hpp"
#include "app/config/url.hpp"

namespace heddle {
namespace {

using Wrong = std::optional<std::string>;

bool has_web(const ForgeConfig& forge) {
    const ForgeKind* kind = find_forge_kind(forge.kind);
    return !kind || kind->has_web;
}

bool is_behind_ssh(const ForgeConfig& forge) { return forge.api_url.starts_with("ssh://"); }

Wrong set_kind(ForgeConfig& forge, const std::string& text) {
    std::string allowed;
    for (const ForgeKind& kind : forge_kinds()) {
        if (kind.name == text) {
            forge.kind = text;
            return std::nullopt;
        }
        allowed += (allowed.empty() ? "" : ", ") + std::string(kind.name);
    }
    return "must be one of " + allowed;
}

// The name becomes part of keys that are joined by '/'.
Wrong set_name(ForgeConfig& forge, const std::string& text) {
    const auto may_stand = [](unsigned char c) {
        return (c < 0x80 && std::isalnum(c)) || c == '.' || c == '-' || c == '_';
    };
    if (text.empty() || text.size() > 64 || !std::isalnum(static_cast<unsigned char>(text.front())) ||
        !std::all_of(text.begin(), text.end(), may_stand))
        return "must be 1 to 64 letters, digits, '.', '-' and '_', a letter or digit first";
    forge.name = text;
    return std::nullopt;
}

Wrong set_web_address(std::string& target, const std::string& text) {
    const auto url = parse_web_url(text);
    if (!url) return "must be an http or https URL without user, query and fragment";
    target = url->text();
    return std::nullopt;
}

Wrong set_web_url(ForgeConfig& forge, const std::string& text) {
    if (text.empty() && !has_web(forge)) return std::nullopt;
    return set_web_address(forge.web_url, text);
}

Wrong set_ssh_address(std::string& target, const std::string& text) {
    const auto url = parse_ssh_url(text);
    if (!url || url->user.empty())
        return "must be an ssh URL that names the user, as ssh://git@git.example.org/srv/git";
    target = url->text();
    return std::nullopt;
}

// Of plain repositories: what stands in front of each one's name.
Wrong set_api_url(ForgeConfig& forge, const std::string& text) {
    if (has_web(forge) || text.find("://") != std::string::npos) {
        if (has_web(forge) || text.starts_with("http")) return set_web_address(forge.api_url, text);
        if (text.starts_with("ssh://")) return set_ssh_address(forge.api_url, text);
        if (!text.starts_with("file:///"))
            return "must be an absolute path or a URL of the schemes file, ssh, http, https";
    } else if (!text.starts_with('/')) {
        return "must be an absolute path or a URL of the schemes file, ssh, http, https";
    }
    if (!is_plain_text(text)) return "must be printable UTF-8 text";
    forge.api_url = text;
    while (forge.api_url.size() > 1 && forge.api_url.ends_with('/')) forge.api_url.pop_back();
    return std::nullopt;
}

Wrong set_private_network(ForgeConfig& forge, const std::string& text) {
    if (text != "true" && text != "false") return "must be true or false";
    forge.private_network = text == "true";
    return std::nullopt;
}

/// Also what ssh's own syntax for options leaves as it is.
bool is_simple_path(const std::string& text) {
    const auto may_stand = [](unsigned char c) {
        return (c < 0x80 && std::isalnum(c)) ||
               std::string_view("/._-+,=@:").find(static_cast<char>(c)) != std::string_view::npos;
    };
    return text.starts_with('/') && std::all_of(text.begin(), text.end(), may_stand);
}

Wrong set_known_hosts(ForgeConfig& forge, const std::string& text) {
    if (!is_behind_ssh(forge)) return "goes with an api_url of the scheme ssh";
    if (!is_simple_path(text)) return "must be an absolute path of letters, digits and any of /._-+,=@:";
    std::error_code problem;
    if (!std::filesystem::is_regular_file(text, problem) || !std::ifstream(text))
        return "must be a file that can be read";
    forge.known_hosts = text;
    return std::nullopt;
}

}  // namespace

const std::vector<ForgeSetting>& forge_settings() {
    static const std::vector<ForgeSetting> kSettings{{"name", set_name},
                                                     {"kind", set_kind},
                                                     {"web_url", set_web_url},
                                                     {"api_url", set_api_url},
                                                     {"private_network", set_private_network},
                                                     {"known_hosts", set_known_hosts}};
    return kSettings;
}

std::vector<std::string_view> missing_settings(const ForgeConfig& forge) {
    std::vector<std::string_view> missing;
    if (forge.name.empty()) missing.push_back("name");
    if (forge.kind.empty()) missing.push_back("kind");
    if (forge.web_url.empty() && has_web(forge)) missing.push_back("web_url");
    if (forge.api_url.empty()) missing.push_back("api_url");
    if (forge.known_hosts.empty() && is_behind_ssh(forge)) missing.push_back("known_hosts");
    return missing;
}

}  // namespace heddle
