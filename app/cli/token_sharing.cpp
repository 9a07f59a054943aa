// SPDX-License-Identifier: Apache-2.0
#include "app/cli/token_sharing.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "app/compose_accounts.hpp"
#include "app/config/wrong_use.hpp"
#include "app/postgres/group_store.hpp"
#include "app/postgres/token_share_store.hpp"
#include "app/postgres/user_store.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

struct NamedShare {
    std::string name;  // "group builders"
    TokenShare share;
};

NamedShare with_user(pqxx::transaction_base& tx, const ListedToken& token, const std::string& login) {
    const auto user = find_user(tx, login);
    if (!user) throw WrongUse("there is no user " + heddle::quoted(login));
    if (login == token.executor)
        throw WrongUse("token " + std::to_string(token.id) + " acts in the name of " + login +
                       ", who sees its runs anyway");
    return {"user " + login, {TokenShare::With::User, user->id}};
}

NamedShare with_group(pqxx::transaction_base& tx, const std::string& name) {
    const auto group = find_group(tx, name);
    if (!group) throw WrongUse("there is no group " + heddle::quoted(name));
    return {"group " + name, {TokenShare::With::Group, group->id}};
}

std::vector<NamedShare> named(pqxx::transaction_base& tx,
                              const TokenArguments& given,
                              const ListedToken& token) {
    if (given.users.empty() && given.groups.empty())
        throw WrongUse("--user LOGIN or --group NAME is missing");
    std::vector<NamedShare> all;
    for (const std::string& login : given.users) all.push_back(with_user(tx, token, login));
    for (const std::string& name : given.groups) all.push_back(with_group(tx, name));
    return all;
}

}  // namespace

std::string change_sharing(pqxx::transaction_base& tx,
                           const TokenArguments& given,
                           const ListedToken& token) {
    const bool sharing = given.action == TokenArguments::Action::Share;
    const std::string object = "token " + std::to_string(token.id);
    std::vector<std::string> names, changed;
    for (const NamedShare& with : named(tx, given, token)) {
        names.push_back(with.name);
        const bool done =
            sharing ? share_token(tx, token.id, with.share) : unshare_token(tx, token.id, with.share);
        if (done) changed.push_back(with.name);
        if (!sharing && !done) throw WrongUse(object + " is not shared with " + with.name);
    }
    if (!changed.empty())
        record_change(tx, audit_entry(sharing ? "token.share" : "token.unshare", object, in_words(changed)));
    return object + (sharing ? " is shared with " : " is no longer shared with ") + in_words(names);
}

}  // namespace heddle
