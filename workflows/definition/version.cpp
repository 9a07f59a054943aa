// SPDX-License-Identifier: Apache-2.0
#include "workflows/definition/version.hpp"

namespace heddle {
namespace {

/// The first segment as a number without leading zeros: empty for zero. May be of any length.
std::string_view take_number(std::string_view& version) {
    const std::size_t dot = version.find('.');
    const std::string_view segment = version.substr(0, dot);
    version.remove_prefix(dot == std::string_view::npos ? version.size() : dot + 1);
    const std::size_t first = segment.find_first_not_of('0');
    return first == std::string_view::npos ? std::string_view() : segment.substr(first);
}

}  // namespace

bool is_version(std::string_view text) {
    const bool dots_are_between = !text.empty() && text.front() != '.' && text.back() != '.' &&
                                  text.find("..") == std::string_view::npos;
    return dots_are_between && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool has_merge_request_alias(std::string_view version) {
    const std::string_view major = take_number(version);
    if (major != "1") return !major.empty();
    return !take_number(version).empty();
}

}  // namespace heddle
