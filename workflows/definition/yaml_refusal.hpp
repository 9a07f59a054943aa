// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace YAML {
class Exception;
}

namespace heddle {

/// Why a text is no YAML, or none that a workflow file may use.
struct YamlRefusal {
    std::size_t offset = 0;  // in bytes
    std::string message;
};

/// What the parser knew of the flow collection ("[" or "{") that was open when it gave up.
using OpenFlow = std::optional<std::size_t>;

/// The parser's error in our own words, at the place where a person has to look. `text` is what was parsed.
YamlRefusal explain_yaml_error(const YAML::Exception& error, std::string_view text, OpenFlow open_flow);

}  // namespace heddle
