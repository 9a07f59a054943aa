// SPDX-License-Identifier: Apache-2.0
#include "app/config/load_config.hpp"

#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>

#include "app/config/check_together.hpp"
#include "app/config/environment_names.hpp"
#include "app/config/forge_kinds.hpp"
#include "app/config/placed_problems.hpp"
#include "app/config/read_forges.hpp"
#include "app/config/settings.hpp"

namespace heddle {
namespace {

constexpr const char* kDefaultFile = "/etc/heddle/heddle.yml";
// yaml-cpp's memory grows with the text by a factor of hundreds.
constexpr std::size_t kMostBytes = 64 * 1024;

using Problems = std::vector<ConfigProblem>;

class Reader {
public:
    Reader(const std::string& file, const std::string& text, Config& config, Problems& problems)
        : config_(config), problems_(file, text, problems) {}

    void read(const std::string& text) {
        try {
            const std::vector<YAML::Node> documents = YAML::LoadAll(text);
            if (documents.size() > 1)
                return problems_.add(documents[1].Mark(), "there is more than one document");
            if (!documents.empty() && !documents[0].IsNull()) read_top(documents[0]);
        } catch (const YAML::Exception& error) {
            problems_.add(error.mark, "this is not YAML: " + error.msg);
        }
    }

private:
    void read_top(const YAML::Node& top) {
        if (!top.IsMap()) return problems_.add(top.Mark(), "the configuration must be a mapping of sections");
        std::set<std::string> seen;
        for (const auto& entry : top) {
            const std::string name = problems_.name_of(entry.first, seen);
            if (name.empty()) continue;
            if (const Setting* setting = find("", name)) {
                apply(*setting, entry.second);
            } else if (name == "forges") {
                config_.forges = read_forges(entry.second, problems_);
            } else if (name.find('.') == std::string::npos && is_section(name)) {
                read_section(name, entry.second);
            } else {
                problems_.add(entry.first.Mark(), "unknown key " + name + "; known are " + known(""));
            }
        }
    }

    void read_section(const std::string& section, const YAML::Node& node) {
        if (node.IsNull()) return;
        if (!node.IsMap()) return problems_.add(node.Mark(), section + " must be a mapping");
        std::set<std::string> seen;
        for (const auto& entry : node) {
            const std::string name = problems_.name_of(entry.first, seen);
            if (name.empty()) continue;
            if (const Setting* setting = find(section, name))
                apply(*setting, entry.second);
            else if (name.find('.') == std::string::npos && is_section(section + "." + name))
                read_section(section + "." + name, entry.second);
            else
                problems_.add(entry.first.Mark(),
                              "unknown key " + section + "." + name + "; known are " + known(section));
        }
    }

    void apply(const Setting& setting, const YAML::Node& node) {
        const std::string name = name_of(setting);
        if (!node.IsScalar()) return problems_.add(node.Mark(), name + " must be a single value");
        config_.places[name] = problems_.place_of(node.Mark());
        if (const auto wrong = apply_setting(setting, config_, node.Scalar()))
            problems_.add(node.Mark(), name + " " + *wrong);
    }

    static const Setting* find(std::string_view section, std::string_view key) {
        for (const Setting& setting : settings())
            if (setting.section == section && setting.key == key) return &setting;
        return nullptr;
    }

    static bool is_section(const std::string& name) {
        return std::any_of(settings().begin(), settings().end(), [&name](const Setting& s) {
            return s.section == name || s.section.starts_with(name + ".");
        });
    }

    // What may stand in a section: its keys, and the sections in it. The top level's name is empty.
    static std::string known(const std::string& section) {
        const std::string front = section.empty() ? "" : section + ".";
        std::string text;
        std::set<std::string> told;
        for (const Setting& setting : settings()) {
            const std::string name = name_of(setting);
            if (!name.starts_with(front)) continue;
            const std::string word = name.substr(front.size(), name.find('.', front.size()) - front.size());
            if (told.insert(word).second) text += (text.empty() ? "" : ", ") + word;
        }
        return section.empty() ? text + ", forges" : text;
    }

    Config& config_;
    PlacedProblems problems_;
};

// Empty: there is none.
std::filesystem::path default_data_dir(const std::function<const char*(const char*)>& environment) {
    if (::geteuid() == 0) return "/var/lib/heddle";
    if (const char* data = environment("XDG_DATA_HOME"); data && *data == '/')
        return std::filesystem::path(data) / "heddle";
    const char* home = environment("HOME");
    if (!home || *home != '/') return {};
    return std::filesystem::path(home) / ".local/share/heddle";
}

void read_file(const std::string& file, Config& config, Problems& problems) {
    std::ifstream in(file, std::ios::binary);
    std::string text;
    if (in) {
        text.resize(kMostBytes + 1);
        in.read(text.data(), static_cast<std::streamsize>(text.size()));
        text.resize(static_cast<std::size_t>(in.gcount()));
    }
    if (!in.eof() && (in.fail() || in.bad())) {
        problems.push_back({file + ": the configuration can't be read: " + std::strerror(errno)});
    } else if (text.size() > kMostBytes) {
        problems.push_back({file + ": the configuration is larger than 64 KiB"});
    } else {
        config.file = file;
        Reader(file, text, config, problems).read(text);
    }
}

void read_environment(const std::function<const char*(const char*)>& environment,
                      Config& config,
                      Problems& problems) {
    for (const Setting& setting : settings()) {
        const std::string name = environment_name(setting);
        const char* value = environment(name.c_str());
        if (!value) continue;
        config.places[name_of(setting)] = name;
        if (const auto wrong = apply_setting(setting, config, value))
            problems.push_back({name + " " + *wrong});
    }
}

// What the file says about a forge that is known anyway replaces what is known.
void add_known_forges(std::vector<ForgeConfig>& forges) {
    for (const ForgeConfig& known : known_forges())
        if (std::none_of(
                forges.begin(), forges.end(), [&](const ForgeConfig& f) { return f.name == known.name; }))
            forges.push_back(known);
}

}  // namespace

LoadedConfig load_config(const std::optional<std::string>& file,
                         const std::function<const char*(const char*)>& environment,
                         const std::vector<std::string>& names) {
    LoadedConfig loaded;
    Config config;
    config.data_dir = default_data_dir(environment);
    const char* named = environment("HEDDLE_CONFIG");
    if (file)
        read_file(*file, config, loaded.problems);
    else if (named && *named)
        read_file(named, config, loaded.problems);
    else if (::access(kDefaultFile, F_OK) == 0)
        read_file(kDefaultFile, config, loaded.problems);
    read_environment(environment, config, loaded.problems);
    for (ConfigProblem& problem : unknown_variables(names, environment))
        loaded.problems.push_back(std::move(problem));
    if (config.data_dir.empty()) loaded.problems.push_back({"data_dir must be given: HOME names no folder"});
    if (config.secrets.key_file.empty()) config.secrets.key_file = config.data_dir / "secret.key";
    add_known_forges(config.forges);
    check_together(config, loaded.problems);
    if (loaded.problems.empty()) loaded.config = std::move(config);
    return loaded;
}

}  // namespace heddle
