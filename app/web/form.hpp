// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/http/http_message.hpp"

namespace heddle {

/// The fields of a form that a browser sent.
class Form {
public:
    /// Reads application/x-www-form-urlencoded (WHATWG URL, section 5.1). nullopt: the body is of another
    /// type, or has more than a hundred fields.
    static std::optional<Form> read(const ServerRequest& request);

    /// The first field of that name; empty: there is none.
    std::string field(std::string_view name) const;

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

}  // namespace heddle
