// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/build_anchor.hpp"

#include <string_view>

namespace heddle {
namespace {

bool stays(char c) {
    const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return alphanumeric || std::string_view("-._~/:+").find(c) != std::string_view::npos;
}

}  // namespace

std::string build_anchor(const PackageRef& package,
                         const std::string& repository,
                         const std::string& architecture) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    std::string anchor;
    for (const char c : to_string(package) + "/" + repository + "/" + architecture) {
        if (stays(c)) {
            anchor += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        anchor += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
    return anchor;
}

}  // namespace heddle
