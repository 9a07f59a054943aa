// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/verbs_by_hand.hpp"

#include "app/build_service/embedded/service_verbs.hpp"
#include "app/config/wrong_use.hpp"
#include "app/postgres/audit_store.hpp"
#include "app/postgres/user_store.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

void record(const ServiceCall& call,
            const std::string& action,
            const std::string& object,
            const std::string& details = {}) {
    record_change(call.tx, {call.login, action, object, details});
}

std::string names_of(const std::vector<RepositoryConfig>& repositories) {
    std::vector<std::string> names;
    for (const RepositoryConfig& repository : repositories)
        names.push_back("repository " + repository.name + " for " + in_words(repository.architectures));
    return in_words(names);
}

}  // namespace

void create_project_by_hand(const ServiceCall& call,
                            const std::string& name,
                            const std::vector<RepositoryConfig>& repositories) {
    lock_project_name(call.tx, name);
    const bool was_there = find_project(call.tx, name).has_value();
    create_project(call, {name, "", "", ""});
    if (!repositories.empty()) configure_repositories(call, name, repositories);
    if (!was_there || !repositories.empty())
        record(
            call, was_there ? "project.edit" : "project.create", "project " + name, names_of(repositories));
}

bool delete_project_by_hand(const ServiceCall& call, const std::string& name) {
    if (!delete_project(call, name, "")) return false;
    record(call, "project.delete", "project " + name);
    return true;
}

void change_maintainers(const ServiceCall& call, const std::string& name, const MaintainerChanges& changes) {
    const StoredProject project = writable_project(call, name);
    std::string told;
    for (const std::string& login : changes.joining) {
        if (!find_user(call.tx, login)) throw WrongUse("there is no user " + heddle::quoted(login));
        if (add_maintainer(call.tx, project.id, login)) told += (told.empty() ? "+" : " +") + login;
    }
    for (const std::string& login : changes.leaving) {
        if (!remove_maintainer(call.tx, project.id, login))
            throw WrongUse(heddle::quoted(login) + " is no maintainer of " + name);
        told += (told.empty() ? "-" : " -") + login;
    }
    if (maintainers_of(call.tx, project.id).empty())
        throw WrongUse("project " + name + " would be without a maintainer: --add-maintainer another one");
    if (!told.empty()) record(call, "project.edit", "project " + name, "maintainers " + told);
}

SourceRevision create_package_by_hand(const ServiceCall& call,
                                      const PackageRef& ref,
                                      const std::optional<std::string>& scmsync,
                                      const Sources& sources) {
    writable_project(call, ref.project);  // nobody makes it after the look
    const bool was_there = find_package(call.tx, ref).has_value();
    const SourceRevision made = create_package(call, ref, scmsync, sources);
    if (!was_there)
        record(call,
               "package.create",
               "package " + to_string(ref),
               scmsync
                   ? *scmsync
                   : std::to_string(sources.files.size()) + (sources.files.size() == 1 ? " file" : " files"));
    return made;
}

bool delete_package_by_hand(const ServiceCall& call, const PackageRef& ref) {
    if (!delete_package(call, ref)) return false;
    record(call, "package.delete", "package " + to_string(ref));
    return true;
}

}  // namespace heddle
