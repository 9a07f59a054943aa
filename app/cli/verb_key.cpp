// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/configuration.hpp"
#include "app/cli/verbs.hpp"
#include "app/compose_accounts.hpp"
#include "app/config/plain_text.hpp"
#include "app/config/wrong_use.hpp"
#include "app/postgres/api_key_store.hpp"
#include "workflows/model/names.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;

std::string name_of(std::int64_t id) { return "key " + std::to_string(id); }

int create(Accounts& accounts, const GlobalArguments& global, const KeyArguments& given) {
    if (!given.project.empty() && !is_project_name(given.project))
        throw WrongUse("--project: " + heddle::quoted(given.project) + " is no name of a project");
    if (given.name.size() > 64 || !is_plain_text(given.name))
        throw WrongUse("--name must be at most 64 printable characters");
    const MadeApiKey made = in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        const MadeApiKey key =
            create_api_key(tx, accounts.box(), {given.name, given.scope, given.project, std::nullopt});
        record_change(tx,
                      audit_entry("key.create",
                                  name_of(key.id),
                                  given.scope + (given.project.empty() ? "" : " below " + given.project)));
        return key;
    });
    if (global.json)
        std::cout << json{{"id", made.id}, {"key", made.key}}.dump() << '\n';
    else
        std::cout << made.key << '\n';
    return 0;
}

json to_json(const ApiKey& key) {
    const auto or_null = [](const std::string& text) { return text.empty() ? json(nullptr) : json(text); };
    return {{"id", key.id},
            {"name", key.name},
            {"scope", key.scope},
            {"project", or_null(key.project)},
            {"user", or_null(key.login)},
            {"created_at", key.created_at},
            {"used_at", or_null(key.used_at)}};
}

int list(Accounts& accounts, bool as_json) {
    const auto keys = in_transaction(accounts.pool(), [](pqxx::work& tx) { return list_api_keys(tx); });
    json all = json::array();
    for (const ApiKey& key : keys) {
        all.push_back(to_json(key));
        if (!as_json)
            std::printf("%6lld  %s  %s  used %s  %s\n",
                        static_cast<long long>(key.id),
                        key.scope.c_str(),
                        key.project.empty() ? "all projects" : one_line(key.project).c_str(),
                        key.used_at.empty() ? "never" : key.used_at.c_str(),
                        one_line(key.name).c_str());
    }
    if (as_json)
        std::cout << all.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
    else if (keys.empty())
        std::cout << "no keys\n";
    return 0;
}

int remove(Accounts& accounts, std::int64_t id, bool as_json) {
    in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        if (!delete_api_key(tx, id)) throw WrongUse("there is no key " + std::to_string(id));
        record_change(tx, audit_entry("key.delete", name_of(id)));
    });
    if (as_json)
        std::cout << json{{"id", id}, {"deleted", true}}.dump() << '\n';
    else
        std::cout << name_of(id) << " is deleted\n";
    return 0;
}

}  // namespace

int run_key(const GlobalArguments& global, const KeyArguments& arguments) {
    Accounts accounts(read_configuration(global), global.try_repository);
    using Action = KeyArguments::Action;
    switch (arguments.action) {
        case Action::Create: return create(accounts, global, arguments);
        case Action::List: return list(accounts, global.json);
        case Action::Delete: return remove(accounts, arguments.id, global.json);
    }
    throw std::logic_error("unknown KeyArguments::Action");
}

}  // namespace heddle
