// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

namespace heddle {

/// A token as people see it: everything but its secrets.
struct ListedToken {
    enum class Credential { None, Given, Locked };

    std::int64_t id = 0;
    std::string kind;
    std::string executor;  // login
    bool executor_active = true;
    std::string forge;  // name; empty: not bound to one yet
    std::string forge_kind;
    std::string description;
    std::string configuration_path;
    std::string configuration_url;  // empty: the file in the repository
    bool enabled = true;
    Credential credential = Credential::None;
    std::string credential_origin;    // where it may go; empty: there is none
    std::vector<std::string> users;   // logins that it is shared with
    std::vector<std::string> groups;  // names of groups that it is shared with
    std::string triggered_at;         // RFC 3339, UTC; empty: never
    std::string created_at;
};

/// By id.
std::vector<ListedToken> list_tokens(pqxx::transaction_base& tx);
/// Nothing: there is none of that id.
std::optional<ListedToken> find_listed_token(pqxx::transaction_base& tx, std::int64_t id);

}  // namespace heddle
