// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/flags.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace heddle {
namespace {

constexpr std::array<std::string_view, 8> kTypes{
    "lock", "build", "publish", "debuginfo", "useforbuild", "binarydownload", "sourceaccess", "access"};

bool fits(const std::string& of_flag, const std::string& wanted) {
    return of_flag.empty() || of_flag == wanted;
}

int specificity(const Flag& flag) {
    return (flag.architecture.empty() ? 0 : 2) + (flag.repository.empty() ? 0 : 1);
}

std::optional<bool> word_of(const std::vector<Flag>& flags,
                            std::string_view type,
                            const std::string& repository,
                            const std::string& architecture) {
    const Flag* best = nullptr;
    for (const Flag& flag : flags) {
        if (flag.type != type || !fits(flag.repository, repository) || !fits(flag.architecture, architecture))
            continue;
        if (!best || specificity(flag) > specificity(*best)) best = &flag;
    }
    return best ? std::optional<bool>(best->enabled) : std::nullopt;
}

}  // namespace

bool is_on(const Flags& flags,
           std::string_view type,
           const std::string& repository,
           const std::string& architecture) {
    if (const auto word = word_of(flags.of_package, type, repository, architecture)) return *word;
    if (const auto word = word_of(flags.of_project, type, repository, architecture)) return *word;
    return type != "lock" && type != "debuginfo";
}

bool is_locked(const Flags& flags) { return is_on(flags, "lock", "", ""); }

bool is_flag_type(std::string_view type) {
    return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

}  // namespace heddle
