// SPDX-License-Identifier: Apache-2.0
#include "app/config/forge_settings.hpp"

#include <algorithm>
#include <cctype>

#include "app/config/forge_kinds.hpp"
#include "app/config/plain_text.hpp"
#include "app/config/url.hpp"

namespace heddle {
namespace {

using Wrong = std::optional<std::string>;

bool has_web(const ForgeConfig& forge) {
    const ForgeKind* kind = find_forge_kind(forge.kind);
    return !kind || kind->has_web;
}

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

// Of plain repositories: what stands in front of each one's name.
Wrong set_api_url(ForgeConfig& forge, const std::string& text) {
    if (has_web(forge) || text.find("://") != std::string::npos) {
        if (has_web(forge) || text.starts_with("http")) return set_web_address(forge.api_url, text);
        if (!text.starts_with("file:///") && !text.starts_with("ssh://"))
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

}  // namespace

const std::vector<ForgeSetting>& forge_settings() {
    static const std::vector<ForgeSetting> kSettings{{"name", set_name},
                                                     {"kind", set_kind},
                                                     {"web_url", set_web_url},
                                                     {"api_url", set_api_url},
                                                     {"private_network", set_private_network}};
    return kSettings;
}

std::vector<std::string_view> missing_settings(const ForgeConfig& forge) {
    std::vector<std::string_view> missing;
    if (forge.name.empty()) missing.push_back("name");
    if (forge.kind.empty()) missing.push_back("kind");
    if (forge.web_url.empty() && has_web(forge)) missing.push_back("web_url");
    if (forge.api_url.empty()) missing.push_back("api_url");
    return missing;
}

}  // namespace heddle
