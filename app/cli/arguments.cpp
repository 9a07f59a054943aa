// SPDX-License-Identifier: Apache-2.0
// The only file that sees CLI11: it compiles slowly.
#include "app/cli/arguments.hpp"

#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>
#include <map>
#include <memory>

#include "app/cli/completion.hpp"

namespace heddle {
namespace {

struct CommandLine {
    CLI::App app{"Heddle guides each pull request through the build service.", "heddle"};
    Arguments arguments;
    std::function<VerbArguments()> chosen;

    TryArguments try_;
    ValidateArguments validate;
    ProjectArguments project;
    PackageArguments package;
    RunsArguments runs;
    JobsArguments jobs;
    KeepClusterArguments keep_cluster;

    CommandLine();

private:
    CLI::App* verb(CLI::App& parent,
                   const std::string& name,
                   const std::string& does,
                   const std::string& example);
    template <class Verb>
    void choose(CLI::App* app, const Verb& verb) {
        app->callback([this, &verb] { chosen = [&verb] { return VerbArguments(verb); }; });
    }
    template <class Verb>
    CLI::App* action(CLI::App* parent,
                     Verb& verb,
                     typename Verb::Action value,
                     const std::string& name,
                     const std::string& does,
                     const std::string& example);
    void add_globals();
    void add_try();
    void add_project();
    void add_package();
    void add_package_log(CLI::App* package_app);
    void add_runs();
    void add_jobs();
    void add_rest();
};

CLI::App* CommandLine::verb(CLI::App& parent,
                            const std::string& name,
                            const std::string& does,
                            const std::string& example) {
    CLI::App* added = parent.add_subcommand(name, does);
    added->footer("Example:\n  heddle " + example);
    added->fallthrough();  // global options may follow the verb
    return added;
}

template <class Verb>
CLI::App* CommandLine::action(CLI::App* parent,
                              Verb& value,
                              typename Verb::Action what,
                              const std::string& name,
                              const std::string& does,
                              const std::string& example) {
    CLI::App* added = verb(*parent, name, does, example);
    added->callback([this, &value, what] {
        value.action = what;
        chosen = [&value] { return VerbArguments(value); };
    });
    return added;
}

void CommandLine::add_globals() {
    GlobalArguments& global = arguments.global;
    app.add_option(
           "--config", global.config, "configuration file (else $HEDDLE_CONFIG, else /etc/heddle/heddle.yml)")
        ->type_name("FILE");
    app.add_flag("--json", global.json, "listings as JSON");
    app.add_option(
           "--try", global.try_repository, "look into the database of `heddle try` for that repository")
        ->type_name("REPO");
    app.footer(
        "Example:\n  heddle try ~/src/hello --base main\n\n`heddle VERB --help` tells more about a verb.");
    app.require_subcommand(1);
}

void CommandLine::add_try() {
    CLI::App* added = verb(app,
                           "try",
                           "take a local git repository through the whole engine",
                           "try ~/src/hello --base main --head my-branch");
    added->add_option("repository", try_.repository, "path of the repository (default: the current folder)")
        ->type_name("REPO");
    added
        ->add_option(
            "--base", try_.base, "branch that the pull request wants to go to (default: the default branch)")
        ->type_name("BRANCH");
    added->add_option("--head", try_.head, "branch, tag or commit to build (default: the current branch)")
        ->type_name("REV");
    added
        ->add_option(
            "--event",
            try_.event,
            "opened, updated, reopened, closed, merged, labeled:LABEL, unlabeled:LABEL, push or tag_push:TAG "
            "(default: opened)")
        ->type_name("EVENT");
    added->add_flag_callback(
        "--no-notes",
        [this] { try_.notes = false; },
        "do not write statuses into the repository's git notes");
    choose(added, try_);
}

void CommandLine::add_project() {
    CLI::App* added = verb(app, "project", "projects of the embedded build service", "project list");
    added->require_subcommand(1);
    using Action = ProjectArguments::Action;
    CLI::App* create = action(added,
                              project,
                              Action::Create,
                              "create",
                              "make a project",
                              "project create demo --repository local:x86_64");
    create->add_option("name", project.name, "name of the project")->type_name("PROJECT")->required();
    create
        ->add_option("--repository",
                     project.repositories,
                     "a repository that this machine builds, as NAME:ARCHITECTURE")
        ->type_name("NAME:ARCH");
    action(added, project, Action::List, "list", "all projects", "project list --json");
    CLI::App* show = action(added, project, Action::Show, "show", "one project", "project show demo");
    show->add_option("name", project.name, "name of the project")->type_name("PROJECT")->required();
    CLI::App* gone = action(added,
                            project,
                            Action::Delete,
                            "delete",
                            "delete a project with all its packages",
                            "project delete demo");
    gone->add_option("name", project.name, "name of the project")->type_name("PROJECT")->required();
}

void CommandLine::add_package() {
    CLI::App* added = verb(app, "package", "packages of the embedded build service", "package list demo");
    added->require_subcommand(1);
    using Action = PackageArguments::Action;
    CLI::App* create = action(added,
                              package,
                              Action::Create,
                              "create",
                              "make a package from a git repository or a folder",
                              "package create demo/hello --git /srv/git/hello.git#main");
    create->add_option("name", package.name, "name of the package")->type_name("PROJECT/PACKAGE")->required();
    auto* git =
        create->add_option("--git", package.git, "git repository, with the branch, tag or commit behind '#'");
    git->type_name("URL[#REV]");
    create->add_option("--dir", package.directory, "folder whose files are the sources")
        ->type_name("DIR")
        ->excludes(git);
    CLI::App* list = action(
        added, package, Action::List, "list", "packages, of one project or all", "package list demo --json");
    list->add_option("name", package.name, "name of the project")->type_name("PROJECT");
    CLI::App* show = action(
        added, package, Action::Show, "show", "one package with its builds", "package show demo/hello");
    show->add_option("name", package.name, "name of the package")->type_name("PROJECT/PACKAGE")->required();
    CLI::App* gone =
        action(added, package, Action::Delete, "delete", "delete a package", "package delete demo/hello");
    gone->add_option("name", package.name, "name of the package")->type_name("PROJECT/PACKAGE")->required();
    add_package_log(added);
}

void CommandLine::add_package_log(CLI::App* package_app) {
    CLI::App* log = action(package_app,
                           package,
                           PackageArguments::Action::Log,
                           "log",
                           "the log of the newest build",
                           "package log demo/hello --follow");
    log->add_option("name", package.name, "name of the package")->type_name("PROJECT/PACKAGE")->required();
    log->add_option("--repository", package.repository, "which build, when there are several")
        ->type_name("REPOSITORY");
    log->add_option("--arch", package.architecture, "which build, when there are several")->type_name("ARCH");
    log->add_flag("--follow", package.follow, "go on until the build ends");
}

void CommandLine::add_runs() {
    CLI::App* added = verb(app, "runs", "what happened to each event", "runs list --status fail");
    added->require_subcommand(1);
    using Action = RunsArguments::Action;
    CLI::App* list =
        action(added, runs, Action::List, "list", "runs, newest first", "runs list --status fail --limit 5");
    list->add_option("--status", runs.status, "only these: queued, running, success, fail or cancelled")
        ->check(CLI::IsMember({"queued", "running", "success", "fail", "cancelled"}))
        ->type_name("STATUS");
    list->add_option("--limit", runs.limit, "so many at most (default: 20)")
        ->check(CLI::Range(1, 10'000))
        ->type_name("N");
    CLI::App* show = action(added,
                            runs,
                            Action::Show,
                            "show",
                            "one run: configuration, steps, statuses, reports",
                            "runs show 12");
    show->add_option("id", runs.id, "number of the run")
        ->check(CLI::PositiveNumber)
        ->type_name("ID")
        ->required();
    CLI::App* follow =
        action(added, runs, Action::Follow, "follow", "watch a run until it ends", "runs follow 12");
    follow->add_option("id", runs.id, "number of the run")
        ->check(CLI::PositiveNumber)
        ->type_name("ID")
        ->required();
}

void CommandLine::add_jobs() {
    CLI::App* added = verb(app, "jobs", "background work", "jobs list");
    added->require_subcommand(1);
    using Action = JobsArguments::Action;
    action(added, jobs, Action::List, "list", "all jobs, dead ones first", "jobs list --json");
    CLI::App* retry = action(added, jobs, Action::Retry, "retry", "try a dead job again", "jobs retry 7");
    retry->add_option("id", jobs.id, "number of the job")
        ->check(CLI::PositiveNumber)
        ->type_name("ID")
        ->required();
    CLI::App* discard = action(
        added, jobs, Action::Discard, "discard", "end a dead job and what waits for it", "jobs discard 7");
    discard->add_option("id", jobs.id, "number of the job")
        ->check(CLI::PositiveNumber)
        ->type_name("ID")
        ->required();
}

void CommandLine::add_rest() {
    CLI::App* check = verb(app, "validate", "check workflow files", "validate .obs/workflows.yml");
    check->add_option("files", validate.files, "workflow files")->type_name("FILE")->required();
    choose(check, validate);
    static const MigrateArguments kMigrate;
    choose(verb(app, "migrate", "bring the database up to date", "migrate"), kMigrate);
    static const DoctorArguments kDoctor;
    choose(verb(app, "doctor", "check this installation and say what to mend", "doctor"), kDoctor);
    static const VersionArguments kVersion;
    choose(verb(app, "version", "tell the version", "version --json"), kVersion);
    static const CompletionArguments kCompletion;
    choose(verb(app,
                "completion",
                "print the bash completion script",
                "completion > /etc/bash_completion.d/heddle"),
           kCompletion);
    CLI::App* keep = verb(app,
                          "keep-cluster",
                          "keep the private database running (started by heddle itself)",
                          "keep-cluster DIR");
    keep->add_option("directory", keep_cluster.directory, "folder of the cluster")->required();
    keep->group("");  // hidden
    choose(keep, keep_cluster);
}

CommandLine::CommandLine() {
    add_globals();
    add_try();
    add_rest();
    add_runs();
    add_project();
    add_package();
    add_jobs();
}

CompletionWord describe(const CLI::App& app) {
    CompletionWord word{app.get_name(), {}, {}};
    for (const CLI::Option* option :
         app.get_options([](const CLI::Option* o) { return !o->get_lnames().empty(); }))
        for (const std::string& name : option->get_lnames()) word.options.push_back("--" + name);
    for (const CLI::App* child :
         app.get_subcommands([](const CLI::App* a) { return !a->get_group().empty(); }))
        word.children.push_back(describe(*child));
    return word;
}

}  // namespace

std::variant<Arguments, int> parse_arguments(int argc, char** argv) {
    CommandLine line;
    if (argc <= 1) {
        std::cout << line.app.help();
        return 2;
    }
    try {
        line.app.parse(argc, argv);
    } catch (const CLI::Success& help) {
        line.app.exit(help);
        return 0;
    } catch (const CLI::ParseError& error) {
        std::cerr << "heddle: " << error.what() << " (heddle --help tells the verbs)\n";
        return 2;
    }
    line.arguments.verb = line.chosen();
    return line.arguments;
}

std::string bash_completion() {
    const CommandLine line;
    return completion_script(describe(line.app));
}

}  // namespace heddle
