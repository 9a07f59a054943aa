// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <pqxx/pqxx>
#include <string>
#include <vector>

namespace heddle {

/// Who may change projects of a build service with the one account that executors share there (design,
/// section 9).
struct GrantHolder {
    enum class Kind { User, Group } kind = Kind::User;
    std::int64_t id = 0;
};

/// May that user change the project: has he, or a group of his, a grant for it or for a project above it?
/// "home:ann" is good for "home:ann" and "home:ann:x", not for "home:anna". False for who is not active.
bool has_project_grant(pqxx::transaction_base& tx, const std::string& login, const std::string& project);

/// Who may, in order of the alphabet.
std::vector<std::string> who_may_change(pqxx::transaction_base& tx, const std::string& project);
/// Was anything granted to anybody?
bool has_any_grant(pqxx::transaction_base& tx);

/// False: it was granted already.
bool grant_project(pqxx::transaction_base& tx, const GrantHolder& holder, const std::string& prefix);
/// False: it was not granted.
bool revoke_project(pqxx::transaction_base& tx, const GrantHolder& holder, const std::string& prefix);

/// The holder's own grants, in order of the alphabet.
std::vector<std::string> granted_projects(pqxx::transaction_base& tx, const GrantHolder& holder);

}  // namespace heddle
