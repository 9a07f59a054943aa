// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/cli/account_name.hpp"
#include "app/cli/configuration.hpp"
#include "app/cli/project_grants.hpp"
#include "app/cli/verbs.hpp"
#include "app/compose_accounts.hpp"
#include "app/config/wrong_use.hpp"
#include "app/postgres/group_store.hpp"
#include "app/postgres/token_share_store.hpp"
#include "app/postgres/user_store.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;

Group must_find(pqxx::transaction_base& tx, const std::string& name) {
    auto group = find_group(tx, name);
    if (!group) throw WrongUse("there is no group " + heddle::quoted(name));
    return std::move(*group);
}

std::int64_t must_find_user(pqxx::transaction_base& tx, const std::string& login) {
    const auto user = find_user(tx, login);
    if (!user) throw WrongUse("there is no user " + heddle::quoted(login));
    return user->id;
}

json to_json(const Group& group) {
    return {{"name", group.name}, {"members", group.members}, {"created_at", group.created_at}};
}

std::string members_of(const Group& group) {
    return group.members.empty() ? "nobody" : in_words(group.members);
}

int list(Accounts& accounts, bool as_json) {
    const auto groups = in_transaction(accounts.pool(), [](pqxx::work& tx) { return list_groups(tx); });
    json all = json::array();
    for (const Group& group : groups) {
        all.push_back(to_json(group));
        if (!as_json) std::cout << group.name << "  " << members_of(group) << '\n';
    }
    if (as_json)
        std::cout << all.dump(2) << '\n';
    else if (groups.empty())
        std::cout << "no groups\n";
    return 0;
}

int show(Accounts& accounts, const std::string& name, bool as_json) {
    std::vector<std::int64_t> tokens;
    std::vector<std::string> projects;
    const Group group = in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        Group found = must_find(tx, name);
        tokens = tokens_of_group(tx, found.id);
        projects = granted_projects(tx, {GrantHolder::Kind::Group, found.id});
        return found;
    });
    if (as_json) {
        json told = to_json(group);
        told["tokens"] = tokens;
        told["projects"] = projects;
        std::cout << told.dump(2) << '\n';
        return 0;
    }
    std::cout << group.name << "\n  members  " << members_of(group) << '\n';
    for (const std::int64_t id : tokens) std::cout << "  sees     the runs of token " << id << '\n';
    for (const std::string& prefix : projects) std::cout << "  changes  project " << prefix << '\n';
    return 0;
}

/// "+ann -bob": who joined and left; who was or was not a member before is not told.
std::string change_members(pqxx::transaction_base& tx, std::int64_t group_id, const GroupArguments& given) {
    std::string changes;
    for (const std::string& login : given.new_members)
        if (add_group_member(tx, group_id, must_find_user(tx, login)))
            changes += (changes.empty() ? "+" : " +") + login;
    for (const std::string& login : given.past_members) {
        if (!remove_group_member(tx, group_id, must_find_user(tx, login)))
            throw WrongUse(login + " is no member of the group " + given.name);
        changes += (changes.empty() ? "-" : " -") + login;
    }
    return changes;
}

int create(Accounts& accounts, const GroupArguments& given, bool as_json) {
    check_account_name("the name of a group", given.name);
    in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        const auto id = create_group(tx, given.name);
        if (!id) throw WrongUse("there is a group " + given.name + " already");
        const std::string members = change_members(tx, *id, given);
        record_change(tx, audit_entry("group.create", "group " + given.name, members));
    });
    if (as_json) return show(accounts, given.name, as_json);
    std::cout << "group " << given.name << " is there\n";
    return 0;
}

int edit(Accounts& accounts, const GroupArguments& given, bool as_json) {
    const bool grants = !given.grants.granted.empty() || !given.grants.revoked.empty();
    if (given.new_members.empty() && given.past_members.empty() && !grants)
        throw WrongUse("nothing to change: `heddle group edit --help` tells what can be");
    in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        const std::int64_t id = must_find(tx, given.name).id;
        const std::string who = "group " + given.name;
        const std::string changes = change_members(tx, id, given);
        if (!changes.empty()) record_change(tx, audit_entry("group.edit", who, changes));
        const std::string granted = change_grants(tx, {GrantHolder::Kind::Group, id}, who, given.grants);
        if (!granted.empty()) record_change(tx, audit_entry("group.grant", who, granted));
    });
    if (as_json) return show(accounts, given.name, as_json);
    std::cout << "group " << given.name << " is changed\n";
    return 0;
}

int remove(Accounts& accounts, const std::string& name, bool as_json) {
    in_transaction(accounts.pool(), [&](pqxx::work& tx) {
        delete_group(tx, must_find(tx, name).id);
        record_change(tx, audit_entry("group.delete", "group " + name));
    });
    if (as_json)
        std::cout << json{{"name", name}, {"deleted", true}}.dump() << '\n';
    else
        std::cout << "group " << name << " is deleted\n";
    return 0;
}

}  // namespace

int run_group(const GlobalArguments& global, const GroupArguments& arguments) {
    Accounts accounts(read_configuration(global), global.try_repository);
    using Action = GroupArguments::Action;
    switch (arguments.action) {
        case Action::Create: return create(accounts, arguments, global.json);
        case Action::List: return list(accounts, global.json);
        case Action::Show: return show(accounts, arguments.name, global.json);
        case Action::Edit: return edit(accounts, arguments, global.json);
        case Action::Delete: return remove(accounts, arguments.name, global.json);
    }
    throw std::logic_error("unknown GroupArguments::Action");
}

}  // namespace heddle
