// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/build_service/embedded/embedded_build_service.hpp"
#include "workflows/ports/build_service.hpp"

namespace heddle {

/// The build service of `heddle try`: the embedded one, where what a step names need not be there. Missing
/// projects and packages are made, the tried repository being the packages' git source; repositories that a
/// step configures are built on this machine. It says each thing that differs from a real build service,
/// once. For one thread.
class TryBuildService final : public BuildService {
public:
    using Say = std::function<void(const std::string& line)>;

    /// `repository`: URL of the tried repository; `branch`: that made packages track (the base branch; empty:
    /// the repository's default branch).
    TryBuildService(std::unique_ptr<EmbeddedBuildService> builds,
                    std::string repository,
                    std::string branch,
                    Say say);
    /// The same on a machine of that architecture.
    TryBuildService(std::unique_ptr<EmbeddedBuildService> builds,
                    std::string repository,
                    std::string branch,
                    Say say,
                    std::string host_architecture);

    bool project_exists(const std::string& project) override;
    bool package_exists(const PackageRef& package) override;
    void create_project(const NewProject& project) override;
    bool delete_project(const std::string& project, const std::string& comment) override;
    bool restore_project(const std::string& project) override;
    void branch_package(const PackageRef& source,
                        const PackageRef& target,
                        const BranchOptions& options) override;
    SourceRevision link_package(const PackageRef& source,
                                const PackageRef& target,
                                const std::string& run) override;
    void link_project(const std::string& source, const std::string& target) override;
    bool unlink_project(const std::string& source, const std::string& target) override;
    std::optional<std::string> scmsync(const PackageRef& package) override;
    SourceRevision set_scmsync(const PackageRef& package,
                               const std::string& url,
                               const std::string& run) override;
    SourceRevision write_file(const PackageRef& package,
                              const std::string& name,
                              const std::string& content,
                              const std::string& run) override;
    void configure_repositories(const std::string& project,
                                const std::vector<RepositoryConfig>& repositories) override;
    void set_flags(const std::vector<FlagSetting>& flags) override;
    SourceRevision rebuild_package(const PackageRef& package, const std::string& run) override;
    ServiceRun run_services(const PackageRef& package, const ServiceTrigger& trigger) override;
    Request create_request(const NewRequest& request) override;
    std::optional<Request> find_request(std::int64_t number) override;
    bool supersede_request(std::int64_t number, std::int64_t by) override;
    bool revoke_request(std::int64_t number, const std::string& comment) override;
    ResultsByPackage results(const std::string& project, const std::vector<std::string>& packages) override;
    std::vector<BuildEvent> latest_events(const std::string& project,
                                          const std::vector<std::string>& packages) override;
    std::optional<SourceRevision> revision_of_run(const PackageRef& package, const std::string& run) override;

private:
    void say_once(const std::string& sentence);
    void ensure_project(const std::string& project);
    void ensure_package(const PackageRef& package);
    /// The same, at the head of the tracked branch where it has no revision yet.
    void ensure_sources(const PackageRef& package);
    RepositoryConfig built_here(const std::string& project, const RepositoryConfig& repository);
    std::string tracked_url() const;

    std::string tracked_branch() const;

    std::unique_ptr<EmbeddedBuildService> builds_;
    std::string repository_;
    std::string branch_;
    Say say_;
    std::string host_architecture_;
    std::set<std::string> said_;
};

}  // namespace heddle
