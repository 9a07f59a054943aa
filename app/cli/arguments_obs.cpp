// SPDX-License-Identifier: Apache-2.0
// The verbs about logins at the Open Build Service.
#include <CLI/CLI.hpp>

#include "app/cli/command_line.hpp"

namespace heddle {

void CommandLine::add_obs() {
    using Action = ObsArguments::Action;
    CLI::App* added = family("obs", "with which logins the Open Build Service is asked", "obs list");
    const auto executor = [this](CLI::App* verb, const char* does) {
        verb->add_option("--executor", obs_.executor, does)->type_name("LOGIN");
    };
    CLI::App* login = action(added,
                             obs_,
                             Action::Login,
                             "login",
                             "keep a login, sealed, in place of an older one",
                             "obs login --executor ann --account ann --password-file ~/obs-password");
    executor(login, "user whose steps ask with it (default: the instance's, for all who have none)");
    login->add_option("--account", obs_.account, "login at the Open Build Service")
        ->type_name("NAME")
        ->required();
    login->add_option("--password-file", obs_.password_file, "file with its password (-: standard input)")
        ->type_name("FILE")
        ->required();
    executor(action(added, obs_, Action::Logout, "logout", "forget a login", "obs logout --executor ann"),
             "user whose login it is (default: the instance's)");
    action(added, obs_, Action::List, "list", "all logins, without their passwords", "obs list --json");
}

}  // namespace heddle
