// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/configuration.hpp"
#include "app/cli/verbs.hpp"
#include "app/compose_accounts.hpp"
#include "app/config/forge_settings.hpp"
#include "app/config/wrong_use.hpp"
#include "app/postgres/forge_store.hpp"
#include "app/postgres/token_list.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;

/// The option of a setting, as it stands on the command line: "--web-url".
std::string option_of(std::string_view key) {
    std::string option = "--" + std::string(key);
    std::replace(option.begin(), option.end(), '_', '-');
    return option;
}

std::optional<std::string> given_value(const ForgeArguments& given, std::string_view key) {
    if (key == "name") return given.name;
    if (key == "kind") return given.kind;
    if (key == "web_url") return given.web_url;
    if (key == "api_url") return given.api_url;
    if (key == "private_network" && given.private_network) return *given.private_network ? "true" : "false";
    if (key == "known_hosts") return given.known_hosts;
    return std::nullopt;
}

/// Sets what was given. The rules are those of the configuration file.
void apply(const ForgeArguments& given, ForgeConfig& forge) {
    for (const ForgeSetting& setting : forge_settings()) {
        const auto value = given_value(given, setting.key);
        if (!value) continue;
        const std::string place = setting.key == "name" ? "the name" : option_of(setting.key);
        if (const auto wrong = setting.apply(forge, *value)) throw WrongUse(place + " " + *wrong);
    }
    for (const std::string_view key : missing_settings(forge)) throw WrongUse(option_of(key) + " is missing");
}

Forge must_find(pqxx::transaction_base& tx, const std::string& name) {
    auto forge = find_forge(tx, name);
    if (!forge) throw WrongUse("there is no forge " + heddle::quoted(name) + ": see `heddle forge list`");
    return std::move(*forge);
}

Forge must_find_own(pqxx::transaction_base& tx, const std::string& name) {
    Forge forge = must_find(tx, name);
    if (forge.configured)
        throw WrongUse("the forge " + name + " comes from the configuration and is changed there");
    return forge;
}

json to_json(const Forge& forge) {
    const ForgeConfig& settings = forge.settings;
    return {{"name", settings.name},
            {"kind", settings.kind},
            {"web_url", settings.web_url.empty() ? json(nullptr) : json(settings.web_url)},
            {"api_url", settings.api_url},
            {"private_network", settings.private_network},
            {"known_hosts", settings.known_hosts.empty() ? json(nullptr) : json(settings.known_hosts)},
            {"configured", forge.configured},
            {"tokens", forge.tokens}};
}

std::string dump(const json& value) {
    return value.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

int list(Accounts& accounts, bool as_json) {
    const auto forges = in_transaction(accounts.pool(), [](pqxx::work& tx) { return list_forges(tx); });
    json all = json::array();
    for (const Forge& forge : forges) {
        all.push_back(to_json(forge));
        if (!as_json)
            std::cout << std::left << std::setw(16) << forge.settings.name << "  " << std::setw(8)
                      << forge.settings.kind << one_line(forge.settings.api_url)
                      << (forge.settings.private_network ? "  private network" : "")
                      << (forge.configured ? "  (configuration)" : "") << '\n';
    }
    if (as_json) std::cout << dump(all);
    return 0;
}

int show(Accounts& accounts, const std::string& name, bool as_json) {
    const Forge forge = in_transaction(accounts.pool(), [&](pqxx::work& tx) { return must_find(tx, name); });
    if (as_json) {
        std::cout << dump(to_json(forge));
        return 0;
    }
    const ForgeConfig& settings = forge.settings;
    std::cout << settings.name << "\n  kind             " << settings.kind << "\n  web_url          "
              << (settings.web_url.empty() ? "none" : settings.web_url) << "\n  api_url          "
              << one_line(settings.api_url) << "\n  private_network  "
              << (settings.private_network ? "true" : "false") << "\n  known_hosts      "
              << (settings.known_hosts.empty() ? "none" : settings.known_hosts) << "\n  comes from       "
              << (forge.configured ? "the configuration" : "`heddle forge create`") << "\n  tokens           "
              << forge.tokens << '\n';
    return 0;
}

int create(Accounts& accounts, const ForgeArguments& given, bool as_json) {
    ForgeConfig forge;
    apply(given, forge);
    in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        if (!create_forge(tx, forge)) throw WrongUse("there is a forge " + forge.name + " already");
        record_change(tx,
                      audit_entry("forge.create", "forge " + forge.name, forge.kind + " " + forge.api_url));
    });
    if (as_json) return show(accounts, forge.name, as_json);
    std::cout << "forge " << forge.name << " is there\n";
    return 0;
}

auto count_locked(const std::vector<ListedToken>& tokens, const std::string& forge) {
    return std::count_if(tokens.begin(), tokens.end(), [&](const ListedToken& token) {
        return token.forge == forge && token.credential == ListedToken::Credential::Locked;
    });
}

int edit(Accounts& accounts, const ForgeArguments& given, bool as_json) {
    if (!given.web_url && !given.api_url && !given.private_network && !given.known_hosts)
        throw WrongUse("nothing to change: `heddle forge edit --help` tells what can be");
    const auto locked = in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        Forge forge = must_find_own(tx, given.name);
        apply(given, forge.settings);
        change_forge(tx, forge.id, forge.settings);
        record_change(tx, audit_entry("forge.edit", "forge " + given.name, forge.settings.api_url));
        return count_locked(list_tokens(tx), given.name);
    });
    if (as_json) return show(accounts, given.name, as_json);
    std::cout << "forge " << given.name << " is changed\n";
    if (locked > 0)
        std::cout << "credentials that were given for another address and are locked: " << locked
                  << " (see `heddle token list`)\n";
    return 0;
}

int remove(Accounts& accounts, const std::string& name, bool as_json) {
    in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        const Forge forge = must_find_own(tx, name);
        if (!delete_forge(tx, forge.id))
            throw WrongUse("the forge " + name +
                           " is in use: tokens are made for it, or events came from it");
        record_change(tx, audit_entry("forge.delete", "forge " + name));
    });
    if (as_json)
        std::cout << json{{"name", name}, {"deleted", true}}.dump() << '\n';
    else
        std::cout << "forge " << name << " is deleted\n";
    return 0;
}

}  // namespace

int run_forge(const GlobalArguments& global, const ForgeArguments& arguments) {
    Accounts accounts(read_configuration(global), global.try_repository);
    using Action = ForgeArguments::Action;
    switch (arguments.action) {
        case Action::List: return list(accounts, global.json);
        case Action::Show: return show(accounts, arguments.name, global.json);
        case Action::Create: return create(accounts, arguments, global.json);
        case Action::Edit: return edit(accounts, arguments, global.json);
        case Action::Delete: return remove(accounts, arguments.name, global.json);
    }
    throw std::logic_error("unknown ForgeArguments::Action");
}

}  // namespace heddle
