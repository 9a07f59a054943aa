// SPDX-License-Identifier: Apache-2.0
#include "app/cli/arguments.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <sstream>
#include <utility>

#include "app/cli/command_line.hpp"
#include "app/cli/completion.hpp"
#include "app/cli/parse_trouble.hpp"

namespace heddle {
namespace {

// What --event takes; a label or a tag follows the colon.
constexpr const char* kEvents = "opened updated reopened closed merged labeled: unlabeled: push tag_push:";

std::vector<std::string> split(const std::string& text, char between) {
    std::vector<std::string> words;
    std::istringstream in(text);
    for (std::string word; std::getline(in, word, between);) words.push_back(word);
    return words;
}

// "STATUS:{queued,running}": the name of the type, and what IsMember adds to it.
CompletionOption describe(const CLI::Option& option, const std::string& name) {
    using Value = CompletionOption::Value;
    if (option.get_items_expected_max() == 0) return {name, Value::None, {}};
    const std::string full = option.get_type_name();
    const std::string type = full.substr(0, full.find(':'));
    if (type == "FILE" || type == "REPO" || type == "DIR") return {name, Value::File, {}};
    if (type == "BRANCH" || type == "REV") return {name, Value::Branch, {}};
    if (full == "NAME:ARCH") return {name, Value::LocalRepository, {}};
    if (type == "EVENT") return {name, Value::Word, split(kEvents, ' ')};
    const std::size_t open = full.find('{');
    if (open == std::string::npos || !full.ends_with('}')) return {name, Value::Word, {}};
    return {name, Value::Word, split(full.substr(open + 1, full.size() - open - 2), ',')};
}

CompletionWord describe(const CLI::App& app) {
    CompletionWord word{app.get_name(), {}, {}};
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_lnames().empty() && option->get_positional())
            word.argument = describe(*option, "").value;
        for (const std::string& name : option->get_lnames())
            word.options.push_back(describe(*option, "--" + name));
    }
    for (const CLI::App* child :
         app.get_subcommands([](const CLI::App* a) { return !a->get_group().empty(); }))
        word.children.push_back(describe(*child));
    return word;
}

}  // namespace

CLI::App* CommandLine::verb(CLI::App& parent,
                            const std::string& name,
                            const std::string& does,
                            const std::string& example) {
    CLI::App* added = parent.add_subcommand(name, does);
    added->footer(
        "Example:\n  heddle " + example +
        "\n\nThe options of `heddle` itself may stand here too: --config FILE, --json for an answer that "
        "programs\nread, --try REPO (see `heddle --help`).");
    added->fallthrough();  // global options may follow the verb
    return added;
}

void CommandLine::on_choice(CLI::App* app, std::function<void()> call) { app->callback(std::move(call)); }

CLI::App* CommandLine::family(const std::string& name, const std::string& does, const std::string& example) {
    CLI::App* added = verb(*app_, name, does, example);
    added->require_subcommand(1);
    return added;
}

void CommandLine::add_globals() {
    GlobalArguments& global = arguments.global;
    app_->add_option("--config",
                     global.config,
                     "configuration file (else $HEDDLE_CONFIG, else /etc/heddle/heddle.yml)")
        ->type_name("FILE");
    app_->add_flag("--json", global.json, "the answer as JSON; verbs whose answer is none refuse it");
    app_->add_option(
            "--try", global.try_repository, "look into the database of `heddle try` for that repository")
        ->type_name("REPO");
    app_->footer(
        "Example:\n  heddle try ~/src/hello --base main\n\n`heddle VERB --help` tells more about a verb.\n"
        "Exit code: 0 done, 1 it failed, 2 wrong use, such as the name of what is not there.");
    app_->require_subcommand(1);
}

void CommandLine::add_try() {
    CLI::App* added = verb(*app_,
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

void CommandLine::add_plan() {
    CLI::App* added = verb(*app_,
                           "plan",
                           "tell what the server would do with a webhook, without asking anyone",
                           "plan --payload hook.json --headers hook.headers --definition .obs/workflows.yml");
    added->add_option("--payload", plan_.payload, "the webhook's body, byte for byte")
        ->type_name("FILE")
        ->required();
    added->add_option("--headers", plan_.headers, "the webhook's headers, one \"Name: value\" per line")
        ->type_name("FILE");
    added->add_option("--definition", plan_.definition, "the workflow file of the target branch")
        ->type_name("FILE");
    choose(added, plan_);
}

void CommandLine::add_rest() {
    CLI::App* check = verb(*app_, "validate", "check workflow files", "validate .obs/workflows.yml");
    check->add_option("files", validate_.files, "workflow files")->type_name("FILE")->required();
    choose(check, validate_);
    static const ServeArguments kServe;
    choose(verb(*app_,
                "serve",
                "take webhooks, run workflows, build and report, until a signal comes",
                "serve --config /etc/heddle/heddle.yml"),
           kServe);
    static const MigrateArguments kMigrate;
    choose(verb(*app_, "migrate", "bring the database up to date", "migrate"), kMigrate);
    CLI::App* doctor = verb(*app_, "doctor", "check this installation and say what to mend", "doctor");
    doctor
        ->add_option("--project", doctor_.project, "a project of the Open Build Service: may it be changed?")
        ->type_name("PROJECT");
    choose(doctor, doctor_);
    static const VersionArguments kVersion;
    choose(verb(*app_, "version", "tell the version", "version --json"), kVersion);
    static const CompletionArguments kCompletion;
    choose(verb(*app_,
                "completion",
                "print the bash completion script",
                "completion > /etc/bash_completion.d/heddle"),
           kCompletion);
    CLI::App* keep = verb(*app_,
                          "keep-cluster",
                          "keep the private database running (started by heddle itself)",
                          "keep-cluster DIR");
    keep->add_option("directory", keep_cluster_.directory, "folder of the cluster")->required();
    keep->group("");  // hidden
    choose(keep, keep_cluster_);
}

CommandLine::CommandLine()
    : app_(std::make_unique<CLI::App>("Heddle guides each pull request through the build service.",
                                      "heddle")) {
    add_globals();
    add_try();
    add_plan();
    add_rest();
    add_runs();
    add_project();
    add_package();
    add_request();
    add_deliveries();
    add_replay();
    add_jobs();
    add_token();
    add_user();
    add_group();
    add_forge();
    add_key();
    add_obs();
}

CommandLine::~CommandLine() = default;

std::variant<Arguments, int> parse_arguments(int argc, char** argv) {
    CommandLine line;
    if (argc <= 1) {
        std::cout << line.app().help();
        return 2;
    }
    try {
        line.app().parse(argc, argv);
    } catch (const CLI::Success& help) {
        line.app().exit(help);
        return 0;
    } catch (const CLI::ParseError& error) {
        std::cerr << "heddle: " << describe_trouble(line.app(), error) << '\n';
        return 2;
    }
    line.arguments.verb = line.chosen();
    return line.arguments;
}

std::string bash_completion() {
    const CommandLine line;
    return completion_script(describe(line.app()));
}

}  // namespace heddle
