// SPDX-License-Identifier: Apache-2.0
#include "app/web/form.hpp"

#include <algorithm>

namespace heddle {
namespace {

constexpr std::size_t kMostFields = 100;

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string decode(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool escaped =
            text[at] == '%' && at + 2 < text.size() && digit(text[at + 1]) >= 0 && digit(text[at + 2]) >= 0;
        if (escaped) {
            out += static_cast<char>(digit(text[at + 1]) * 16 + digit(text[at + 2]));
            at += 2;
        } else {
            out += text[at] == '+' ? ' ' : text[at];
        }
    }
    return out;
}

}  // namespace

std::optional<Form> Form::read(const ServerRequest& request) {
    constexpr std::string_view kType = "application/x-www-form-urlencoded";
    const std::string type = request.header("Content-Type");
    if (type.substr(0, type.find(';')) != kType) return std::nullopt;
    Form form;
    for (std::string_view rest = request.body; !rest.empty();) {
        const std::string_view field = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(field.size() + 1, rest.size()));
        const std::size_t equals = std::min(field.find('='), field.size());
        form.fields_.emplace_back(decode(field.substr(0, equals)),
                                  decode(field.substr(std::min(equals + 1, field.size()))));
        if (form.fields_.size() > kMostFields) return std::nullopt;
    }
    return form;
}

std::string Form::field(std::string_view name) const {
    for (const auto& [key, value] : fields_)
        if (key == name) return value;
    return {};
}

}  // namespace heddle
