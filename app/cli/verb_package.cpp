// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/cli/configuration.hpp"
#include "app/cli/package_log.hpp"
#include "app/cli/package_name.hpp"
#include "app/cli/verbs.hpp"
#include "app/compose_build_service.hpp"
#include "app/config/wrong_use.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;

json or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

json to_json(const BuildResult& result) {
    return {{"repository", result.repository},
            {"architecture", result.architecture},
            {"state", std::string(to_string(result.state))},
            {"rev", result.revision.rev},
            {"details", result.details}};
}

json to_json(const PackageView& package) {
    json history = json::array(), results = json::array();
    for (const RevisionView& made : package.history)
        history.push_back({{"rev", made.revision.rev},
                           {"srcmd5", made.revision.srcmd5},
                           {"commit", or_null(made.commit)},
                           {"comment", made.comment},
                           {"login", made.login},
                           {"created_at", made.created_at}});
    for (const BuildResult& result : package.results) results.push_back(to_json(result));
    return {{"project", package.ref.project},
            {"package", package.ref.package},
            {"scmsync", or_null(package.scmsync)},
            {"link", or_null(package.link)},
            {"files", package.files},
            {"history", history},
            {"results", results}};
}

void print_json(const json& value) {
    std::cout << value.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
}

std::string origin_of(const PackageView& package) {
    if (!package.scmsync.empty()) return package.scmsync;
    if (!package.link.empty()) return "linked to " + package.link;
    return std::to_string(package.files.size()) + (package.files.size() == 1 ? " file" : " files");
}

void print_results(const PackageView& package) {
    for (const BuildResult& result : package.results)
        std::cout << "  " << result.repository << '/' << result.architecture << "  "
                  << to_string(result.state)
                  << (result.details.empty() ? "" : ": " + one_line(result.details)) << '\n';
}

void print(const PackageView& package) {
    std::cout << to_string(package.ref) << "  " << one_line(origin_of(package)) << '\n';
    print_results(package);
    for (const RevisionView& made : package.history)
        std::cout << "  revision " << made.revision.rev << "  "
                  << (made.commit.empty() ? made.revision.srcmd5 : made.commit).substr(0, 12) << "  "
                  << made.login << "  " << one_line(made.comment) << '\n';
    for (const std::string& file : package.files) std::cout << "  file " << one_line(file) << '\n';
}

[[noreturn]] void missing(const PackageRef& ref) { throw WrongUse("there is no package " + to_string(ref)); }

int list(BuildServiceDesk& desk, const std::string& project, bool as_json) {
    if (!project.empty() && !desk.project(project)) throw WrongUse("there is no project " + project);
    const auto packages = desk.packages(project.empty() ? std::nullopt : std::optional(project));
    json listed = json::array();
    for (const PackageView& package : packages) {
        listed.push_back(to_json(package));
        if (as_json) continue;
        std::cout << to_string(package.ref) << "  " << one_line(origin_of(package)) << '\n';
        print_results(package);
    }
    if (as_json)
        print_json(listed);
    else if (packages.empty())
        std::cout << "no packages\n";
    return 0;
}

int show(BuildServiceDesk& desk, const PackageRef& ref, bool as_json) {
    const auto package = desk.package(ref);
    if (!package) missing(ref);
    if (as_json)
        print_json(to_json(*package));
    else
        print(*package);
    return 0;
}

int create(BuildServiceDesk& desk, const PackageRef& ref, const PackageArguments& arguments, bool as_json) {
    const SourceRevision made = arguments.git ? desk.create_git_package(ref, *arguments.git)
                                              : desk.create_folder_package(ref, *arguments.directory);
    if (as_json) return show(desk, ref, as_json);
    std::cout << "package " << to_string(ref) << " is at revision " << made.rev << '\n';
    return 0;
}

int remove(BuildServiceDesk& desk, const PackageRef& ref, bool as_json) {
    if (!desk.delete_package(ref)) missing(ref);
    if (as_json)
        print_json({{"project", ref.project}, {"package", ref.package}, {"deleted", true}});
    else
        std::cout << "deleted package " << to_string(ref) << '\n';
    return 0;
}

int log(BuildServiceDesk& desk, const PackageRef& ref, const PackageArguments& arguments) {
    if (!desk.package(ref)) missing(ref);
    return print_package_log(desk, ref, arguments);
}

PackageRef named_package(const PackageArguments& arguments) {
    if (arguments.action != PackageArguments::Action::List) return read_package_name(arguments.name);
    if (!arguments.name.empty()) check_name(NameKind::Project, arguments.name);
    return {arguments.name, ""};
}

}  // namespace

int run_package(const GlobalArguments& global, const PackageArguments& arguments) {
    using Action = PackageArguments::Action;
    if (arguments.action == Action::Log) refuse_json(global, "package log");
    const PackageRef ref = named_package(arguments);
    if (arguments.action == Action::Create && arguments.git.has_value() == arguments.directory.has_value())
        throw WrongUse("package create needs its sources: --git URL[#REV] or --dir DIR");
    BuildServiceDesk desk(read_configuration(global), global.try_repository);
    switch (arguments.action) {
        case Action::Create: return create(desk, ref, arguments, global.json);
        case Action::List: return list(desk, ref.project, global.json);
        case Action::Show: return show(desk, ref, global.json);
        case Action::Delete: return remove(desk, ref, global.json);
        case Action::Log: return log(desk, ref, arguments);
    }
    throw std::logic_error("unknown PackageArguments::Action");
}

}  // namespace heddle
