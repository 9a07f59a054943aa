// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "workflows/model/problem.hpp"

namespace heddle {

/// Where people find something in a file: both 1-based, columns in characters.
struct Place {
    int line = 1;
    int column = 1;
};

/// Turns byte offsets of a text into places. The text must outlive it. Cheap while offsets grow
/// or go back a few lines.
class PlaceFinder {
public:
    explicit PlaceFinder(std::string_view text) : text_(text) {}

    /// Offsets behind the end mean the end.
    Place at(std::size_t offset);
    Problem problem(std::size_t offset, std::string message);

private:
    void go_back_to_line_of(std::size_t offset);

    std::string_view text_;
    std::size_t offset_ = 0;
    Place place_;
};

/// The line that holds `offset`, without its end.
std::string_view line_around(std::string_view text, std::size_t offset);

/// The text behind a byte order mark, if there is one.
std::string_view without_byte_order_mark(std::string_view text);

/// The first thing that keeps `text` from being read as a workflow file at all, whatever it says: too long,
/// broken UTF-8, control characters (PostgreSQL refuses the first two kinds, YAML the third).
std::optional<Problem> why_not_text(std::string_view text);

}  // namespace heddle
