// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/build_service/embedded/build_store.hpp"
#include "app/build_service/embedded/ensured_package.hpp"
#include "app/build_service/embedded/ref_resolver.hpp"
#include "app/build_service/embedded/request_decision.hpp"
#include "app/build_service/embedded/verbs_by_hand.hpp"
#include "app/postgres/pool.hpp"
#include "workflows/ports/build_service.hpp"

namespace heddle {

/// The build service that lives in Heddle's own database. Acts in the name of one executor: who creates a
/// project is its maintainer, only maintainers change it. It decides what is to be built; builders do it.
/// Holds no state: any number of objects and processes may share a database. Thread-safe.
class EmbeddedBuildService final : public BuildService {
public:
    /// `pool` and `refs` must outlive it. `host_architecture` is what can be built here (OBS's words).
    EmbeddedBuildService(Pool& pool, RefResolver& refs, std::string login);
    EmbeddedBuildService(Pool& pool, RefResolver& refs, std::string login, std::string host_architecture);

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

    // Beyond the port: what people do by hand. What changes is written into the audit log in the executor's
    // name.

    /// Creates a project with its repositories, or adds repositories to one that is there.
    void create_project_by_hand(const std::string& project,
                                const std::vector<RepositoryConfig>& repositories);
    /// False: there was none.
    bool delete_project_by_hand(const std::string& project);
    /// Throws WrongUse; see change_maintainers().
    void change_maintainers(const std::string& project, const MaintainerChanges& changes);

    Request create_request_by_hand(const NewRequest& request);
    /// Throws WrongUse for a request that there is not, or that has ended; see decide_request_by_hand().
    void decide_request_by_hand(std::int64_t number, RequestDecision decision, const std::string& comment);

    /// Creates a package that is kept in git, "URL#revision". Does nothing if it is there with the same URL.
    SourceRevision create_git_package(const PackageRef& package, const std::string& url);
    /// Creates a package of files. Does nothing if it is there with the same files.
    SourceRevision create_file_package(const PackageRef& package, const std::vector<SourceFile>& files);
    /// Has a package in git without anybody having made it: creates it at no revision yet (nothing is built
    /// before somebody asks for it), or points one that was made so before at `url`. One that was made by
    /// hand stays as it is. Its project exists.
    EnsuredPackage ensure_git_package(const PackageRef& package, const std::string& url);
    /// Has it a revision? False for an unknown package too.
    bool has_sources(const PackageRef& package);
    /// With its history and builds. False: there was none.
    bool delete_package(const PackageRef& package);

private:
    template <class Body>
    auto call(const std::string& doing, Body&& body);
    std::string commit_for(const std::string& url);

    Pool& pool_;
    RefResolver& refs_;
    std::string login_;
    std::string host_architecture_;
};

}  // namespace heddle
