// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heddle {

/// A stranger's text in double quotes, fit for one line of a message: control characters, those that turn a
/// line's direction around and broken UTF-8 as escapes (\n, \x1b), cut with "..." after about 80 characters.
std::string quoted(std::string_view text);

/// A stranger's text as one line of valid UTF-8 without spaces at its ends: control characters become spaces,
/// broken bytes U+FFFD, and so do controls beyond ASCII and what turns a line's direction around (a terminal
/// or a page would show the rest of it as something else).
std::string one_line(std::string_view text);

/// The text for everybody's eyes: of what looks like a file's absolute path, or is a file:// URL, only the
/// last part is left ("…/hello"), so that nobody learns how a server is laid out. Files of the distribution
/// ("/usr/bin/make") and addresses of other kinds stay.
std::string without_local_paths(std::string_view text);

/// The candidate that `word` was probably meant to be: few letters differ, no more than a third of them.
std::optional<std::string_view> closest_word(std::string_view word,
                                             const std::vector<std::string_view>& candidates);

/// "a", "a and b", "a, b and c".
std::string in_words(const std::vector<std::string>& parts);

}  // namespace heddle
