// SPDX-License-Identifier: Apache-2.0
#include "app/config/environment_names.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <regex>
#include <string_view>

#include "app/config/settings.hpp"

namespace heddle {
namespace {

constexpr std::string_view kOurs = "HEDDLE_";

constexpr std::array<std::string_view, 11> kNoKeys{"HEDDLE_CONFIG",
                                                   "HEDDLE_PROJECT",  // these five: what a recipe is told
                                                   "HEDDLE_PACKAGE",
                                                   "HEDDLE_REPOSITORY",
                                                   "HEDDLE_ARCHITECTURE",
                                                   "HEDDLE_COMMIT",
                                                   "HEDDLE_PROGRAM",  // these four: ./dev and the tests
                                                   "HEDDLE_SEED",
                                                   "HEDDLE_SHARED",
                                                   "HEDDLE_TOUR",
                                                   "HEDDLE_VERSION"};  // what images like to carry

bool is_of_a_service(const std::string& name, std::string_view value) {
    static const std::regex kService(
        "HEDDLE_([A-Z0-9_]+_)?(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?)|"
        "HEDDLE_ENV_.+");
    static const std::regex kPort("HEDDLE_([A-Z0-9_]+_)?PORT");
    if (std::regex_match(name, kService)) return true;
    if (name == "HEDDLE_NAME") return value.starts_with('/');
    // HEDDLE_SERVER_PORT=80 is somebody's guess at a key, "tcp://10.0.0.7:80" is not.
    return std::regex_match(name, kPort) && value.find("://") != std::string_view::npos;
}

// How many letters must be added, taken away or changed (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row.back();
}

// Those of the section that the name begins with; of no section: the nearest one.
std::string known_instead(const std::string& name, const std::vector<std::string>& keys) {
    std::string of_section;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const Setting& setting = settings()[i];
        const std::string front = keys[i].substr(0, keys[i].size() - setting.key.size());
        if (!setting.section.empty() && name.starts_with(front))
            of_section += (of_section.empty() ? "" : ", ") + keys[i];
    }
    if (!of_section.empty()) return "known are " + of_section;
    return "the nearest known is " +
           *std::min_element(keys.begin(), keys.end(), [&](const std::string& a, const std::string& b) {
               return distance(name, a) < distance(name, b);
           });
}

}  // namespace

std::vector<ConfigProblem> unknown_variables(const std::vector<std::string>& names,
                                             const std::function<const char*(const char*)>& environment) {
    std::vector<std::string> keys;
    for (const Setting& setting : settings()) keys.push_back(environment_name(setting));
    std::vector<ConfigProblem> problems;
    for (const std::string& name : names) {
        if (!name.starts_with(kOurs) || std::find(keys.begin(), keys.end(), name) != keys.end() ||
            std::find(kNoKeys.begin(), kNoKeys.end(), name) != kNoKeys.end())
            continue;
        const char* value = environment(name.c_str());
        if (is_of_a_service(name, value ? value : "")) continue;
        problems.push_back({"unknown variable " + name + "; " + known_instead(name, keys)});
    }
    return problems;
}

}  // namespace heddle
