// SPDX-License-Identifier: Apache-2.0
#include "app/cli/id_argument.hpp"

#include <CLI/CLI.hpp>
#include <charconv>

#include "workflows/model/wording.hpp"

namespace heddle {

std::string why_no_id(const std::string& text, const std::string& thing) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_id = error == std::errc() && end == text.data() + text.size() && value > 0;
    return is_id ? "" : heddle::quoted(text) + " is not the number of a " + thing;
}

void add_id_argument(CLI::App* verb, std::int64_t& id, const std::string& thing) {
    verb->add_option("id", id, "number of the " + thing)
        ->check([thing](const std::string& text) { return why_no_id(text, thing); })
        ->type_name("ID")
        ->required();
}

}  // namespace heddle
