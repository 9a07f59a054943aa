// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace heddle {

/// One line of the log for machines and people: what happened, then name=value with one space between. A
/// value that is more than one plain word stands in double quotes, with '"' and '\' behind a '\' and nothing
/// in it that is no visible character: a stranger's text can't begin a field or a line. It is cut after 500
/// bytes.
class LogLine {
public:
    /// `what` and the names of fields are our own words: [a-z_]+.
    explicit LogLine(std::string_view what) : text_(what) {}

    LogLine& add(std::string_view name, std::string_view value);
    template <class Number>
    requires std::is_integral_v<Number> LogLine& add(std::string_view name, Number value) {
        return add_plain(name, std::to_string(value));
    }
    /// Not known: no field.
    template <class Value>
    LogLine& add(std::string_view name, const std::optional<Value>& value) {
        return value ? add(name, *value) : *this;
    }

    const std::string& text() const { return text_; }

private:
    LogLine& add_plain(std::string_view name, std::string_view value);

    std::string text_;
};

}  // namespace heddle
