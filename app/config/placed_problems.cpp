// SPDX-License-Identifier: Apache-2.0
#include "app/config/placed_problems.hpp"

#include <algorithm>
#include <utility>

namespace heddle {

PlacedProblems::PlacedProblems(std::string file, std::string text, std::vector<ConfigProblem>& problems)
    : file_(std::move(file)), text_(std::move(text)), problems_(problems) {}

void PlacedProblems::add(const YAML::Mark& mark, const std::string& message) {
    problems_.push_back({place_of(mark) + ": " + message});
}

std::string PlacedProblems::place_of(const YAML::Mark& mark) const {
    if (mark.line < 0 || mark.column < 0) return file_;
    return file_ + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(column(mark));
}

// yaml-cpp counts bytes; people count characters, from 1.
int PlacedProblems::column(const YAML::Mark& mark) const {
    const auto end = std::min(static_cast<std::size_t>(mark.pos), text_.size());
    const auto begin = end - std::min(end, static_cast<std::size_t>(mark.column));
    return 1 + static_cast<int>(std::count_if(text_.begin() + static_cast<std::ptrdiff_t>(begin),
                                              text_.begin() + static_cast<std::ptrdiff_t>(end),
                                              [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

std::string PlacedProblems::name_of(const YAML::Node& key, std::set<std::string>& seen) {
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

}  // namespace heddle
