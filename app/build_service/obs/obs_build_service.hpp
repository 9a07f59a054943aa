// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/build_service/obs/obs_client.hpp"
#include "app/build_service/obs/obs_results.hpp"
#include "app/config/config.hpp"
#include "workflows/ports/build_service.hpp"

namespace heddle {

/// In whose name an Open Build Service is asked, and what that may change there.
struct ObsActor {
    std::string login;  // of the executor, Heddle's own name for him
    /// Why he may not change that project, in one sentence; nullopt: he may. An account that all executors
    /// share can do more than each of them may, so it is Heddle that must tell (design, section 9). Asked
    /// before each write; of a backend this is the only check there is.
    std::function<std::optional<std::string>(const std::string& project)> why_not;
};

/// An Open Build Service behind the port, in one of two dialects: the public API of an OBS with its frontend,
/// or its source server directly ("backend"), Heddle being the frontend. Holds no state. Thread-safe.
///
/// A revision is named by the number of the package's own history and the digest of the sources as they are
/// built, links and services expanded, as build events name it. What a run makes carries the run's mark at
/// the end of the comment in the history.
class ObsBuildService final : public BuildService {
public:
    using Dialect = BuildServiceConfig::Dialect;

    /// `client` must outlive it. `account`: the login that `client` shows, for dialect Public.
    ObsBuildService(ObsClient& client, Dialect dialect, std::string account, ObsActor actor);

    bool project_exists(const std::string& project) override;
    /// A package without any sources, as one is left behind where branching was cut off, does not count.
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
    /// GiveUp, with its own word, from an OBS that does not know scmsync (2.9).
    SourceRevision set_scmsync(const PackageRef& package,
                               const std::string& url,
                               const std::string& run) override;
    SourceRevision write_file(const PackageRef& package,
                              const std::string& name,
                              const std::string& content,
                              const std::string& run) override;
    void configure_repositories(const std::string& project,
                                const std::vector<RepositoryConfig>& repositories) override;
    /// All are looked at before the first is set; what OBS refuses in the middle leaves the ones before.
    void set_flags(const std::vector<FlagSetting>& flags) override;
    SourceRevision rebuild_package(const PackageRef& package, const std::string& run) override;
    ServiceRun run_services(const PackageRef& package, const ServiceTrigger& trigger) override;
    /// Requests are kept by a frontend: all four give up where there is none. Making one needs a grant for
    /// the source's project.
    Request create_request(const NewRequest& request) override;
    std::optional<Request> find_request(std::int64_t number) override;
    bool supersede_request(std::int64_t number, std::int64_t by) override;
    bool revoke_request(std::int64_t number, const std::string& comment) override;
    ResultsByPackage results(const std::string& project, const std::vector<std::string>& packages) override;
    std::vector<BuildEvent> latest_events(const std::string& project,
                                          const std::vector<std::string>& packages) override;
    std::optional<SourceRevision> revision_of_run(const PackageRef& package, const std::string& run) override;

private:
    using Meta = pugi::xml_document;
    using Names = std::vector<std::string>;
    using UseJob = std::function<void(const std::string& package, pugi::xml_node job)>;
    /// Both by package.
    struct PresentSources {
        std::map<std::string, SourceRevision> revisions;
        std::map<std::string, Names> flavours;  // "package:flavour"; of a frontend: none
    };
    struct PackageMeta {
        Meta project;
        Meta package;
    };

    bool is_backend() const { return dialect_ == Dialect::Backend; }
    /// So many packages may be named in one request: which of several a frontend reads is not said.
    std::size_t most_names() const { return is_backend() ? 50 : 1; }
    /// What every write tells: who and why.
    ObsQuery telling(const std::string& comment) const;
    void require_grant(const std::string& project, const std::string& doing) const;
    std::optional<Meta> find_project(const std::string& project, const std::string& doing);
    /// Of a package that is kept in that very project.
    std::optional<Meta> find_package(const PackageRef& package, const std::string& doing);
    /// In that project, or in one that it links to.
    std::optional<Meta> find_package_by_links(const PackageRef& package, const std::string& doing);
    /// GiveUp unless it is there, the executor may change it, and it is not locked.
    Meta writable_project(const std::string& project, const std::string& doing);
    PackageMeta writable_package(const PackageRef& package, const std::string& doing);
    static void require_unlocked(const std::string& project, const Meta& meta, const std::string& doing);
    static void require_unlocked(const PackageRef& package,
                                 const Meta& project_meta,
                                 const Meta& meta,
                                 const std::string& doing);
    /// GiveUp unless it is there, or in a linked project.
    PackageMeta present_package(const PackageRef& package, const std::string& doing);
    /// GiveUp where it is hidden from the executor.
    void require_visible(const PackageRef& package, const PackageMeta& meta, const std::string& doing);
    void require_rebuildable(const PackageRef& package, const std::string& doing);
    /// GiveUp unless it is there, or in a linked project, and not hidden from the executor.
    PackageMeta readable_package(const PackageRef& package, const std::string& doing);
    void put_project(const std::string& project, const Meta& meta, const std::string& doing);
    void put_package(const PackageRef& package, const Meta& meta, const std::string& doing);

    void refuse_circle(const std::string& source, const std::string& target, const std::string& doing);
    void require_requests(const std::string& doing) const;
    std::optional<Request> request_of_run(const NewRequest& wanted, const std::string& doing);
    std::optional<Request> find_alike(const NewRequest& wanted, const std::string& doing);
    /// False: it had ended, or there is none.
    bool end_request(std::int64_t number, const ObsQuery& to, const std::string& doing);
    void wait_until_deleted(const std::string& project,
                            const std::set<std::string>& packages,
                            const std::string& doing);

    void make_project_of_branch(const PackageRef& source,
                                pugi::xml_node source_project,
                                const PackageRef& target,
                                const BranchOptions& options,
                                const std::string& doing);
    void branch_at_backend(const PackageRef& source,
                           pugi::xml_node source_package,
                           const PackageRef& target,
                           bool is_there,
                           const std::string& doing);
    void branch_at_frontend(const PackageRef& source, const PackageRef& target, const std::string& doing);
    bool has_sources(const PackageRef& package, const Meta& meta, const std::string& doing);
    /// Older frontends (OBS 2.10) take the command to wait for a change, which needs a right that who only
    /// branches has not: there it is looked whether they run. Retry while they do.
    void await_services_of_origin(const PackageRef& package, const std::string& doing);
    /// Of a package that we may change.
    void wait_for_services(const PackageRef& package, const std::string& doing);
    void set_flags_of(const std::vector<FlagSetting>& flags, const std::string& doing);

    /// The present one where `rev` is empty. nullopt: there is none.
    std::optional<SourceRevision> find_revision(const PackageRef& package,
                                                const std::string& rev,
                                                const std::string& doing);
    SourceRevision revision_of(const pugi::xml_document& answer,
                               const PackageRef& package,
                               const std::string& doing);
    /// Made of the commit that the URL names; nullopt: OBS has not fetched it yet.
    std::optional<SourceRevision> fetched_revision(const PackageRef& package,
                                                   const std::string& url,
                                                   const std::string& doing);
    /// By the mark in the history of the sources.
    std::optional<SourceRevision> marked_revision(const PackageRef& package,
                                                  const std::string& run,
                                                  const std::string& doing);
    /// By the commit that a package kept in git was pointed at, once OBS has fetched it.
    std::optional<SourceRevision> synced_revision(const PackageRef& package,
                                                  const std::string& run,
                                                  const std::string& doing);
    /// Was it that run, as the last of all runs, that pointed the package at `url`, where it points now?
    bool is_wish_of_run(const PackageRef& package,
                        const std::string& run,
                        const std::string& url,
                        const std::string& doing);
    bool is_latest_of_run(const PackageRef& package, const std::string& run, const std::string& doing);
    /// What is built of a package, as its own sources say: "" is the package itself, without a flavour. One
    /// request, and another one where they name flavours.
    std::vector<std::string> find_flavours(const PackageRef& package, const std::string& doing);
    /// The newest jobs there of these packages, oldest first.
    Meta job_history(const ObsPlace& place, const Names& packages, const std::string& doing);
    /// Shows `use` the newest job there of each of these packages; a null node: there is none.
    void each_newest_job(const ObsPlace& place,
                         const Names& packages,
                         const std::string& doing,
                         const UseJob& use);
    void add_results(const std::string& project,
                     pugi::xml_node project_meta,
                     const Names& packages,
                     const PresentSources& present,
                     const std::string& doing,
                     ResultsByPackage& results);
    void add_revisions(const std::string& project,
                       std::vector<ListedResult>& listed,
                       const std::string& doing);
    void add_promised(const PackageRef& package,
                      pugi::xml_node project_meta,
                      const std::string& doing,
                      std::vector<BuildResult>& results);
    /// Waiting is what is listed as not built because of other sources.
    void settle_unbuilt(const std::string& project,
                        pugi::xml_node project_meta,
                        std::vector<ListedResult>& listed,
                        const std::string& doing);
    /// Of which sources it is true that they are not built there (not known: of any); nullopt: the present
    /// ones will be.
    std::optional<SourceRevision> unbuilt_revision(const std::string& project,
                                                   pugi::xml_node project_meta,
                                                   const ListedResult& listed,
                                                   const std::string& doing);
    /// One request for many packages and, of a backend, one for the project.
    PresentSources present_sources(const std::string& project,
                                   const Names& packages,
                                   const std::string& doing);
    /// Marks what is listed of other sources than the present ones, as far as that may hide flavours.
    void mark_outdated(const std::string& project,
                       const PresentSources& present,
                       std::vector<ListedResult>& listed) const;
    void add_latest_events(const std::string& project,
                           pugi::xml_node project_meta,
                           const Names& packages,
                           const std::string& doing,
                           std::vector<BuildEvent>& events);
    /// That nobody looks at some places where these packages would be built, `revisions` by package.
    void add_unwatched(const std::string& project,
                       pugi::xml_node project_meta,
                       const std::set<ObsPlace>& places,
                       const std::map<std::string, SourceRevision>& revisions,
                       const std::string& doing,
                       std::vector<BuildEvent>& events);
    /// What is not built, each with the start of the newest build before.
    void add_unbuilt(const std::string& project,
                     pugi::xml_node project_meta,
                     const std::vector<ListedResult>& results,
                     const std::map<std::string, SourceRevision>& revisions,
                     const std::string& doing,
                     std::vector<BuildEvent>& events);
    /// How the newest builds of these packages at one place ended, as they are listed in `results`.
    void add_ends(const ObsPlace& place,
                  const Names& packages,
                  const std::vector<ListedResult>& results,
                  const std::map<std::string, SourceRevision>& revisions,
                  const std::string& doing,
                  std::vector<BuildEvent>& events);

    ObsClient& client_;
    const Dialect dialect_;
    const std::string account_;
    const ObsActor actor_;
};

}  // namespace heddle
