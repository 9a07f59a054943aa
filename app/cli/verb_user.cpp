// SPDX-License-Identifier: Apache-2.0
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/account_name.hpp"
#include "app/cli/configuration.hpp"
#include "app/cli/project_grants.hpp"
#include "app/cli/secret_file.hpp"
#include "app/cli/verbs.hpp"
#include "app/compose_accounts.hpp"
#include "app/config/wrong_use.hpp"
#include "app/postgres/user_store.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;

User must_find(pqxx::transaction_base& tx, const std::string& login) {
    auto user = find_user(tx, login);
    if (!user) throw WrongUse("there is no user " + heddle::quoted(login));
    return std::move(*user);
}

/// The one of the file, or a new one that is told once.
struct Password {
    explicit Password(const std::optional<std::string>& file)
        : made(!file), text(file ? read_password("--password-file", *file) : new_secret()) {}
    bool made;
    std::string text;
};

void tell_password(const GlobalArguments& global,
                   const std::string& login,
                   const Password& password,
                   const std::string& done) {
    if (global.json)
        std::cout << json{{"login", login}, {"password", password.made ? json(password.text) : json(nullptr)}}
                         .dump()
                  << '\n';
    else
        std::cout << done << '\n'
                  << (password.made ? "  password  " + password.text + "  (told this once)\n" : "");
}

json to_json(const User& user) {
    return {{"login", user.login},
            {"administrator", user.administrator},
            {"active", user.active},
            {"has_password", user.has_password},
            {"created_at", user.created_at}};
}

std::string notes(const User& user) {
    std::string text;
    if (user.administrator) text += "  administrator";
    if (!user.active) text += "  not active";
    if (!user.has_password) text += "  without password";
    return text;
}

int create(Accounts& accounts, const GlobalArguments& global, const UserArguments& given) {
    check_account_name("a login", given.login);
    const bool administrator = given.administrator.value_or(false);
    const Password password(given.password_file);
    const std::string hash = password_hash(password.text);
    in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        if (!create_user(tx, {given.login, hash, administrator}))
            throw WrongUse("there is a user " + given.login + " already");
        record_change(
            tx, audit_entry("user.create", "user " + given.login, administrator ? "administrator" : ""));
    });
    tell_password(global, given.login, password, "user " + given.login + " is there");
    return 0;
}

int list(Accounts& accounts, bool as_json) {
    const auto users = in_transaction(accounts.pool(), [](pqxx::work& tx) { return list_users(tx); });
    if (as_json) {
        json all = json::array();
        for (const User& user : users) all.push_back(to_json(user));
        std::cout << all.dump(2) << '\n';
        return 0;
    }
    for (const User& user : users) std::cout << user.login << notes(user) << '\n';
    if (users.empty()) std::cout << "no users\n";
    return 0;
}

int show(Accounts& accounts, const std::string& login, bool as_json) {
    std::vector<std::string> projects;
    const User user = in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        User found = must_find(tx, login);
        projects = granted_projects(tx, {GrantHolder::Kind::User, found.id});
        return found;
    });
    if (as_json) {
        json told = to_json(user);
        told["projects"] = projects;
        std::cout << told.dump(2) << '\n';
        return 0;
    }
    std::cout << user.login << notes(user) << "  since " << user.created_at << '\n';
    for (const std::string& prefix : projects) std::cout << "  changes  project " << prefix << '\n';
    return 0;
}

void check_stays_administrated(pqxx::transaction_base& tx, const User& user) {
    if (user.administrator && user.active && !has_other_administrator(tx, user.id))
        throw WrongUse(user.login + " is the only administrator: make another one first");
}

int edit(Accounts& accounts, const UserArguments& given, bool as_json) {
    const bool grants = !given.grants.granted.empty() || !given.grants.revoked.empty();
    if (!given.administrator && !given.active && !grants)
        throw WrongUse("nothing to change: `heddle user edit --help` tells what can be");
    in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        const User user = must_find(tx, given.login);
        const std::string granted =
            change_grants(tx, {GrantHolder::Kind::User, user.id}, "user " + user.login, given.grants);
        if (!granted.empty()) record_change(tx, audit_entry("user.grant", "user " + user.login, granted));
        if (!given.administrator && !given.active) return;
        const bool administrator = given.administrator.value_or(user.administrator);
        const bool active = given.active.value_or(user.active);
        if (!administrator || !active) check_stays_administrated(tx, user);
        set_administrator(tx, user.id, administrator);
        set_active(tx, user.id, active);
        record_change(tx,
                      audit_entry("user.edit",
                                  "user " + user.login,
                                  std::string(administrator ? "administrator" : "no administrator") +
                                      (active ? ", active" : ", not active")));
    });
    if (as_json) return show(accounts, given.login, as_json);
    std::cout << "user " << given.login << " is changed\n";
    return 0;
}

int change_password(Accounts& accounts, const GlobalArguments& global, const UserArguments& given) {
    const Password password(given.password_file);
    const std::string hash = password_hash(password.text);
    in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        set_password(tx, must_find(tx, given.login).id, hash);
        record_change(tx, audit_entry("user.password", "user " + given.login));
    });
    tell_password(global, given.login, password, "user " + given.login + " has a new password");
    return 0;
}

int remove(Accounts& accounts, const std::string& login, bool as_json) {
    in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        const User user = must_find(tx, login);
        check_stays_administrated(tx, user);
        if (!delete_user(tx, user.id))
            throw WrongUse("tokens act in the name of " + login +
                           ": delete them first (`heddle token list`), or `heddle user edit " + login +
                           " --inactive`");
        record_change(tx, audit_entry("user.delete", "user " + login));
    });
    if (as_json)
        std::cout << json{{"login", login}, {"deleted", true}}.dump() << '\n';
    else
        std::cout << "user " << login << " is deleted\n";
    return 0;
}

}  // namespace

int run_user(const GlobalArguments& global, const UserArguments& arguments) {
    Accounts accounts(read_configuration(global), global.try_repository);
    using Action = UserArguments::Action;
    switch (arguments.action) {
        case Action::Create: return create(accounts, global, arguments);
        case Action::List: return list(accounts, global.json);
        case Action::Show: return show(accounts, arguments.login, global.json);
        case Action::Edit: return edit(accounts, arguments, global.json);
        case Action::Password: return change_password(accounts, global, arguments);
        case Action::Delete: return remove(accounts, arguments.login, global.json);
    }
    throw std::logic_error("unknown UserArguments::Action");
}

}  // namespace heddle
