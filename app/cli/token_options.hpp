// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/cli/arguments.hpp"
#include "app/config/config.hpp"

namespace heddle {

struct TokenSecrets {
    std::string secret;      // of the webhook; empty: none was given
    std::string credential;  // of the forge; empty: none was given
};

/// What the files of --secret-file and --scm-token-file hold. Throws WrongUse.
TokenSecrets read_token_secrets(const TokenArguments& arguments);

/// Throws WrongUse for values that no token can have, for options that don't go together and, of `create`,
/// for missing ones.
void check_options(const TokenArguments& arguments);

/// A credential goes over the network: the forge must lie behind it, one behind ssh wants a private key, and
/// no other does. Throws WrongUse.
void check_fits_forge(const std::string& credential, const ForgeConfig& forge);

/// Only workflow tokens have a forge, a credential and a configuration. Throws WrongUse.
void check_fits_kind(const TokenArguments& arguments, const std::string& kind);

/// The options that `edit` was given, for the audit log.
std::vector<std::string> changed_options(const TokenArguments& arguments);

}  // namespace heddle
