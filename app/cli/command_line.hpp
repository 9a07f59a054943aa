// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/cli/arguments.hpp"

namespace CLI {
class App;
}

namespace heddle {

/// All verbs and their options, described to CLI11 once: for parsing, help and completion. Only the files
/// arguments*.cpp see CLI11: it compiles slowly.
class CommandLine {
public:
    CommandLine();
    ~CommandLine();
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;

    CLI::App& app() { return *app_; }
    const CLI::App& app() const { return *app_; }

    Arguments arguments;                    // the global ones are set by parsing
    std::function<VerbArguments()> chosen;  // the verb, after parsing

private:
    CLI::App* verb(CLI::App& parent,
                   const std::string& name,
                   const std::string& does,
                   const std::string& example);
    static void on_choice(CLI::App* app, std::function<void()> call);
    template <class Verb>
    void choose(CLI::App* app, const Verb& value) {
        on_choice(app, [this, &value] { chosen = [&value] { return VerbArguments(value); }; });
    }
    /// A verb below a verb: it is chosen with `what` as its action.
    template <class Verb>
    CLI::App* action(CLI::App* parent,
                     Verb& value,
                     typename Verb::Action what,
                     const std::string& name,
                     const std::string& does,
                     const std::string& example) {
        CLI::App* added = verb(*parent, name, does, example);
        on_choice(added, [this, &value, what] {
            value.action = what;
            chosen = [&value] { return VerbArguments(value); };
        });
        return added;
    }
    /// A verb that has verbs below it.
    CLI::App* family(const std::string& name, const std::string& does, const std::string& example);

    void add_globals();
    void add_try();
    void add_plan();
    void add_rest();
    // arguments_builds.cpp
    void add_project();
    void add_package();
    void add_package_log(CLI::App* package_app);
    void add_request();
    void add_request_decision(CLI::App* request_app,
                              RequestArguments::Action what,
                              const std::string& name,
                              const std::string& does);
    // arguments_runs.cpp
    void add_runs();
    void add_runs_again(CLI::App* runs_app);
    void add_jobs();
    // arguments_deliveries.cpp
    void add_deliveries();
    void add_replay();

    // arguments_accounts.cpp
    void add_token();
    void add_token_changes(CLI::App* token_app);
    void add_user();
    void add_forge();
    void add_key();
    // arguments_groups.cpp
    void add_token_sharing(CLI::App* token_app);
    void add_group();
    // arguments_obs.cpp
    void add_obs();

    std::unique_ptr<CLI::App> app_;
    TryArguments try_;
    ValidateArguments validate_;
    DoctorArguments doctor_;
    PlanArguments plan_;
    ProjectArguments project_;
    PackageArguments package_;
    RequestArguments request_;
    RunsArguments runs_;
    DeliveriesArguments deliveries_;
    ReplayArguments replay_;
    JobsArguments jobs_;
    TokenArguments token_;
    UserArguments user_;
    GroupArguments group_;
    ForgeArguments forge_;
    KeyArguments key_;
    ObsArguments obs_;
    KeepClusterArguments keep_cluster_;
};

}  // namespace heddle
