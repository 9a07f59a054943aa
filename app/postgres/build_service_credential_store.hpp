// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

namespace heddle {

class SecretBox;

/// A login at an Open Build Service, in clear.
struct BuildServiceCredential {
    std::optional<std::string> executor;  // login of the user whose steps ask with it; absent: the instance's
    std::string origin;                   // where it may go (credential_origin())
    std::string account;                  // name there
    std::string password;
};

/// The same as it is shown: the password stays where it is.
struct ListedBuildServiceCredential {
    std::optional<std::string> executor;
    bool active = true;  // the executor is
    std::string origin;
    std::string account;
    std::string created_at;  // RFC 3339, UTC
    std::string changed_at;
};

/// Seals and keeps a login, in place of the one that the user had. `user_id`: nullopt for the instance's;
/// `given.executor` is not looked at.
void set_build_service_credential(pqxx::transaction_base& tx,
                                  const SecretBox& box,
                                  const std::optional<std::int64_t>& user_id,
                                  const BuildServiceCredential& given);
/// False: there was none.
bool clear_build_service_credential(pqxx::transaction_base& tx, const std::optional<std::int64_t>& user_id);

/// The executor's own, or the instance's for nullopt. None of an executor who is not active. Throws as
/// SecretBox::open().
std::optional<BuildServiceCredential> find_build_service_credential(
    pqxx::transaction_base& tx, const SecretBox& box, const std::optional<std::string>& executor);

/// The instance's first, then by executor.
std::vector<ListedBuildServiceCredential> list_build_service_credentials(pqxx::transaction_base& tx);

}  // namespace heddle
