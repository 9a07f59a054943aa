// SPDX-License-Identifier: Apache-2.0
#include "app/cli/account_name.hpp"

#include <algorithm>
#include <cctype>

#include "app/config/wrong_use.hpp"

namespace heddle {

void check_account_name(const std::string& what, const std::string& name) {
    const auto is_plain = [](unsigned char c) { return c < 0x80 && std::isalnum(c); };
    const auto may_stand = [&](unsigned char c) {
        return is_plain(c) || c == '.' || c == '-' || c == '_' || c == '@' || c == '+';
    };
    if (name.empty() || name.size() > 64 || !is_plain(static_cast<unsigned char>(name.front())) ||
        !std::all_of(name.begin(), name.end(), may_stand))
        throw WrongUse(what +
                       " is 1 to 64 letters, digits and '.', '-', '_', '@', '+', a letter or digit first");
}

}  // namespace heddle
