// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace heddle {

/// Options that every verb takes, before or after it.
struct GlobalArguments {
    std::optional<std::string> config;          // --config
    bool json = false;                          // --json: the answer as JSON
    std::optional<std::string> try_repository;  // --try REPO: look into the database of `heddle try` for it
};

struct TryArguments {
    std::string repository = ".";
    std::optional<std::string> base;
    std::optional<std::string> head;
    std::string event = "opened";
    bool notes = true;
};
struct ValidateArguments {
    std::vector<std::string> files;
};
struct PlanArguments {
    std::string payload;
    std::optional<std::string> headers;
    std::optional<std::string> definition;
};
struct ProjectArguments {
    enum class Action { Create, List, Show, Edit, Delete } action = Action::List;
    std::string name;
    std::vector<std::string> repositories;  // NAME:ARCH, built by the built-in `local`
    std::vector<std::string> new_maintainers;
    std::vector<std::string> past_maintainers;
};
struct PackageArguments {
    enum class Action { Create, List, Show, Delete, Log } action = Action::List;
    std::string name;                // PROJECT or PROJECT/PACKAGE
    std::optional<std::string> git;  // URL[#REV]
    std::optional<std::string> directory;
    std::optional<std::string> repository;  // log: which build
    std::optional<std::string> architecture;
    bool follow = false;
};
struct RequestArguments {
    enum class Action { Create, List, Show, Accept, Decline, Revoke } action = Action::List;
    std::int64_t number = 0;
    std::string source;  // PROJECT/PACKAGE
    std::string target;
    std::string description;
    std::string comment;
    std::string project;  // list: of source or target
    std::string state;
    int limit = 50;
};
struct RunsArguments {
    enum class Action { List, Show, Follow, Rerun, Resync } action = Action::List;
    std::int64_t id = 0;
    std::optional<std::string> status;
    int limit = 20;
    bool force = false;
};
struct DeliveriesArguments {
    enum class Action { List, Show } action = Action::List;
    std::int64_t id = 0;
    std::optional<std::string> verdict;
    std::optional<std::int64_t> token;
    std::optional<std::int64_t> run;
    std::optional<std::string> repository;
    int limit = 20;
    bool body = false;
};
struct ReplayArguments {
    std::int64_t id = 0;
    bool force = false;
};
struct JobsArguments {
    enum class Action { List, Retry, Discard } action = Action::List;
    std::int64_t id = 0;
};
struct TokenArguments {
    enum class Action {
        Create,
        List,
        Show,
        Edit,
        Enable,
        Disable,
        Rotate,
        Confirm,
        Share,
        Unshare,
        Delete
    } action = Action::List;
    std::int64_t id = 0;
    std::string kind = "workflow";
    std::string executor;
    std::optional<std::string> forge;
    std::optional<std::string> secret_file;      // "-": standard input
    std::optional<std::string> credential_file;  // what the forge wants to see
    bool no_credential = false;
    std::optional<std::string> path;
    std::optional<std::string> configuration_url;
    std::optional<std::string> description;
    bool force = false;
    std::vector<std::string> users;  // shared with, or no longer
    std::vector<std::string> groups;
};
/// Projects of a build service that a user or group may change from now on, or no longer.
struct GrantArguments {
    std::vector<std::string> granted;
    std::vector<std::string> revoked;
};
struct GroupArguments {
    enum class Action { Create, List, Show, Edit, Delete } action = Action::List;
    std::string name;
    std::vector<std::string> new_members;
    std::vector<std::string> past_members;
    GrantArguments grants;
};
struct UserArguments {
    enum class Action { Create, List, Show, Edit, Password, Delete } action = Action::List;
    std::string login;
    std::optional<bool> administrator;
    std::optional<bool> active;
    std::optional<std::string> password_file;  // "-": standard input; absent: one is made
    GrantArguments grants;
};
struct ForgeArguments {
    enum class Action { List, Show, Create, Edit, Delete } action = Action::List;
    std::string name;
    std::optional<std::string> kind;
    std::optional<std::string> web_url;
    std::optional<std::string> api_url;
    std::optional<bool> private_network;
    std::optional<std::string> known_hosts;
};
struct KeyArguments {
    enum class Action { Create, List, Delete } action = Action::List;
    std::int64_t id = 0;
    std::string scope = "build-events";
    std::string project;  // empty: all
    std::string name;
};
/// Logins at the Open Build Service.
struct ObsArguments {
    enum class Action { Login, Logout, List } action = Action::List;
    std::optional<std::string> executor;  // absent: the instance's
    std::string account;
    std::string password_file;  // "-": standard input
};
struct ServeArguments {};
struct MigrateArguments {};
struct DoctorArguments {
    std::optional<std::string> project;  // of the Open Build Service
};
struct VersionArguments {};
struct CompletionArguments {};
struct KeepClusterArguments {
    std::string directory;
};

using VerbArguments = std::variant<TryArguments,
                                   ValidateArguments,
                                   PlanArguments,
                                   ProjectArguments,
                                   PackageArguments,
                                   RequestArguments,
                                   RunsArguments,
                                   DeliveriesArguments,
                                   ReplayArguments,
                                   JobsArguments,
                                   TokenArguments,
                                   UserArguments,
                                   GroupArguments,
                                   ForgeArguments,
                                   KeyArguments,
                                   ObsArguments,
                                   ServeArguments,
                                   MigrateArguments,
                                   DoctorArguments,
                                   VersionArguments,
                                   CompletionArguments,
                                   KeepClusterArguments>;

struct Arguments {
    GlobalArguments global;
    VerbArguments verb;
};

/// What the command line means, or the exit code after help (0) or a sentence about wrong use (2) was
/// printed.
std::variant<Arguments, int> parse_arguments(int argc, char** argv);

/// The bash completion script, made from the same description of verbs and options.
std::string bash_completion();

}  // namespace heddle
