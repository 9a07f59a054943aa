// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/fake_build_service.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace heddle::test {
namespace {

[[noreturn]] void give_up(const std::string& doing, const std::string& why) {
    throw RemoteError(RemoteError::Kind::GiveUp, doing, why);
}

SourceRevision newest(const FakePackage& package) {
    return package.history.empty() ? SourceRevision{} : package.history.back().revision;
}

std::optional<SourceRevision> made_by(const FakePackage& package, const std::string& run) {
    for (auto at = package.history.rbegin(); at != package.history.rend(); ++at)
        if (at->run == run) return at->revision;
    return std::nullopt;
}

std::string with_subdir(const std::string& url, const std::string& package) {
    const std::size_t fragment = std::min(url.find('#'), url.size());
    const std::string address = url.substr(0, fragment);
    const char* mark = address.find('?') == std::string::npos ? "?" : "&";
    return address + mark + "subdir=" + package + url.substr(fragment);
}

/// As the port says: paths are added, all else is replaced.
void configure(std::vector<RepositoryConfig>& present, const RepositoryConfig& wanted) {
    auto found = std::find_if(present.begin(), present.end(), [&](const RepositoryConfig& repository) {
        return repository.name == wanted.name;
    });
    if (found == present.end()) found = present.insert(found, {wanted.name, {}, {}, {}, {}});
    for (const RepositoryPath& path : wanted.paths)
        if (std::find(found->paths.begin(), found->paths.end(), path) == found->paths.end())
            found->paths.push_back(path);
    found->architectures = wanted.architectures;
    found->rebuild = wanted.rebuild;
    found->linkedbuild = wanted.linkedbuild;
}

bool same_flag(const FlagSetting& one, const FlagSetting& other) {
    return one.type == other.type && one.package == other.package && one.repository == other.repository &&
           one.architecture == other.architecture;
}

bool is_locked(const FakeProject& project, const std::string& package) {
    return std::any_of(project.flags.begin(), project.flags.end(), [&](const FlagSetting& flag) {
        return flag.type == "lock" && flag.status == "enable" && flag.package == package;
    });
}

}  // namespace

FakeBuildService::FakeBuildService(std::shared_ptr<CallJournal> journal) : journal_(std::move(journal)) {}

FakeProject* FakeBuildService::find_project(const std::string& name) {
    const auto found = projects_.find(name);
    return found == projects_.end() ? nullptr : &found->second;
}

FakePackage* FakeBuildService::find_package(const PackageRef& ref) {
    FakeProject* project = find_project(ref.project);
    if (project == nullptr) return nullptr;
    const auto found = project->packages.find(ref.package);
    return found == project->packages.end() ? nullptr : &found->second;
}

FakeProject& FakeBuildService::require_project(const std::string& name, const std::string& doing) {
    FakeProject* project = find_project(name);
    if (project == nullptr) give_up(doing, "there is no project " + name);
    return *project;
}

FakePackage& FakeBuildService::require_package(const PackageRef& ref, const std::string& doing) {
    FakePackage* package = find_package(ref);
    if (package == nullptr) give_up(doing, "there is no package " + to_string(ref));
    return *package;
}

SourceRevision FakeBuildService::commit(FakePackage& package,
                                        const std::string& run,
                                        const std::string& comment) {
    SourceRevision made{std::to_string(package.history.size() + 1), "srcmd5-" + std::to_string(++commits_)};
    package.history.push_back({made, run, comment});
    return made;
}

void FakeBuildService::add_project(const std::string& project) {
    const std::lock_guard lock(mutex_);
    projects_[project].about.name = project;
}

void FakeBuildService::add_package(const PackageRef& package) {
    add_project(package.project);
    const std::lock_guard lock(mutex_);
    commit(projects_[package.project].packages[package.package], "", "");
}

void FakeBuildService::add_git_package(const PackageRef& package, const std::string& url) {
    add_package(package);
    const std::lock_guard lock(mutex_);
    find_package(package)->scmsync = url;
}

void FakeBuildService::add_git_project(const std::string& project, const std::string& url) {
    add_project(project);
    const std::lock_guard lock(mutex_);
    projects_[project].scmsync = url;
}

void FakeBuildService::add_services(const PackageRef& package, bool change_something) {
    add_package(package);
    const std::lock_guard lock(mutex_);
    find_package(package)->services = change_something;
}

void FakeBuildService::set_results(const PackageRef& package, const std::vector<BuildResult>& results) {
    const std::lock_guard lock(mutex_);
    require_package(package, "set results").results = results;
}

void FakeBuildService::set_latest_events(const PackageRef& package, const std::vector<BuildEvent>& events) {
    const std::lock_guard lock(mutex_);
    require_package(package, "set latest events").latest_events = events;
}

void FakeBuildService::forget_deleted() {
    const std::lock_guard lock(mutex_);
    deleted_.clear();
}

std::optional<FakeProject> FakeBuildService::project(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = projects_.find(name);
    return found == projects_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<FakePackage> FakeBuildService::package(const PackageRef& ref) const {
    const auto holder = project(ref.project);
    if (!holder || !holder->packages.contains(ref.package)) return std::nullopt;
    return holder->packages.at(ref.package);
}

bool FakeBuildService::project_exists(const std::string& project) {
    return call("project_exists", project, [&] { return find_project(project) != nullptr; });
}

bool FakeBuildService::package_exists(const PackageRef& package) {
    return call("package_exists", to_string(package), [&] { return find_package(package) != nullptr; });
}

void FakeBuildService::create_project(const NewProject& project) {
    call("create_project", project.name, [&] {
        projects_.try_emplace(project.name, FakeProject{project, {}, {}, {}, {}, {}});
    });
}

bool FakeBuildService::delete_project(const std::string& project, const std::string& comment) {
    return call("delete_project", project + " (" + comment + ")", [&] {
        auto taken = projects_.extract(project);
        if (taken.empty()) return false;
        deleted_.insert_or_assign(project, std::move(taken.mapped()));
        return true;
    });
}

bool FakeBuildService::restore_project(const std::string& project) {
    return call("restore_project", project, [&] {
        if (find_project(project) != nullptr) return true;
        return projects_.insert(deleted_.extract(project)).inserted;
    });
}

void FakeBuildService::branch_package(const PackageRef& source,
                                      const PackageRef& target,
                                      const BranchOptions& options) {
    call("branch_package", to_string(source) + " -> " + to_string(target), [&] {
        FakeProject& from = require_project(source.project, "branch " + to_string(source));
        if (!from.scmsync && find_package_by_links(source) == nullptr)
            give_up("branch " + to_string(source), "there is no package " + to_string(source));
        if (find_package(target) != nullptr) return;
        auto [at, is_new] = projects_.try_emplace(target.project);
        if (is_new) {
            at->second.about = {target.project, "Branch of " + to_string(source), "", options.project_url};
            if (options.add_repositories) at->second.repositories = from.repositories;
        }
        FakePackage& made = at->second.packages[target.package];
        const FakePackage* original = find_package_by_links(source);
        if (original != nullptr) made.scmsync = original->scmsync;
        if (!made.scmsync) made.link = source;
        commit(made, "", "branch");
    });
}

SourceRevision FakeBuildService::link_package(const PackageRef& source,
                                              const PackageRef& target,
                                              const std::string& run) {
    return call("link_package", to_string(target) + " -> " + to_string(source), [&] {
        const std::string doing = "link " + to_string(target);
        require_package(source, doing);
        FakePackage& package = require_project(target.project, doing).packages[target.package];
        if (package.link == source) return newest(package);
        package.link = source;
        return commit(package, run, "link");
    });
}

FakePackage* FakeBuildService::find_package_by_links(const PackageRef& ref) {
    if (FakePackage* found = find_package(ref)) return found;
    const FakeProject* project = find_project(ref.project);
    if (project == nullptr) return nullptr;
    for (const std::string& linked : project->links)
        if (FakePackage* found = find_package_by_links({linked, ref.package})) return found;
    return nullptr;
}

bool FakeBuildService::reaches_by_links(const std::string& project, const std::string& linked) {
    if (project == linked) return true;
    const FakeProject* found = find_project(project);
    return found != nullptr && std::any_of(found->links.begin(), found->links.end(), [&](const auto& next) {
               return reaches_by_links(next, linked);
           });
}

void FakeBuildService::link_project(const std::string& source, const std::string& target) {
    call("link_project", target + " -> " + source, [&] {
        const std::string doing = "link project " + target;
        require_project(source, doing);
        std::vector<std::string>& links = require_project(target, doing).links;
        if (reaches_by_links(source, target)) give_up(doing, "the links would run in a circle");
        if (std::find(links.begin(), links.end(), source) == links.end()) links.push_back(source);
    });
}

bool FakeBuildService::unlink_project(const std::string& source, const std::string& target) {
    return call("unlink_project", target + " -> " + source, [&] {
        FakeProject* found = find_project(target);
        return found != nullptr && std::erase(found->links, source) == 1;
    });
}

std::optional<std::string> FakeBuildService::scmsync(const PackageRef& package) {
    return call("scmsync", to_string(package), [&]() -> std::optional<std::string> {
        const FakePackage* found = find_package(package);
        if (found != nullptr && found->scmsync) return found->scmsync;
        const FakeProject* holder = find_project(package.project);
        if (holder == nullptr || !holder->scmsync) return std::nullopt;
        return with_subdir(*holder->scmsync, package.package);
    });
}

SourceRevision FakeBuildService::set_scmsync(const PackageRef& package,
                                             const std::string& url,
                                             const std::string& run) {
    return call("set_scmsync", to_string(package) + " " + url, [&] {
        FakePackage& found = require_package(package, "set the source of " + to_string(package));
        if (const auto earlier = made_by(found, run); earlier && found.scmsync == url) return *earlier;
        found.scmsync = url;
        if (!syncs_later) return commit(found, run, "scmsync");
        found.wished_by = run;
        return SourceRevision{};
    });
}

void FakeBuildService::sync(const PackageRef& package) {
    const std::lock_guard lock(mutex_);
    FakePackage& found = require_package(package, "sync");
    commit(found, found.wished_by, "scmsync");
}

SourceRevision FakeBuildService::write_file(const PackageRef& package,
                                            const std::string& name,
                                            const std::string& content,
                                            const std::string& run) {
    return call("write_file", to_string(package) + " " + name, [&] {
        FakePackage& found = require_package(package, "write " + name + " to " + to_string(package));
        const auto earlier = made_by(found, run);
        if (earlier && found.files.contains(name) && found.files.at(name) == content) return *earlier;
        found.files[name] = content;
        return commit(found, run, name);
    });
}

void FakeBuildService::configure_repositories(const std::string& project,
                                              const std::vector<RepositoryConfig>& repositories) {
    call("configure_repositories", project, [&] {
        FakeProject& found = require_project(project, "configure " + project);
        for (const RepositoryConfig& repository : repositories) configure(found.repositories, repository);
    });
}

void FakeBuildService::set_flags(const std::vector<FlagSetting>& flags) {
    call("set_flags", std::to_string(flags.size()), [&] {
        for (const FlagSetting& flag : flags) {
            require_project(flag.project, "set flags");
            if (!flag.package.empty()) require_package({flag.project, flag.package}, "set flags");
        }
        for (const FlagSetting& flag : flags) {
            auto& present = find_project(flag.project)->flags;
            std::erase_if(present, [&](const FlagSetting& other) { return same_flag(flag, other); });
            present.push_back(flag);
        }
    });
}

SourceRevision FakeBuildService::rebuild_package(const PackageRef& package, const std::string& run) {
    return call("rebuild_package", to_string(package) + " for " + run, [&] {
        FakePackage& found = require_package(package, "rebuild " + to_string(package));
        ++found.rebuilds;
        return newest(found);
    });
}

ServiceRun FakeBuildService::run_services(const PackageRef& package, const ServiceTrigger& trigger) {
    return call("run_services", to_string(package) + " \"" + trigger.comment + "\"", [&] {
        const std::string doing = "run the services of " + to_string(package);
        FakePackage& found = require_package(package, doing);
        if (!found.services) give_up(doing, "it has no source services");
        found.triggers.push_back(trigger);
        const auto earlier = made_by(found, trigger.run);
        if (earlier && services_know_runs) return ServiceRun{*earlier, true, ""};
        if (!*found.services) return ServiceRun{newest(found), false, ""};
        return ServiceRun{commit(found, trigger.run, trigger.comment), true, ""};
    });
}

ResultsByPackage FakeBuildService::results(const std::string& project,
                                           const std::vector<std::string>& packages) {
    return call("results", project, [&] {
        ResultsByPackage results;
        for (const std::string& name : packages)
            if (const FakePackage* found = find_package({project, name});
                found != nullptr && !found->results.empty()) {
                results[name] = found->results;
                if (!is_locked(*find_project(project), name)) continue;
                for (BuildResult& result : results[name]) result.state = BuildState::Disabled;
            }
        return results;
    });
}

std::vector<BuildEvent> FakeBuildService::latest_events(const std::string& project,
                                                        const std::vector<std::string>& packages) {
    return call("latest_events", project, [&]() -> std::vector<BuildEvent> {
        if (find_project(project) == nullptr) return {deletion_of({project, ""})};
        std::vector<BuildEvent> events;
        for (const std::string& name : packages) {
            const FakePackage* found = find_package({project, name});
            if (found == nullptr)
                events.push_back(deletion_of({project, name}));
            else
                events.insert(events.end(), found->latest_events.begin(), found->latest_events.end());
        }
        return events;
    });
}

std::optional<SourceRevision> FakeBuildService::revision_of_run(const PackageRef& package,
                                                                const std::string& run) {
    return call("revision_of_run", to_string(package) + " " + run, [&]() -> std::optional<SourceRevision> {
        const FakePackage* found = find_package(package);
        return found == nullptr ? std::nullopt : made_by(*found, run);
    });
}

}  // namespace heddle::test
