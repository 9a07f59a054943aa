// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/cli/configuration.hpp"
#include "app/cli/package_name.hpp"
#include "app/cli/verbs.hpp"
#include "app/compose_build_service.hpp"
#include "app/config/wrong_use.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;

RepositoryView read_repository(const std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos)
        throw WrongUse("--repository: " + heddle::quoted(text) +
                       " is not NAME:ARCHITECTURE, as local:x86_64");
    RepositoryView repository{text.substr(0, colon), {}, {text.substr(colon + 1)}};
    check_name(NameKind::Repository, repository.name);
    check_name(NameKind::Architecture, repository.architectures.front());
    return repository;
}

/// The same name twice means two architectures.
std::vector<RepositoryView> read_repositories(const std::vector<std::string>& texts) {
    std::vector<RepositoryView> repositories;
    for (const std::string& text : texts) {
        const RepositoryView read = read_repository(text);
        bool known = false;
        for (RepositoryView& present : repositories)
            if (present.name == read.name) {
                present.architectures.push_back(read.architectures.front());
                known = true;
            }
        if (!known) repositories.push_back(read);
    }
    return repositories;
}

json to_json(const ProjectView& project) {
    json repositories = json::array();
    for (const RepositoryView& repository : project.repositories)
        repositories.push_back({{"name", repository.name},
                                {"paths", repository.paths},
                                {"architectures", repository.architectures}});
    return {{"name", project.name},
            {"title", project.title},
            {"description", project.description},
            {"url", project.url},
            {"maintainers", project.maintainers},
            {"repositories", repositories},
            {"links", project.links},
            {"packages", project.packages}};
}

void print_json(const json& value) {
    std::cout << value.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
}

void print_line(const std::string& label, const std::string& value) {
    if (!value.empty()) std::cout << label << one_line(value) << '\n';
}

void print(const ProjectView& project) {
    std::cout << project.name << '\n';
    print_line("  title:       ", project.title);
    print_line("  description: ", project.description);
    print_line("  url:         ", project.url);
    print_line("  maintainers: ", in_words(project.maintainers));
    for (const RepositoryView& repository : project.repositories)
        std::cout << "  repository:  " << repository.name << " for " << in_words(repository.architectures)
                  << (repository.paths.empty() ? "" : ", building against " + in_words(repository.paths))
                  << '\n';
    for (const std::string& link : project.links) std::cout << "  link:        " << link << '\n';
    for (const std::string& package : project.packages) std::cout << "  package:     " << package << '\n';
}

int list(BuildServiceDesk& desk, bool as_json) {
    const std::vector<ProjectView> projects = desk.projects();
    json listed = json::array();
    for (const ProjectView& project : projects) {
        listed.push_back(to_json(project));
        if (!as_json)
            std::cout << project.name << "  " << project.packages.size()
                      << (project.packages.size() == 1 ? " package" : " packages") << '\n';
    }
    if (as_json)
        print_json(listed);
    else if (projects.empty())
        std::cout << "no projects\n";
    return 0;
}

[[noreturn]] void missing(const std::string& name) { throw WrongUse("there is no project " + name); }

int show(BuildServiceDesk& desk, const std::string& name, bool as_json) {
    const auto project = desk.project(name);
    if (!project) missing(name);
    if (as_json)
        print_json(to_json(*project));
    else
        print(*project);
    return 0;
}

int create(BuildServiceDesk& desk,
           const std::string& name,
           const std::vector<RepositoryView>& repositories,
           bool as_json) {
    desk.create_project(name, repositories);
    if (as_json) return show(desk, name, as_json);
    std::cout << "project " << name << " is there\n";
    return 0;
}

int edit(BuildServiceDesk& desk, const ProjectArguments& given, bool as_json) {
    if (given.new_maintainers.empty() && given.past_maintainers.empty())
        throw WrongUse("nothing to change: `heddle project edit --help` tells what can be");
    if (!desk.change_maintainers(given.name, given.new_maintainers, given.past_maintainers))
        missing(given.name);
    if (as_json) return show(desk, given.name, as_json);
    std::cout << "project " << given.name << " is changed\n";
    return 0;
}

int remove(BuildServiceDesk& desk, const std::string& name, bool as_json) {
    if (!desk.delete_project(name)) missing(name);
    if (as_json)
        print_json({{"name", name}, {"deleted", true}});
    else
        std::cout << "deleted project " << name << '\n';
    return 0;
}

}  // namespace

int run_project(const GlobalArguments& global, const ProjectArguments& arguments) {
    using Action = ProjectArguments::Action;
    if (arguments.action != Action::List) check_name(NameKind::Project, arguments.name);
    const std::vector<RepositoryView> repositories = read_repositories(arguments.repositories);
    BuildServiceDesk desk(read_configuration(global), global.try_repository);
    switch (arguments.action) {
        case Action::Create: return create(desk, arguments.name, repositories, global.json);
        case Action::List: return list(desk, global.json);
        case Action::Show: return show(desk, arguments.name, global.json);
        case Action::Edit: return edit(desk, arguments, global.json);
        case Action::Delete: return remove(desk, arguments.name, global.json);
    }
    throw std::logic_error("unknown ProjectArguments::Action");
}

}  // namespace heddle
