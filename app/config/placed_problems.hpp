// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <yaml-cpp/yaml.h>

#include <set>
#include <string>
#include <vector>

#include "app/config/load_config.hpp"

namespace heddle {

/// The problems of one file, each with its line and column.
class PlacedProblems {
public:
    /// `text`: the whole file. `problems` must outlive this object.
    PlacedProblems(std::string file, std::string text, std::vector<ConfigProblem>& problems);

    void add(const YAML::Mark& mark, const std::string& message);
    /// "heddle.yml:3:5"; only the file where a mark is nowhere.
    std::string place_of(const YAML::Mark& mark) const;
    /// A mapping's key as a word. Empty: it was no usable key, or stands in `seen` already, and a problem
    /// says so.
    std::string name_of(const YAML::Node& key, std::set<std::string>& seen);

private:
    int column(const YAML::Mark& mark) const;

    std::string file_;
    std::string text_;
    std::vector<ConfigProblem>& problems_;
};

}  // namespace heddle
