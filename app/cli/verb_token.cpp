// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/configuration.hpp"
#include "app/cli/secret_file.hpp"
#include "app/cli/token_options.hpp"
#include "app/cli/token_sharing.hpp"
#include "app/cli/token_view.hpp"
#include "app/cli/verbs.hpp"
#include "app/compose_accounts.hpp"
#include "app/config/wrong_use.hpp"
#include "app/postgres/credential_store.hpp"
#include "app/postgres/forge_store.hpp"
#include "app/postgres/status_store.hpp"
#include "app/postgres/token_store.hpp"
#include "app/postgres/user_store.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

std::string name_of(std::int64_t id) { return "token " + std::to_string(id); }

ListedToken must_find(pqxx::transaction_base& tx, std::int64_t id) {
    auto token = find_listed_token(tx, id);
    if (!token) throw WrongUse("there is no token " + std::to_string(id));
    return std::move(*token);
}

std::int64_t must_find_executor(pqxx::transaction_base& tx, const std::string& login) {
    const auto user = find_user(tx, login);
    if (!user)
        throw WrongUse("there is no user " + heddle::quoted(login) + ": make it with `heddle user create`");
    if (!user->active) throw WrongUse("the user " + login + " is not active");
    return user->id;
}

[[noreturn]] void refuse_secret() {
    throw WrongUse("another token has this secret, and a webhook may name its token by nothing else");
}

/// The one time that a secret is told.
void tell_secret(const GlobalArguments& global,
                 const ServerConfig& server,
                 const std::string& kind,
                 std::int64_t id,
                 const std::string& secret) {
    const auto url = webhook_url(server, kind, id);
    if (global.json)
        std::cout << nlohmann::json{{"id", id},
                                    {"secret", secret},
                                    {"url", url ? nlohmann::json(*url) : nlohmann::json(nullptr)}}
                         .dump()
                  << '\n';
    else
        std::cout << name_of(id) << "\n  secret  " << secret << "  (told this once)\n  url     "
                  << url.value_or("set server.public_url to see it") << '\n';
}

int create(Accounts& accounts,
           const Config& config,
           const GlobalArguments& global,
           const TokenArguments& given) {
    const TokenSecrets secrets = read_token_secrets(given);
    NewToken token;
    token.kind = given.kind;
    token.secret = secrets.secret.empty() ? new_secret() : secrets.secret;
    token.description = given.description.value_or("");
    token.configuration_path = given.path.value_or("");
    token.configuration_url = given.configuration_url.value_or("");
    const auto id = in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        token.executor_id = must_find_executor(tx, given.executor);
        if (given.forge) {
            const auto forge = find_forge(tx, *given.forge);
            if (!forge)
                throw WrongUse("there is no forge " + heddle::quoted(*given.forge) +
                               ": see `heddle forge list`");
            if (!secrets.credential.empty()) check_fits_forge(secrets.credential, forge->settings);
            token.forge_id = forge->id;
        }
        const auto made = create_token(tx, accounts.box(), token);
        if (!made) refuse_secret();
        if (!secrets.credential.empty()) set_credential(tx, accounts.box(), *made, secrets.credential);
        record_change(tx,
                      audit_entry("token.create",
                                  name_of(*made),
                                  given.kind + " for " + given.executor +
                                      (given.forge ? " on " + *given.forge : std::string())));
        return *made;
    });
    tell_secret(global, config.server, token.kind, id, token.secret);
    return 0;
}

int list(Accounts& accounts, const Config& config, bool as_json) {
    const auto tokens = in_transaction(accounts.pool(), [](pqxx::work& tx) { return list_tokens(tx); });
    std::cout << (as_json ? to_json(config.server, tokens) : tell(tokens));
    return 0;
}

int show(Accounts& accounts, const Config& config, std::int64_t id, bool as_json) {
    const auto token = in_transaction(accounts.pool(), [&](pqxx::work& tx) { return must_find(tx, id); });
    std::cout << (as_json ? to_json(config.server, token) : tell(config.server, token));
    return 0;
}

/// What became of a token: the sentence, or the token as `show` tells it.
int tell_change(
    Accounts& accounts, const Config& config, std::int64_t id, bool as_json, const std::string& sentence) {
    if (as_json) return show(accounts, config, id, as_json);
    std::cout << sentence << '\n';
    return 0;
}

void change_credential(pqxx::transaction_base& tx,
                       const Accounts& accounts,
                       const TokenArguments& given,
                       const std::string& credential,
                       const ListedToken& token) {
    if (!credential.empty()) {
        if (token.forge.empty()) throw WrongUse(name_of(token.id) + " is not bound to a forge yet");
        check_fits_forge(credential, find_forge(tx, token.forge).value().settings);
        set_credential(tx, accounts.box(), token.id, credential);
    } else if (given.no_credential) {
        clear_credential(tx, token.id);
    }
}

int edit(Accounts& accounts, const Config& config, const TokenArguments& given, bool as_json) {
    const TokenSecrets secrets = read_token_secrets(given);
    const std::vector<std::string> changed = changed_options(given);
    in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        const ListedToken token = must_find(tx, given.id);
        check_fits_kind(given, token.kind);
        change_token(tx, given.id, {given.description, given.path, given.configuration_url, std::nullopt});
        change_credential(tx, accounts, given, secrets.credential, token);
        record_change(tx, audit_entry("token.edit", name_of(given.id), in_words(changed)));
    });
    return tell_change(accounts, config, given.id, as_json, name_of(given.id) + " is changed");
}

int set_enabled(Accounts& accounts, const Config& config, std::int64_t id, bool enabled, bool as_json) {
    in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        must_find(tx, id);
        TokenChanges changes;
        changes.enabled = enabled;
        change_token(tx, id, changes);
        if (enabled) send_what_token_missed(tx, id);
        record_change(tx, audit_entry(enabled ? "token.enable" : "token.disable", name_of(id)));
    });
    return tell_change(
        accounts, config, id, as_json, name_of(id) + (enabled ? " is enabled" : " is disabled"));
}

int rotate(Accounts& accounts,
           const Config& config,
           const GlobalArguments& global,
           const TokenArguments& given) {
    const std::string own = read_token_secrets(given).secret;
    const std::string secret = own.empty() ? new_secret() : own;
    const auto kind = in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        const ListedToken token = must_find(tx, given.id);
        if (!set_token_secret(tx, accounts.box(), given.id, secret)) refuse_secret();
        record_change(tx, audit_entry("token.rotate", name_of(given.id)));
        return token.kind;
    });
    tell_secret(global, config.server, kind, given.id, secret);
    return 0;
}

int confirm(Accounts& accounts, const Config& config, std::int64_t id, bool as_json) {
    const auto origin = in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        if (must_find(tx, id).credential != ListedToken::Credential::Locked)
            throw WrongUse(name_of(id) + " has no locked credential");
        confirm_credential(tx, id);
        send_what_token_missed(tx, id);
        const std::string now = must_find(tx, id).credential_origin;
        record_change(tx, audit_entry("token.confirm", name_of(id), "for " + now));
        return now;
    });
    return tell_change(accounts,
                       config,
                       id,
                       as_json,
                       "the credential of " + name_of(id) + " goes to " + origin + " from now on");
}

int share(Accounts& accounts, const Config& config, const TokenArguments& given, bool as_json) {
    const std::string told = in_transaction(
        accounts.pool(), [&](pqxx::work& tx) { return change_sharing(tx, given, must_find(tx, given.id)); });
    return tell_change(accounts, config, given.id, as_json, told);
}

int remove(Accounts& accounts, const TokenArguments& given, bool as_json) {
    in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        const ListedToken token = must_find(tx, given.id);
        const int unfinished = count_unfinished(tx, given.id);
        if (unfinished > 0 && !given.force)
            throw WrongUse(name_of(given.id) + " has " + std::to_string(unfinished) +
                           " runs or commit statuses that would never end: `heddle token disable " +
                           std::to_string(given.id) + "` and wait, or --force");
        delete_token(tx, given.id);
        record_change(tx,
                      audit_entry("token.delete", name_of(given.id), token.kind + " for " + token.executor));
    });
    if (as_json)
        std::cout << nlohmann::json{{"id", given.id}, {"deleted", true}}.dump() << '\n';
    else
        std::cout << name_of(given.id) << " is deleted\n";
    return 0;
}

}  // namespace

int run_token(const GlobalArguments& global, const TokenArguments& arguments) {
    check_options(arguments);
    const Config config = read_configuration(global);
    Accounts accounts(config, global.try_repository);
    using Action = TokenArguments::Action;
    switch (arguments.action) {
        case Action::Create: return create(accounts, config, global, arguments);
        case Action::List: return list(accounts, config, global.json);
        case Action::Show: return show(accounts, config, arguments.id, global.json);
        case Action::Edit: return edit(accounts, config, arguments, global.json);
        case Action::Enable: return set_enabled(accounts, config, arguments.id, true, global.json);
        case Action::Disable: return set_enabled(accounts, config, arguments.id, false, global.json);
        case Action::Rotate: return rotate(accounts, config, global, arguments);
        case Action::Confirm: return confirm(accounts, config, arguments.id, global.json);
        case Action::Share:
        case Action::Unshare: return share(accounts, config, arguments, global.json);
        case Action::Delete: return remove(accounts, arguments, global.json);
    }
    throw std::logic_error("unknown TokenArguments::Action");
}

}  // namespace heddle
