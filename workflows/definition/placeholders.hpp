// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace heddle {

struct ScmEvent;

/// What the five placeholders of a workflow file stand for (reference 5.5).
struct PlaceholderValues {
    std::string organization;
    std::string repository;
    std::string pr_number;
    std::string commit_sha;
    std::string label;
};

/// The values of an event; absent ones as on OBS: NO_PR_NUMBER, else empty.
PlaceholderValues placeholder_values(const ScmEvent& event);

/// Values that are good names everywhere, to check a file without an event.
PlaceholderValues sample_placeholder_values();

/// A text whose placeholders are replaced by markers of the same length, so that the values of an event are
/// never read as YAML: they go into the parsed scalars only. Markers are built around characters that the
/// text holds neither as such nor as an escape, so nothing in it can be taken for one.
class MarkedText {
public:
    struct Unknown {
        std::size_t offset = 0;  // in the text
        std::string name;
    };

    explicit MarkedText(std::string_view original);

    /// As long as the original, with the same line ends.
    const std::string& text() const { return text_; }

    /// No scalar and no file gets longer than this by its values: a file of 128 KiB has room for 16,000
    /// labels.
    static constexpr std::size_t kLargestFilled = std::size_t{1024} * 1024;

    /// A parsed scalar with values for markers and "%" for "%%"; cut soon after kLargestFilled bytes. What
    /// stands for an unknown placeholder is a good name: it is reported once, as what it is.
    std::string fill(std::string_view scalar, const PlaceholderValues& values) const;

    /// The unknown placeholders inside of a scalar that begins at `offset` of the text.
    std::vector<Unknown> unknown_in(std::string_view scalar, std::size_t offset) const;

private:
    std::size_t mark(std::string_view original, std::size_t at);

    std::string text_;
    std::string known_;    // the character that begins a marker for one of the five
    std::string unknown_;  // ... for any other name in %{...}
    std::vector<Unknown> unknowns_;
};

/// The sentence about %{name}, with a hint where a known one is near.
std::string about_unknown_placeholder(std::string_view name);

}  // namespace heddle
