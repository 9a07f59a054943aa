// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/configuration.hpp"
#include "app/cli/secret_file.hpp"
#include "app/cli/verbs.hpp"
#include "app/compose_accounts.hpp"
#include "app/config/basic_login.hpp"
#include "app/config/wrong_use.hpp"
#include "app/postgres/build_service_credential_store.hpp"
#include "app/postgres/credential_store.hpp"
#include "app/postgres/user_store.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;
using Executor = std::optional<std::string>;

std::string holder(const Executor& executor) { return executor ? "user " + *executor : "the instance"; }

json to_json(const Executor& executor) { return executor ? json(*executor) : json(nullptr); }

std::optional<std::int64_t> id_of(pqxx::transaction_base& tx, const Executor& executor) {
    if (!executor) return std::nullopt;
    const auto user = find_user(tx, *executor);
    if (!user) throw WrongUse("--executor: there is no user " + heddle::quoted(*executor));
    return user->id;
}

/// Why nothing asks with any login; nullopt: something does.
std::optional<std::string> why_no_logins(const BuildServiceConfig& service) {
    if (service.kind != BuildServiceConfig::Kind::Obs) return "the build service is Heddle's own";
    if (service.dialect == BuildServiceConfig::Dialect::Backend)
        return "a backend of an Open Build Service knows no accounts";
    return std::nullopt;
}

void check(const Config& config, const ObsArguments& given) {
    if (const auto why = why_no_logins(config.build_service))
        throw WrongUse("obs login: " + *why + ", so there is nothing to log in to");
    if (!given.executor && !config.build_service.user.empty())
        throw WrongUse("obs login: the instance's account is build_service.user (" +
                       config.places.at("build_service.user") +
                       "): take it out there first, or name an --executor");
    if (!is_basic_login(given.account)) throw WrongUse(std::string("--account ") + kBasicLoginRule);
}

int login(const Config& config, Accounts& accounts, const ObsArguments& given, bool as_json) {
    const BuildServiceCredential kept{given.executor,
                                      credential_origin(config.build_service.api_url),
                                      given.account,
                                      read_foreign_password("--password-file", given.password_file)};
    in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        set_build_service_credential(tx, accounts.box(), id_of(tx, given.executor), kept);
        record_change(tx,
                      audit_entry("obs.login", holder(given.executor), kept.account + " at " + kept.origin));
    });
    if (as_json)
        std::cout << json{{"executor", to_json(kept.executor)},
                          {"account", kept.account},
                          {"origin", kept.origin}}
                         .dump()
                  << '\n';
    else
        std::cout << holder(kept.executor) << " is " << kept.account << " at " << kept.origin
                  << "; `heddle doctor` tries it\n";
    return 0;
}

int logout(Accounts& accounts, const Executor& executor, bool as_json) {
    in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        if (!clear_build_service_credential(tx, id_of(tx, executor)))
            throw WrongUse("obs logout: " + holder(executor) + " has no login here");
        record_change(tx, audit_entry("obs.logout", holder(executor)));
    });
    if (as_json)
        std::cout << json{{"executor", to_json(executor)}, {"deleted", true}}.dump() << '\n';
    else
        std::cout << "the login of " << holder(executor) << " is forgotten\n";
    return 0;
}

std::optional<std::string> why_unused(const BuildServiceConfig& service,
                                      const ListedBuildServiceCredential& login) {
    if (auto why = why_no_logins(service)) return why;
    if (!login.executor && !service.user.empty()) return "build_service.user is set";
    if (!login.active) return *login.executor + " is not active";
    const std::string origin = credential_origin(service.api_url);
    if (login.origin != origin) return "the build service is at " + origin;
    return std::nullopt;
}

int list(const Config& config, Accounts& accounts, bool as_json) {
    const auto logins =
        in_transaction(accounts.pool(), [](pqxx::work& tx) { return list_build_service_credentials(tx); });
    json all = json::array();
    for (const ListedBuildServiceCredential& login : logins) {
        const auto why = why_unused(config.build_service, login);
        all.push_back({{"executor", to_json(login.executor)},
                       {"account", login.account},
                       {"origin", login.origin},
                       {"unused", why ? json(*why) : json(nullptr)},
                       {"created_at", login.created_at},
                       {"changed_at", login.changed_at}});
        if (!as_json)
            std::cout << holder(login.executor) << "  " << login.account << "  " << login.origin << "  since "
                      << login.changed_at << (why ? "  not used: " + *why : "") << '\n';
    }
    if (as_json)
        std::cout << all.dump(2) << '\n';
    else if (logins.empty())
        std::cout << "no logins\n";
    return 0;
}

}  // namespace

int run_obs(const GlobalArguments& global, const ObsArguments& arguments) {
    const Config config = read_configuration(global);
    using Action = ObsArguments::Action;
    if (arguments.action == Action::Login) check(config, arguments);
    Accounts accounts(config, global.try_repository);
    switch (arguments.action) {
        case Action::Login: return login(config, accounts, arguments, global.json);
        case Action::Logout: return logout(accounts, arguments.executor, global.json);
        case Action::List: return list(config, accounts, global.json);
    }
    throw std::logic_error("unknown ObsArguments::Action");
}

}  // namespace heddle
