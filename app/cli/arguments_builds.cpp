// SPDX-License-Identifier: Apache-2.0
// The verbs of the embedded build service.
#include <CLI/CLI.hpp>

#include "app/cli/command_line.hpp"

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

}  // namespace heddle
