// SPDX-License-Identifier: Apache-2.0
// The verbs that say who may do what.
#include <CLI/CLI.hpp>

#include "app/cli/command_line.hpp"
#include "app/cli/id_argument.hpp"
#include "app/cli/project_grants.hpp"

namespace heddle {
namespace {

CLI::Option* add_text(CLI::App* verb,
                      const std::string& option,
                      std::optional<std::string>& value,
                      const std::string& does,
                      const std::string& type) {
    return verb->add_option(option, value, does)->type_name(type);
}

// What `create` and `edit` have in common.
void add_token_values(CLI::App* verb, TokenArguments& token) {
    add_text(verb,
             "--scm-token-file",
             token.credential_file,
             "file with what the forge wants to see of us, behind ssh a private key (-: standard input); "
             "without it "
             "the token reads public files and reports nothing",
             "FILE");
    add_text(verb,
             "--path",
             token.path,
             "configuration file in the repository (default: .obs/workflows.yml)",
             "PATH");
    add_text(verb,
             "--configuration-url",
             token.configuration_url,
             "configuration file at an address of its own, in place of the repository's (empty: none)",
             "URL");
    add_text(verb, "--description", token.description, "for people, at most 64 characters", "TEXT");
}

void add_forge_values(CLI::App* verb, ForgeArguments& forge) {
    add_text(verb, "--web-url", forge.web_url, "address of its pages", "URL");
    add_text(verb,
             "--api-url",
             forge.api_url,
             "address of its API; of plain repositories the path or URL below which they lie",
             "URL");
    verb->add_flag_callback(
        "--private-network",
        [&forge] { forge.private_network = true; },
        "its address may be in a private range");
    add_text(verb,
             "--known-hosts",
             forge.known_hosts,
             "behind ssh: file with the keys that its host may show (as ssh-keyscan writes it)",
             "FILE");
}

}  // namespace

void CommandLine::add_token() {
    using Action = TokenArguments::Action;
    CLI::App* added = family("token", "what webhooks act as", "token list");
    CLI::App* create =
        action(added,
               token_,
               Action::Create,
               "create",
               "make a token; its secret is told this once",
               "token create --kind workflow --executor ann --forge src --scm-token-file ~/src-token");
    create
        ->add_option("--kind",
                     token_.kind,
                     "workflow: this server has nothing that another kind could trigger (default: workflow)")
        ->check(CLI::IsMember({"workflow"}))
        ->type_name("KIND");
    create->add_option("--executor", token_.executor, "user in whose name it acts")
        ->type_name("LOGIN")
        ->required();
    add_text(create,
             "--forge",
             token_.forge,
             "where its webhooks come from, needed (see `heddle forge list`)",
             "NAME");
    add_text(create,
             "--secret-file",
             token_.secret_file,
             "file with the secret, when it is agreed on already; 16 characters or more (-: standard input)",
             "FILE");
    add_token_values(create, token_);
    action(added, token_, Action::List, "list", "all tokens", "token list --json");
    add_id_argument(
        action(added, token_, Action::Show, "show", "one token", "token show 3"), token_.id, "token");
    add_token_changes(added);
    add_token_sharing(added);
}

void CommandLine::add_token_changes(CLI::App* added) {
    using Action = TokenArguments::Action;
    CLI::App* edit = action(added,
                            token_,
                            Action::Edit,
                            "edit",
                            "change what a token is for",
                            "token edit 3 --description 'the site' --path ci/workflows.yml");
    add_id_argument(edit, token_.id, "token");
    add_token_values(edit, token_);
    edit->add_flag("--no-credential", token_.no_credential, "take its forge credential away")
        ->excludes("--scm-token-file");
    CLI::App* rotate = action(added,
                              token_,
                              Action::Rotate,
                              "rotate",
                              "give a token a new secret, told this once; the old one is good no more",
                              "token rotate 3");
    add_id_argument(rotate, token_.id, "token");
    add_text(rotate,
             "--secret-file",
             token_.secret_file,
             "file with the new secret, 16 characters or more (-: standard input)",
             "FILE");
    add_id_argument(
        action(added, token_, Action::Enable, "enable", "let a token act again", "token enable 3"),
        token_.id,
        "token");
    add_id_argument(
        action(
            added, token_, Action::Disable, "disable", "refuse what a token is shown for", "token disable 3"),
        token_.id,
        "token");
    add_id_argument(action(added,
                           token_,
                           Action::Confirm,
                           "confirm",
                           "let a locked credential go to the forge's new address",
                           "token confirm 3"),
                    token_.id,
                    "token");
    CLI::App* gone = action(added,
                            token_,
                            Action::Delete,
                            "delete",
                            "delete a token and what happened in its name",
                            "token delete 3");
    add_id_argument(gone, token_.id, "token");
    gone->add_flag("--force", token_.force, "also when some of it goes on");
}

void CommandLine::add_user() {
    using Action = UserArguments::Action;
    CLI::App* added = family("user", "who signs in, and in whose name tokens act", "user list");
    const auto named = [&](Action what, const char* name, const char* does, const char* example) {
        CLI::App* verb = action(added, user_, what, name, does, example);
        verb->add_option("login", user_.login, "login of the user")->type_name("LOGIN")->required();
        return verb;
    };
    const auto password_file = [this](CLI::App* verb) {
        add_text(verb,
                 "--password-file",
                 user_.password_file,
                 "file with the password, 12 characters or more (-: standard input); without it one is made "
                 "and told "
                 "this once",
                 "FILE");
    };
    const auto administrator = [this](CLI::App* verb) {
        return verb->add_flag_callback(
            "--administrator", [this] { user_.administrator = true; }, "may administrate");
    };
    CLI::App* create = named(Action::Create, "create", "make a user", "user create ann");
    password_file(create);
    administrator(create);
    action(added, user_, Action::List, "list", "all users", "user list --json");
    named(Action::Show, "show", "one user", "user show ann");
    CLI::App* edit = named(Action::Edit, "edit", "change what a user may", "user edit ann --administrator");
    CLI::Option* grant = administrator(edit);
    edit->add_flag_callback(
            "--no-administrator", [this] { user_.administrator = false; }, "may not administrate")
        ->excludes(grant);
    CLI::Option* active = edit->add_flag_callback(
        "--active", [this] { user_.active = true; }, "may sign in");
    edit->add_flag_callback(
            "--inactive", [this] { user_.active = false; }, "may not sign in, and its tokens are refused")
        ->excludes(active);
    add_grant_options(edit, user_.grants);
    password_file(named(Action::Password, "password", "give a user a new password", "user password ann"));
    named(Action::Delete, "delete", "delete a user in whose name no token acts", "user delete ann");
}

void CommandLine::add_forge() {
    using Action = ForgeArguments::Action;
    CLI::App* added = family("forge", "where webhooks come from and statuses go to", "forge list");
    const auto named = [&](Action what, const char* name, const char* does, const char* example) {
        CLI::App* verb = action(added, forge_, what, name, does, example);
        verb->add_option("name", forge_.name, "name of the forge")->type_name("NAME")->required();
        return verb;
    };
    action(added, forge_, Action::List, "list", "all forges", "forge list --json");
    named(Action::Show, "show", "one forge", "forge show src");
    CLI::App* create = named(Action::Create,
                             "create",
                             "make a forge known that is not in the configuration",
                             "forge create plain --kind git --api-url /srv/git");
    add_text(create, "--kind", forge_.kind, "which software it runs (as in the configuration)", "KIND")
        ->required();
    add_forge_values(create, forge_);
    CLI::App* edit = named(Action::Edit,
                           "edit",
                           "change a forge; a new address locks the credentials of its tokens",
                           "forge edit src --api-url https://src.example.org/api/v1");
    add_forge_values(edit, forge_);
    edit->add_flag_callback(
            "--no-private-network",
            [this] { forge_.private_network = false; },
            "its address may not be in a private range")
        ->excludes("--private-network");
    named(Action::Delete, "delete", "forget a forge that nothing uses", "forge delete src");
}

void CommandLine::add_key() {
    using Action = KeyArguments::Action;
    CLI::App* added = family("key", "what build services show when they send build events", "key list");
    CLI::App* create = action(added,
                              key_,
                              Action::Create,
                              "create",
                              "make a key and print it, this once",
                              "key create --scope build-events --project home:ann");
    create->add_option("--scope", key_.scope, "what it is good for (default: build-events)")
        ->check(CLI::IsMember({"build-events"}))
        ->type_name("SCOPE");
    create->add_option("--project", key_.project, "only for this project and those below it (default: all)")
        ->type_name("PREFIX");
    create->add_option("--name", key_.name, "for people")->type_name("TEXT");
    action(added, key_, Action::List, "list", "all keys", "key list --json");
    add_id_argument(action(added, key_, Action::Delete, "delete", "a key is good no more", "key delete 2"),
                    key_.id,
                    "key");
}

}  // namespace heddle
