// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <pqxx/pqxx>
#include <string>

namespace heddle {

class SecretBox;

/// Where the credentials for a forge may go: the origin of its `api_url`; of one that is a path, which takes
/// none, the path itself.
std::string credential_origin(const std::string& api_url);

/// Gives a token a credential for its forge, in place of the one it had. It is good for the forge's origin of
/// now. Throws std::logic_error when the token has no forge.
void set_credential(pqxx::transaction_base& tx,
                    const SecretBox& box,
                    std::int64_t token_id,
                    const std::string& secret);
/// The token reads only what everybody may, and reports nothing.
void clear_credential(pqxx::transaction_base& tx, std::int64_t token_id);

/// The forge's address was set: credentials given for another origin are locked, so that they go nowhere
/// until their owners confirm; those that fit (again) are unlocked.
void lock_credentials(pqxx::transaction_base& tx, std::int64_t forge_id, const std::string& api_url);

/// The owner says that the token's credential may go to the forge's origin of now. False: it was not locked.
bool confirm_credential(pqxx::transaction_base& tx, std::int64_t token_id);

}  // namespace heddle
