// SPDX-License-Identifier: Apache-2.0
#include "app/cli/id_argument.hpp"

#include <CLI/CLI.hpp>
#include <charconv>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

bool is_id(const std::string& text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && value > 0;
}

}  // namespace

void add_id_argument(CLI::App* verb, std::int64_t& id, const std::string& thing) {
    verb->add_option("id", id, "number of the " + thing)
        ->check([thing](const std::string& text) {
            return is_id(text) ? std::string() : heddle::quoted(text) + " is not the number of a " + thing;
        })
        ->type_name("ID")
        ->required();
}

}  // namespace heddle
