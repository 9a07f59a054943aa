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

#include "app/config/settings.hpp"

namespace heddle {
namespace {

constexpr const char* kDefaultFile = "/etc/heddle/heddle.yml";
// yaml-cpp's memory grows with the text by a factor of hundreds.
constexpr std::size_t kMostBytes = 64 * 1024;

using Problems = std::vector<ConfigProblem>;

class Reader {
public:
    Reader(std::string file, Config& config, Problems& problems)
        : file_(std::move(file)), config_(config), problems_(problems) {}

    void read(const std::string& text) {
        text_ = text;
        try {
            const std::vector<YAML::Node> documents = YAML::LoadAll(text);
            if (documents.size() > 1) return add(documents[1].Mark(), "there is more than one document");
            if (!documents.empty() && !documents[0].IsNull()) read_top(documents[0]);
        } catch (const YAML::Exception& error) {
            add(error.mark, "this is not YAML: " + error.msg);
        }
    }

private:
    void add(const YAML::Mark& mark, const std::string& message) {
        const bool placed = mark.line >= 0 && mark.column >= 0;
        problems_.push_back(
            {file_ + ":" +
             (placed ? std::to_string(mark.line + 1) + ":" + std::to_string(column(mark)) + ":" : "") + " " +
             message});
    }

    // yaml-cpp counts bytes; people count characters, from 1.
    int column(const YAML::Mark& mark) const {
        const auto end = std::min(static_cast<std::size_t>(mark.pos), text_.size());
        const auto begin = end - std::min(end, static_cast<std::size_t>(mark.column));
        return 1 + static_cast<int>(std::count_if(text_.begin() + static_cast<std::ptrdiff_t>(begin),
                                                  text_.begin() + static_cast<std::ptrdiff_t>(end),
                                                  [](unsigned char c) { return (c & 0xC0) != 0x80; }));
    }

    void read_top(const YAML::Node& top) {
        if (!top.IsMap()) return add(top.Mark(), "the configuration must be a mapping of sections");
        std::set<std::string> seen;
        for (const auto& entry : top) {
            const std::string name = name_of(entry.first, seen);
            if (name.empty()) continue;
            if (const Setting* setting = find("", name)) {
                apply(*setting, entry.second);
            } else if (is_section(name)) {
                read_section(name, entry.second);
            } else {
                add(entry.first.Mark(), "unknown key " + name + "; known are " + known(""));
            }
        }
    }

    void read_section(const std::string& section, const YAML::Node& node) {
        if (node.IsNull()) return;
        if (!node.IsMap()) return add(node.Mark(), section + " must be a mapping");
        std::set<std::string> seen;
        for (const auto& entry : node) {
            const std::string name = name_of(entry.first, seen);
            if (name.empty()) continue;
            if (const Setting* setting = find(section, name))
                apply(*setting, entry.second);
            else
                add(entry.first.Mark(),
                    "unknown key " + section + "." + name + "; known are " + known(section));
        }
    }

    // Empty: it was no usable key, and a problem says so.
    std::string name_of(const YAML::Node& key, std::set<std::string>& seen) {
        if (!key.IsScalar() || key.Scalar().empty()) {
            add(key.Mark(), "a key must be a word");
            return {};
        }
        if (!seen.insert(key.Scalar()).second) {
            add(key.Mark(), "the key " + key.Scalar() + " is given twice");
            return {};
        }
        return key.Scalar();
    }

    void apply(const Setting& setting, const YAML::Node& node) {
        const std::string name =
            (setting.section.empty() ? "" : std::string(setting.section) + ".") + std::string(setting.key);
        if (!node.IsScalar()) return add(node.Mark(), name + " must be a single value");
        if (const auto wrong = apply_setting(setting, config_, node.Scalar()))
            add(node.Mark(), name + " " + *wrong);
    }

    static const Setting* find(std::string_view section, std::string_view key) {
        for (const Setting& setting : settings())
            if (setting.section == section && setting.key == key) return &setting;
        return nullptr;
    }

    static bool is_section(std::string_view name) {
        return std::any_of(
            settings().begin(), settings().end(), [name](const Setting& s) { return s.section == name; });
    }

    // Of a section its keys, of the top level its keys and the sections.
    static std::string known(std::string_view section) {
        std::string text;
        std::set<std::string_view> told;
        for (const Setting& setting : settings()) {
            if (!section.empty() && setting.section != section) continue;
            const std::string_view word =
                section.empty() && !setting.section.empty() ? setting.section : setting.key;
            if (told.insert(word).second) text += (text.empty() ? "" : ", ") + std::string(word);
        }
        return text;
    }

    std::string file_;
    std::string text_;
    Config& config_;
    Problems& problems_;
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
        Reader(file, config, problems).read(text);
    }
}

void read_environment(const std::function<const char*(const char*)>& environment,
                      Config& config,
                      Problems& problems) {
    for (const Setting& setting : settings()) {
        const std::string name = environment_name(setting);
        const char* value = environment(name.c_str());
        if (!value) continue;
        if (const auto wrong = apply_setting(setting, config, value))
            problems.push_back({name + " " + *wrong});
    }
}

}  // namespace

LoadedConfig load_config(const std::optional<std::string>& file,
                         const std::function<const char*(const char*)>& environment) {
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
    if (config.data_dir.empty()) loaded.problems.push_back({"data_dir must be given: HOME names no folder"});
    if (config.secrets.key_file.empty()) config.secrets.key_file = config.data_dir / "secret.key";
    if (loaded.problems.empty()) loaded.config = std::move(config);
    return loaded;
}

}  // namespace heddle
