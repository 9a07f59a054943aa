// SPDX-License-Identifier: Apache-2.0
#include "app/cli/project_grants.hpp"

#include <CLI/CLI.hpp>

#include "app/config/wrong_use.hpp"
#include "workflows/model/names.hpp"

namespace heddle {
namespace {

void check_prefix(const std::string& prefix) {
    if (const auto reason = why_refused(NameKind::Project, prefix)) throw WrongUse(*reason);
}

}  // namespace

void add_grant_options(CLI::App* verb, GrantArguments& grants) {
    const auto add = [verb](const char* option, std::vector<std::string>& prefixes, const char* does) {
        verb->add_option(option, prefixes, does)->type_name("PREFIX")->allow_extra_args(false);
    };
    add("--grant-project",
        grants.granted,
        "may change this project of an Open Build Service and all below it, several times for several");
    add("--revoke-project", grants.revoked, "may not change it any more, several times for several");
}

std::string change_grants(pqxx::transaction_base& tx,
                          const GrantHolder& holder,
                          const std::string& who,
                          const GrantArguments& grants) {
    std::string changes;
    const auto add = [&](const std::string& change) { changes += (changes.empty() ? "" : ", ") + change; };
    for (const std::string& prefix : grants.granted) {
        check_prefix(prefix);
        if (grant_project(tx, holder, prefix)) add("may change " + prefix);
    }
    for (const std::string& prefix : grants.revoked) {
        check_prefix(prefix);
        if (!revoke_project(tx, holder, prefix)) throw WrongUse(who + " has no grant for " + prefix);
        add("may not change " + prefix + " any more");
    }
    return changes;
}

}  // namespace heddle
