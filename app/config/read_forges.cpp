// SPDX-License-Identifier: Apache-2.0
#include "app/config/read_forges.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "app/config/forge_settings.hpp"

namespace heddle {
namespace {

std::string known() {
    std::string text;
    for (const ForgeSetting& setting : forge_settings())
        text += (text.empty() ? "" : ", ") + std::string(setting.key);
    return text;
}

// The values of one forge by their keys; unknown ones are problems.
std::map<std::string, YAML::Node> values_of(const YAML::Node& entry, PlacedProblems& problems) {
    std::map<std::string, YAML::Node> values;
    std::set<std::string> seen;
    for (const auto& pair : entry) {
        const std::string name = problems.name_of(pair.first, seen);
        if (name.empty()) continue;
        const auto& settings = forge_settings();
        if (std::any_of(settings.begin(), settings.end(), [&](const auto& s) { return s.key == name; }))
            values.emplace(name, pair.second);
        else
            problems.add(pair.first.Mark(), "unknown key forges." + name + "; known are " + known());
    }
    return values;
}

ForgeConfig read_forge(const YAML::Node& entry, PlacedProblems& problems) {
    ForgeConfig forge;
    const auto values = values_of(entry, problems);
    for (const ForgeSetting& setting : forge_settings()) {
        const auto value = values.find(std::string(setting.key));
        if (value == values.end()) continue;
        const std::string name = "forges." + std::string(setting.key);
        if (!value->second.IsScalar())
            problems.add(value->second.Mark(), name + " must be a single value");
        else if (const auto wrong = setting.apply(forge, value->second.Scalar()))
            problems.add(value->second.Mark(), name + " " + *wrong);
    }
    for (const std::string_view key : missing_settings(forge))
        if (!values.contains(std::string(key)))
            problems.add(
                entry.Mark(),
                (forge.name.empty() ? "a forge" : "the forge " + forge.name) + " needs " + std::string(key));
    return forge;
}

}  // namespace

std::vector<ForgeConfig> read_forges(const YAML::Node& section, PlacedProblems& problems) {
    std::vector<ForgeConfig> forges;
    if (section.IsNull()) return forges;
    if (!section.IsSequence()) {
        problems.add(section.Mark(), "forges must be a list");
        return forges;
    }
    std::set<std::string> names;
    for (const YAML::Node& entry : section) {
        if (!entry.IsMap()) {
            problems.add(entry.Mark(), "a forge must be a mapping of " + known());
            continue;
        }
        const ForgeConfig forge = read_forge(entry, problems);
        if (!forge.name.empty() && !names.insert(forge.name).second)
            problems.add(entry.Mark(), "the forge " + forge.name + " is listed twice");
        forges.push_back(forge);
    }
    return forges;
}

}  // namespace heddle
