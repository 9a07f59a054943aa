// SPDX-License-Identifier: Apache-2.0
// The verbs of the embedded build service.
#include <CLI/CLI.hpp>

#include "app/cli/command_line.hpp"
#include "app/cli/id_argument.hpp"

namespace heddle {

void CommandLine::add_project() {
    CLI::App* added = family("project", "projects of the embedded build service", "project list");
    using Action = ProjectArguments::Action;
    CLI::App* create = action(added,
                              project_,
                              Action::Create,
                              "create",
                              "make a project",
                              "project create demo --repository local:x86_64");
    create->add_option("name", project_.name, "name of the project")->type_name("PROJECT")->required();
    create
        ->add_option("--repository",
                     project_.repositories,
                     "a repository that this machine builds, as NAME:ARCHITECTURE")
        ->type_name("NAME:ARCH")
        ->allow_extra_args(false);
    action(added, project_, Action::List, "list", "all projects", "project list --json");
    CLI::App* show = action(added, project_, Action::Show, "show", "one project", "project show demo");
    show->add_option("name", project_.name, "name of the project")->type_name("PROJECT")->required();
    CLI::App* edit = action(added,
                            project_,
                            Action::Edit,
                            "edit",
                            "change who may change a project",
                            "project edit demo --add-maintainer bob --remove-maintainer ann");
    edit->add_option("name", project_.name, "name of the project")->type_name("PROJECT")->required();
    edit->add_option(
            "--add-maintainer", project_.new_maintainers, "a user who joins, several times for several")
        ->type_name("LOGIN")
        ->allow_extra_args(false);
    edit->add_option(
            "--remove-maintainer", project_.past_maintainers, "a user who leaves, several times for several")
        ->type_name("LOGIN")
        ->allow_extra_args(false);
    CLI::App* gone = action(added,
                            project_,
                            Action::Delete,
                            "delete",
                            "delete a project with all its packages",
                            "project delete demo");
    gone->add_option("name", project_.name, "name of the project")->type_name("PROJECT")->required();
}

void CommandLine::add_package() {
    CLI::App* added = family("package", "packages of the embedded build service", "package list demo");
    using Action = PackageArguments::Action;
    CLI::App* create = action(added,
                              package_,
                              Action::Create,
                              "create",
                              "make a package from a git repository or a folder",
                              "package create demo/hello --git /srv/git/hello.git#main");
    create->add_option("name", package_.name, "name of the package")
        ->type_name("PROJECT/PACKAGE")
        ->required();
    auto* git = create->add_option(
        "--git", package_.git, "git repository, with the branch, tag or commit behind '#'");
    git->type_name("URL[#REV]");
    create->add_option("--dir", package_.directory, "folder whose files are the sources")
        ->type_name("DIR")
        ->excludes(git);
    CLI::App* list = action(
        added, package_, Action::List, "list", "packages, of one project or all", "package list demo --json");
    list->add_option("name", package_.name, "name of the project")->type_name("PROJECT");
    CLI::App* show = action(
        added, package_, Action::Show, "show", "one package with its builds", "package show demo/hello");
    show->add_option("name", package_.name, "name of the package")->type_name("PROJECT/PACKAGE")->required();
    CLI::App* gone =
        action(added, package_, Action::Delete, "delete", "delete a package", "package delete demo/hello");
    gone->add_option("name", package_.name, "name of the package")->type_name("PROJECT/PACKAGE")->required();
    add_package_log(added);
}

void CommandLine::add_package_log(CLI::App* package_app) {
    CLI::App* log = action(package_app,
                           package_,
                           PackageArguments::Action::Log,
                           "log",
                           "the log of the newest build",
                           "package log demo/hello --follow");
    log->add_option("name", package_.name, "name of the package")->type_name("PROJECT/PACKAGE")->required();
    log->add_option("--repository", package_.repository, "which build, when there are several")
        ->type_name("REPOSITORY");
    log->add_option("--arch", package_.architecture, "which build, when there are several")
        ->type_name("ARCH");
    log->add_flag("--follow", package_.follow, "go on until the build ends");
}

void CommandLine::add_request() {
    CLI::App* added =
        family("request", "requests to take a package's sources into another one", "request list");
    using Action = RequestArguments::Action;
    CLI::App* create = action(added,
                              request_,
                              Action::Create,
                              "create",
                              "ask a project to take a package's newest sources",
                              "request create demo/hello stable/hello --description \"Mend the build\"");
    create->add_option("source", request_.source, "whose sources")->type_name("PROJECT/PACKAGE")->required();
    create->add_option("target", request_.target, "where to")->type_name("PROJECT/PACKAGE")->required();
    create->add_option("--description", request_.description, "why")->type_name("TEXT");
    CLI::App* list = action(
        added, request_, Action::List, "list", "requests, newest first", "request list --state new --json");
    list->add_option("--project", request_.project, "only those from or to this project")
        ->type_name("PROJECT");
    list->add_option("--state", request_.state, "only these: new, accepted, declined, revoked or superseded")
        ->check(CLI::IsMember({"new", "accepted", "declined", "revoked", "superseded"}))
        ->type_name("STATE");
    list->add_option("--limit", request_.limit, "so many at most (default: 50)")
        ->check(CLI::Range(1, 10'000))
        ->type_name("N");
    CLI::App* show =
        action(added, request_, Action::Show, "show", "one request with its history", "request show 5");
    add_id_argument(show, request_.number, "request");
    add_request_decision(
        added, Action::Accept, "accept", "take the sources over, as maintainer of the target");
    add_request_decision(added, Action::Decline, "decline", "leave the target as it is, as its maintainer");
    add_request_decision(added, Action::Revoke, "revoke", "take a request back, as who made it");
}

void CommandLine::add_request_decision(CLI::App* request_app,
                                       RequestArguments::Action what,
                                       const std::string& name,
                                       const std::string& does) {
    CLI::App* added =
        action(request_app, request_, what, name, does, "request " + name + " 5 --comment \"as discussed\"");
    add_id_argument(added, request_.number, "request");
    added->add_option("--comment", request_.comment, "why, for the history")->type_name("TEXT");
}

}  // namespace heddle
