// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>
#include <iostream>
#include <pqxx/except>

#include "app/cli/verbs.hpp"
#include "app/config/wrong_use.hpp"
#include "app/crypto/secret_box.hpp"
#include "app/postgres/embedded_cluster.hpp"
#include "app/postgres/migrate.hpp"
#include "workflows/model/remote_error.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

struct RunVerb {
    const GlobalArguments& global;

    int operator()(const TryArguments& arguments) const { return run_try(global, arguments); }
    int operator()(const ValidateArguments& arguments) const { return run_validate(global, arguments); }
    int operator()(const PlanArguments& arguments) const { return run_plan(global, arguments); }
    int operator()(const ProjectArguments& arguments) const { return run_project(global, arguments); }
    int operator()(const PackageArguments& arguments) const { return run_package(global, arguments); }
    int operator()(const RequestArguments& arguments) const { return run_request(global, arguments); }
    int operator()(const RunsArguments& arguments) const { return run_runs(global, arguments); }
    int operator()(const DeliveriesArguments& arguments) const { return run_deliveries(global, arguments); }
    int operator()(const ReplayArguments& arguments) const { return run_replay(global, arguments); }
    int operator()(const JobsArguments& arguments) const { return run_jobs(global, arguments); }
    int operator()(const TokenArguments& arguments) const { return run_token(global, arguments); }
    int operator()(const GroupArguments& arguments) const { return run_group(global, arguments); }
    int operator()(const UserArguments& arguments) const { return run_user(global, arguments); }
    int operator()(const ForgeArguments& arguments) const { return run_forge(global, arguments); }
    int operator()(const KeyArguments& arguments) const { return run_key(global, arguments); }
    int operator()(const ObsArguments& arguments) const { return run_obs(global, arguments); }
    int operator()(const ServeArguments& arguments) const { return run_serve(global, arguments); }
    int operator()(const MigrateArguments& arguments) const { return run_migrate(global, arguments); }
    int operator()(const DoctorArguments& arguments) const { return run_doctor(global, arguments); }
    int operator()(const VersionArguments& arguments) const { return run_version(global, arguments); }
    int operator()(const CompletionArguments& arguments) const { return run_completion(global, arguments); }
    int operator()(const KeepClusterArguments& arguments) const {
        return run_keep_cluster(global, arguments);
    }
};

int say(const std::exception& error, int exit_code) {
    std::cerr << "heddle: " << one_line(error.what()) << '\n';
    return exit_code;
}

// Every mistake of the configuration stands on a line of its own.
int say_wrong_use(const WrongUse& error) {
    std::string text = error.what();
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
        std::cerr << "heddle: " << one_line(text.substr(0, end)) << '\n';
        text.erase(0, end + 1);
    }
    std::cerr << "heddle: " << one_line(text) << '\n';
    return 2;
}

int run(int argc, char** argv) {
    const std::variant<Arguments, int> parsed = parse_arguments(argc, argv);
    if (const int* exit_code = std::get_if<int>(&parsed)) return *exit_code;
    const Arguments& arguments = std::get<Arguments>(parsed);
    return std::visit(RunVerb{arguments.global}, arguments.verb);
}

/// `exit_code`, unless what was printed did not arrive.
int printed(int exit_code) {
    std::cout.flush();
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout) return exit_code;
    std::cerr << "heddle: the result can't be written to the standard output\n";
    return exit_code == 0 ? 1 : exit_code;
}

}  // namespace
}  // namespace heddle

int main(int argc, char** argv) {
    using namespace heddle;
    std::signal(SIGPIPE, SIG_IGN);  // a reader that went away is an error of write(), not our end
    try {
        return printed(run(argc, argv));
    } catch (const WrongUse& error) {
        return say_wrong_use(error);
    } catch (const ClusterError& error) {
        return say(error, 2);
    } catch (const SchemaError& error) {
        return say(error, 2);
    } catch (const KeyFileError& error) {
        return say(error, 2);
    } catch (const pqxx::failure& error) {
        std::cerr << "heddle: the database failed: " << one_line(error.what()) << '\n';
        return 1;
    } catch (const std::exception& error) {
        return say(error, 1);
    }
}
