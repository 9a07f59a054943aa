// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace heddle {

/// What a template is filled with. Every text passes shown_text() on its way in and is escaped on its way
/// out, so a page can't be made with a stranger's text in another way.
class Values {
public:
    using List = std::vector<Values>;

    /// An empty text is false in a section.
    Values& text(const std::string& name, std::string_view value);
    Values& number(const std::string& name, std::int64_t value);
    Values& flag(const std::string& name, bool value);
    /// The template sees `name` once per item; an empty list is false.
    Values& list(const std::string& name, List items);
    /// A word of ours (a state of a run, build, status, step or delivery) as `name`, and its tone (good, bad,
    /// busy, plain) as `name`_tone.
    Values& state(const std::string& name, std::string_view word);

    using Value = std::variant<bool, std::string, List>;
    const std::vector<std::pair<std::string, Value>>& all() const { return all_; }

private:
    std::vector<std::pair<std::string, Value>> all_;
};

/// Fills the built-in template of that name ("runs" for runs.mustache). Throws std::logic_error when there is
/// none or it is broken.
std::string render(const std::string& name, const Values& values);

}  // namespace heddle
