// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

namespace heddle {

class SecretBox;

/// A key that a program shows to us (`heddle key`). The key itself is stored nowhere, only its keyed digest.
struct ApiKey {
    std::int64_t id = 0;
    std::string name;        // for people
    std::string scope;       // build-events
    std::string project;     // good for this project and those below it; empty: for all
    std::string login;       // of the user it belongs to; empty: nobody's
    std::string created_at;  // RFC 3339, UTC
    std::string used_at;     // to the minute; empty: never
};

struct NewApiKey {
    std::string name;
    std::string scope = "build-events";
    std::string project;
    std::optional<std::int64_t> user_id;
};

struct MadeApiKey {
    std::int64_t id = 0;
    std::string key;  // to be told once
};

MadeApiKey create_api_key(pqxx::transaction_base& tx, const SecretBox& box, const NewApiKey& key);

/// By id.
std::vector<ApiKey> list_api_keys(pqxx::transaction_base& tx);

/// False: there is none of that id.
bool delete_api_key(pqxx::transaction_base& tx, std::int64_t id);

/// The key that a program showed, if it is of that scope and its user is active. Notes that it was used, at
/// most once a minute.
std::optional<ApiKey> use_api_key(pqxx::transaction_base& tx,
                                  const SecretBox& box,
                                  const std::string& scope,
                                  const std::string& key);

}  // namespace heddle
