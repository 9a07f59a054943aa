// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace heddle {

/// A stranger's text as it may stand in a page: one line of valid UTF-8. Control characters become spaces or
/// U+FFFD, and so do those that turn the direction of text around and could make it read as something else.
/// Spaces at its start stay. Cut with "..." behind `longest` bytes. HTML is escaped elsewhere, by the
/// templates.
std::string shown_text(std::string_view text, std::size_t longest = 4096);

/// The same line by line, in the order of the text; a '\r' before a line's end belongs to the end.
std::vector<std::string> shown_lines(std::string_view text);

/// `text` in %-encoding, to stand between '/' or as a value of a query (RFC 3986).
std::string url_part(std::string_view text);

/// `url` when it leads to a place below `origin`, else nothing: a payload must not choose where our links go.
/// An empty `origin` allows none.
std::string link_below(const std::string& origin, const std::string& url);

}  // namespace heddle
