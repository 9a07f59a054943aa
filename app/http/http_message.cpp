// SPDX-License-Identifier: Apache-2.0
#include "app/http/http_message.hpp"

#include "app/http/header_text.hpp"

namespace heddle {

std::string ServerRequest::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (same_word(key, name)) return value;
    return {};
}

std::optional<std::string> ServerRequest::parameter(std::string_view name) const {
    for (const auto& [key, value] : query)
        if (key == name) return value;
    return std::nullopt;
}

std::string ServerRequest::cookie(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (!same_word(key, "Cookie")) continue;
        for (const std::string_view pair : split(value, ';')) {
            const auto equals = pair.find('=');
            if (equals != std::string_view::npos && trimmed(pair.substr(0, equals)) == name)
                return std::string(trimmed(pair.substr(equals + 1)));
        }
    }
    return {};
}

}  // namespace heddle
