// SPDX-License-Identifier: Apache-2.0
// The verbs about who sees what others' tokens do.
#include <CLI/CLI.hpp>

#include "app/cli/command_line.hpp"
#include "app/cli/id_argument.hpp"
#include "app/cli/project_grants.hpp"

namespace heddle {

void CommandLine::add_token_sharing(CLI::App* added) {
    using Action = TokenArguments::Action;
    const auto with = [this](CLI::App* verb) {
        add_id_argument(verb, token_.id, "token");
        verb->add_option("--user", token_.users, "login of a user, several times for several")
            ->type_name("LOGIN")
            ->allow_extra_args(false);
        verb->add_option("--group", token_.groups, "name of a group, several times for several")
            ->type_name("NAME")
            ->allow_extra_args(false);
    };
    with(action(added,
                token_,
                Action::Share,
                "share",
                "let users and members of groups see the token's runs",
                "token share 3 --user bob --group builders"));
    with(action(
        added, token_, Action::Unshare, "unshare", "take that back", "token unshare 3 --group builders"));
}

void CommandLine::add_group() {
    using Action = GroupArguments::Action;
    CLI::App* added = family("group", "users with whom tokens are shared together", "group list");
    const auto named = [&](Action what, const char* name, const char* does, const char* example) {
        CLI::App* verb = action(added, group_, what, name, does, example);
        verb->add_option("name", group_.name, "name of the group")->type_name("NAME")->required();
        return verb;
    };
    const auto members =
        [this](CLI::App* verb, const char* option, std::vector<std::string>& logins, const char* does) {
            verb->add_option(option, logins, does)->type_name("LOGIN")->allow_extra_args(false);
        };
    CLI::App* create =
        named(Action::Create, "create", "make a group", "group create builders --member ann --member bob");
    members(create, "--member", group_.new_members, "a user of it, several times for several");
    action(added, group_, Action::List, "list", "all groups", "group list --json");
    named(Action::Show, "show", "one group: its members, and the tokens they see", "group show builders");
    CLI::App* edit = named(Action::Edit,
                           "edit",
                           "take users into a group or out of it, change what they may",
                           "group edit builders --add-member eve --remove-member bob");
    members(edit, "--add-member", group_.new_members, "a user who joins, several times for several");
    members(edit, "--remove-member", group_.past_members, "a user who leaves, several times for several");
    add_grant_options(edit, group_.grants);
    named(Action::Delete, "delete", "delete a group, and what was shared with it", "group delete builders");
}

}  // namespace heddle
