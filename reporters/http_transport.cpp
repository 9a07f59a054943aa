// SPDX-License-Identifier: Apache-2.0
#include "reporters/http_transport.hpp"

#include <algorithm>
#include <string_view>

namespace heddle {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
    return std::equal(
        a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string header_of(const HttpResponse& response, const std::string& name) {
    for (const auto& [present, value] : response.headers)
        if (same_name(present, name)) return value;
    return {};
}

}  // namespace heddle
