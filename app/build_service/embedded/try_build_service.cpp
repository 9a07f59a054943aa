// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/try_build_service.hpp"

#include <algorithm>
#include <utility>

#include "app/build_service/embedded/repository_paths.hpp"
#include "app/build_service/embedded/schedule.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

/// A project of a pull request is made by the steps, in their order: one that is missing is a mistake in the
/// file that a real build service would show too.
bool is_of_pull_request(const std::string& project) {
    const std::size_t colon = project.rfind(':');
    if (colon == std::string::npos || project.compare(colon, 4, ":PR-") != 0) return false;
    return project.size() > colon + 4 &&
           project.find_first_not_of("0123456789", colon + 4) == std::string::npos;
}

std::string paths_in_words(const RepositoryConfig& repository) {
    std::vector<std::string> paths;
    for (const RepositoryPath& path : repository.paths) paths.push_back(path.project + "/" + path.repository);
    return paths.empty() ? "no paths" : in_words(paths);
}

}  // namespace

TryBuildService::TryBuildService(std::unique_ptr<EmbeddedBuildService> builds,
                                 std::string repository,
                                 std::string branch,
                                 Say say)
    : TryBuildService(std::move(builds),
                      std::move(repository),
                      std::move(branch),
                      std::move(say),
                      heddle::host_architecture()) {}

TryBuildService::TryBuildService(std::unique_ptr<EmbeddedBuildService> builds,
                                 std::string repository,
                                 std::string branch,
                                 Say say,
                                 std::string host_architecture)
    : builds_(std::move(builds)),
      repository_(std::move(repository)),
      branch_(std::move(branch)),
      say_(std::move(say)),
      host_architecture_(std::move(host_architecture)) {}

std::string TryBuildService::tracked_url() const {
    return branch_.empty() ? repository_ : repository_ + "#" + branch_;
}

std::string TryBuildService::tracked_branch() const {
    return branch_.empty() ? "the default branch" : "branch " + branch_;
}

void TryBuildService::say_once(const std::string& sentence) {
    if (said_.insert(sentence).second) say_(sentence);
}

void TryBuildService::ensure_project(const std::string& project) {
    if (is_of_pull_request(project) || builds_->project_exists(project)) return;
    builds_->create_project({project, "", "Made by heddle try", ""});
    builds_->configure_repositories(project,
                                    {{kLocalRepository.repository, {}, {host_architecture_}, "", ""}});
    say_once("project " + project + " was missing: made it, with repository " + kLocalRepository.repository +
             " for " + host_architecture_);
}

void TryBuildService::ensure_package(const PackageRef& package) {
    ensure_project(package.project);
    // A pull request's package is made by a step; what is missing there is missing.
    if (is_of_pull_request(package.project)) return;
    switch (builds_->ensure_git_package(package, tracked_url())) {
        case EnsuredPackage::Present: return;
        case EnsuredPackage::Made:
            say_once("package " + to_string(package) + " was missing: made it, its sources are " +
                     tracked_branch() + " of this repository");
            return;
        case EnsuredPackage::Moved:
            say_once("package " + to_string(package) + " was made by an earlier try: now its sources are " +
                     tracked_branch() + " of this repository");
            return;
    }
}

void TryBuildService::ensure_sources(const PackageRef& package) {
    ensure_package(package);
    if (!builds_->package_exists(package) || builds_->has_sources(package)) return;
    builds_->set_scmsync(package, tracked_url(), "");
}

RepositoryConfig TryBuildService::built_here(const std::string& project, const RepositoryConfig& repository) {
    const RepositoryConfig here{repository.name,
                                {kLocalRepository},
                                {host_architecture_},
                                repository.rebuild,
                                repository.linkedbuild};
    if (here.paths != repository.paths || here.architectures != repository.architectures)
        say_once("repository " + repository.name + " of " + project + " is built on this machine (" +
                 kLocalRepository.project + "/" + kLocalRepository.repository + ", " + host_architecture_ +
                 "), not with " + paths_in_words(repository) + " for " + in_words(repository.architectures));
    return here;
}

bool TryBuildService::project_exists(const std::string& project) { return builds_->project_exists(project); }

bool TryBuildService::package_exists(const PackageRef& package) { return builds_->package_exists(package); }

void TryBuildService::create_project(const NewProject& project) { builds_->create_project(project); }

bool TryBuildService::delete_project(const std::string& project, const std::string& comment) {
    const bool was_there = builds_->delete_project(project, comment);
    // No step tells of one that the file names no more.
    if (was_there) say_once("project " + project + " is deleted: " + comment);
    return was_there;
}

bool TryBuildService::restore_project(const std::string& project) {
    return builds_->restore_project(project);
}

void TryBuildService::branch_package(const PackageRef& source,
                                     const PackageRef& target,
                                     const BranchOptions& options) {
    ensure_package(source);
    builds_->branch_package(source, target, options);
}

SourceRevision TryBuildService::link_package(const PackageRef& source,
                                             const PackageRef& target,
                                             const std::string& run) {
    ensure_sources(source);
    return builds_->link_package(source, target, run);
}

void TryBuildService::link_project(const std::string& source, const std::string& target) {
    ensure_project(source);
    builds_->link_project(source, target);
}

bool TryBuildService::unlink_project(const std::string& source, const std::string& target) {
    return builds_->unlink_project(source, target);
}

std::optional<std::string> TryBuildService::scmsync(const PackageRef& package) {
    return builds_->scmsync(package);
}

SourceRevision TryBuildService::set_scmsync(const PackageRef& package,
                                            const std::string& url,
                                            const std::string& run) {
    return builds_->set_scmsync(package, url, run);
}

SourceRevision TryBuildService::write_file(const PackageRef& package,
                                           const std::string& name,
                                           const std::string& content,
                                           const std::string& run) {
    return builds_->write_file(package, name, content, run);
}

void TryBuildService::configure_repositories(const std::string& project,
                                             const std::vector<RepositoryConfig>& repositories) {
    ensure_project(project);
    std::vector<RepositoryConfig> here;
    for (const RepositoryConfig& repository : repositories) here.push_back(built_here(project, repository));
    builds_->configure_repositories(project, here);
}

void TryBuildService::set_flags(const std::vector<FlagSetting>& flags) {
    for (const FlagSetting& flag : flags) ensure_project(flag.project);
    builds_->set_flags(flags);
}

SourceRevision TryBuildService::rebuild_package(const PackageRef& package, const std::string& run) {
    ensure_sources(package);
    return builds_->rebuild_package(package, run);
}

ServiceRun TryBuildService::run_services(const PackageRef& package, const ServiceTrigger& trigger) {
    ensure_package(package);
    return builds_->run_services(package, trigger);
}

Request TryBuildService::create_request(const NewRequest& request) {
    ensure_sources(request.source);
    ensure_project(request.target.project);
    const Request made = builds_->create_request(request);
    say_once("request " + std::to_string(made.number) + " to " + to_string(request.target) +
             " is made in the database of this try only; nobody waits for it");
    return made;
}

std::optional<Request> TryBuildService::find_request(std::int64_t number) {
    return builds_->find_request(number);
}

bool TryBuildService::supersede_request(std::int64_t number, std::int64_t by) {
    return builds_->supersede_request(number, by);
}

bool TryBuildService::revoke_request(std::int64_t number, const std::string& comment) {
    return builds_->revoke_request(number, comment);
}

ResultsByPackage TryBuildService::results(const std::string& project,
                                          const std::vector<std::string>& packages) {
    return builds_->results(project, packages);
}

std::vector<BuildEvent> TryBuildService::latest_events(const std::string& project,
                                                       const std::vector<std::string>& packages) {
    return builds_->latest_events(project, packages);
}

std::optional<SourceRevision> TryBuildService::revision_of_run(const PackageRef& package,
                                                               const std::string& run) {
    return builds_->revision_of_run(package, run);
}

}  // namespace heddle
