// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pqxx/pqxx>
#include <string>

#include "app/cli/arguments.hpp"
#include "app/postgres/token_list.hpp"

namespace heddle {

/// `token share` and `token unshare`: changes whom the token is shared with, and writes it down. Returns what
/// became of it ("token 3 is shared with user bob"). Throws WrongUse for who is not there.
std::string change_sharing(pqxx::transaction_base& tx, const TokenArguments& given, const ListedToken& token);

}  // namespace heddle
