// SPDX-License-Identifier: Apache-2.0
#include "workflows/definition/source_text.hpp"

#include <algorithm>
#include <utility>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

// Many times the largest file in the field. yaml-cpp scans an unclosed "[" ahead to the end of the file and
// keeps what it finds: at this size that costs 35 MiB, at 1 MiB it would be 280.
constexpr std::size_t kLargestText = std::size_t{128} * 1024;

unsigned char byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

bool is_continuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

/// Length of the well-formed UTF-8 sequence at `at`, 0 when there is none (RFC 3629: no overlong forms, no
/// surrogates, nothing beyond U+10FFFF).
std::size_t sequence_length(std::string_view text, std::size_t at) {
    const unsigned char lead = byte_at(text, at);
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (at + length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if (!is_continuation(byte_at(text, at + i))) return 0;
    const unsigned char second = byte_at(text, at + 1);
    if (lead == 0xE0 && second < 0xA0) return 0;
    if (lead == 0xED && second > 0x9F) return 0;
    if (lead == 0xF0 && second < 0x90) return 0;
    if (lead == 0xF4 && second > 0x8F) return 0;
    return length;
}

/// YAML's set of characters that a file may not hold as they are.
bool is_forbidden(std::string_view character) {
    const unsigned char lead = byte_at(character, 0);
    if (character.size() == 1) return (lead < 0x20 && lead != '\t' && lead != '\n') || lead == 0x7F;
    if (lead == 0xC2) return byte_at(character, 1) < 0xA0 && byte_at(character, 1) != 0x85;
    return character == "\xEF\xBB\xBF" || character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF";
}

std::optional<std::string> objection_to(std::string_view text, std::size_t at, std::size_t length) {
    if (length == 0) return "the file is not UTF-8: " + quoted(text.substr(at, 1)) + " begins no character";
    const std::string_view character = text.substr(at, length);
    if (character == "\r") {
        if (at + 1 < text.size() && text[at + 1] == '\n') return std::nullopt;
        return "a line ends in a carriage return alone: use line feeds";
    }
    if (!is_forbidden(character)) return std::nullopt;
    return "the control character " + quoted(character) + " can't stand in a workflow file";
}

}  // namespace

Place PlaceFinder::at(std::size_t offset) {
    offset = std::min(offset, text_.size());
    if (offset < offset_) go_back_to_line_of(offset);
    for (; offset_ < offset; ++offset_) {
        if (text_[offset_] == '\n') {
            ++place_.line;
            place_.column = 1;
        } else if (!is_continuation(byte_at(text_, offset_))) {
            ++place_.column;
        }
    }
    return place_;
}

void PlaceFinder::go_back_to_line_of(std::size_t offset) {
    const std::size_t begin = static_cast<std::size_t>(line_around(text_, offset).data() - text_.data());
    const auto line_ends = std::count(text_.begin() + static_cast<std::ptrdiff_t>(begin),
                                      text_.begin() + static_cast<std::ptrdiff_t>(offset_),
                                      '\n');
    offset_ = begin;
    place_ = Place{place_.line - static_cast<int>(line_ends), 1};
}

Problem PlaceFinder::problem(std::size_t offset, std::string message) {
    const Place place = at(offset);
    return {place.line, place.column, std::move(message)};
}

std::string_view line_around(std::string_view text, std::size_t offset) {
    offset = std::min(offset, text.size());
    const std::size_t before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    return text.substr(begin, text.find_first_of("\r\n", begin) - begin);
}

std::string_view without_byte_order_mark(std::string_view text) {
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

std::optional<Problem> why_not_text(std::string_view text) {
    if (text.size() > kLargestText)
        return Problem{0, 0, "the file is larger than " + std::to_string(kLargestText / 1024) + " KiB"};
    text = without_byte_order_mark(text);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = sequence_length(text, at);
        if (auto objection = objection_to(text, at, length)) return PlaceFinder(text).problem(at, *objection);
        at += length;
    }
    return std::nullopt;
}

}  // namespace heddle
