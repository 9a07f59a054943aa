// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "workflows/model/build_event.hpp"
#include "workflows/model/build_result.hpp"
#include "workflows/model/package_ref.hpp"
#include "workflows/model/request.hpp"
#include "workflows/model/step_outcome.hpp"

namespace heddle {

struct NewProject {
    std::string name;
    std::string title;
    std::string description;
    std::string url;  // of the pull request that it is for; may be empty
};

struct BranchOptions {
    bool add_repositories = true;  // copy the source project's repositories when the target project is new
    std::string project_url;       // for a new target project
};

struct RepositoryPath {
    std::string project;
    std::string repository;
    bool operator==(const RepositoryPath&) const = default;
};

/// One repository of a project. Empty `rebuild` and `linkedbuild` mean the build service's default.
struct RepositoryConfig {
    std::string name;
    std::vector<RepositoryPath> paths;
    std::vector<std::string> architectures;
    std::string rebuild;      // transitive, direct, local
    std::string linkedbuild;  // off, localdep, all, alldirect, alldirect_or_localdep
};

/// One flag. An empty package means the project, empty repository and architecture mean all of them.
struct FlagSetting {
    std::string type;    // lock build publish debuginfo useforbuild binarydownload sourceaccess access
    std::string status;  // enable disable
    std::string project;
    std::string package;
    std::string repository;
    std::string architecture;
};

/// Why source services are run: which commit of which branch somebody pushed.
struct ServiceTrigger {
    std::string comment;  // recorded in the package's history
    std::string run;      // marks the revision; finds it again after a lost answer
    std::string clone_url;
    std::string branch;  // empty for a tag
    std::string commit_sha;
};

struct ServiceRun {
    SourceRevision revision;  // after the services
    bool changed = false;     // a new revision was made by this trigger (or by an earlier try of it)
    std::string message;      // what was built instead, when it is not the trigger's commit
};

/// A request to be made: take the source's present revision into the target.
struct NewRequest {
    PackageRef source;
    PackageRef target;
    std::string description;
    std::string run;  // marks it; finds it again after a lost answer
    /// Earlier ones between the same packages: one that is open and asks for that very revision is as good.
    std::vector<std::int64_t> alike;
};

/// The system that builds, in the language of the steps. Every call acts in the name of one executor.
///
/// Every verb is safe to repeat: a second call with equal arguments leaves the same projects, packages,
/// links and files (an extra revision or rebuild is allowed). All throw RemoteError: GiveUp for what can't
/// work (unknown project or package, no permission, refused name), Retry for what may work later.
class BuildService {
public:
    virtual ~BuildService() = default;

    virtual bool project_exists(const std::string& project) = 0;
    virtual bool package_exists(const PackageRef& package) = 0;

    /// Does nothing if the project exists. The executor becomes maintainer; no repositories.
    virtual void create_project(const NewProject& project) = 0;
    /// The whole project with all packages and builds; it can be restored. False: there was none.
    virtual bool delete_project(const std::string& project, const std::string& comment) = 0;
    /// Brings back what delete_project took. False: nothing to restore. True also when it exists already.
    virtual bool restore_project(const std::string& project) = 0;

    /// Makes `target` a branch of `source`, target project included. Does nothing if `target` exists.
    /// Waits for running services of the source first. GiveUp if the source does not exist.
    virtual void branch_package(const PackageRef& source,
                                const PackageRef& target,
                                const BranchOptions& options) = 0;
    /// Makes `target` (created if missing, in an existing project) a link to `source`; returns its new
    /// revision, or the present one when that link stands already.
    virtual SourceRevision link_package(const PackageRef& source,
                                        const PackageRef& target,
                                        const std::string& run) = 0;
    /// Makes the packages of `source` appear in `target`, an existing project: puts the link behind the ones
    /// that are there. Does nothing if it stands already. GiveUp if the source does not exist, or if the
    /// links would run in a circle.
    virtual void link_project(const std::string& source, const std::string& target) = 0;
    /// Takes such a link away. False: there was none; that the source is gone is no matter.
    virtual bool unlink_project(const std::string& source, const std::string& target) = 0;
    /// The URL (with fragment) of the git repository that a package is kept in; nullopt: its files are kept
    /// by the build service. Project-level scmsync answers with the project's URL and `subdir=` in its query;
    /// so does a package that does not exist yet in such a project.
    virtual std::optional<std::string> scmsync(const PackageRef& package) = 0;
    /// Points a package at another revision of its git repository. `run` marks the revision (design 4.4).
    virtual SourceRevision set_scmsync(const PackageRef& package,
                                       const std::string& url,
                                       const std::string& run) = 0;
    /// Commits one file into a package whose files the build service keeps; a changed source is built.
    /// The same content again makes no new revision unless `run` is new.
    virtual SourceRevision write_file(const PackageRef& package,
                                      const std::string& name,
                                      const std::string& content,
                                      const std::string& run) = 0;

    /// Adds or changes the named repositories; others stay. Missing paths are appended, architectures
    /// replaced, rebuild and linkedbuild set (reference 6.6). GiveUp if the project does not exist.
    virtual void configure_repositories(const std::string& project,
                                        const std::vector<RepositoryConfig>& repositories) = 0;
    /// All or none. GiveUp for an unknown project or package.
    virtual void set_flags(const std::vector<FlagSetting>& flags) = 0;

    /// Asks for a rebuild in all repositories; returns the revision that will be built.
    virtual SourceRevision rebuild_package(const PackageRef& package, const std::string& run) = 0;
    /// Runs the package's source services and waits for them. GiveUp if it has none.
    virtual ServiceRun run_services(const PackageRef& package, const ServiceTrigger& trigger) = 0;

    /// Makes a request, after waiting for running services of the source; or gives back the one that this run
    /// made, or an open one of `alike`. GiveUp if the source or the target's project does not exist, or if
    /// the target has the same sources.
    virtual Request create_request(const NewRequest& request) = 0;
    /// nullopt: there is none of that number.
    virtual std::optional<Request> find_request(std::int64_t number) = 0;
    /// Ends an open request in favour of a newer one. False: it had ended already, or there is none.
    virtual bool supersede_request(std::int64_t number, std::int64_t by) = 0;
    /// Takes an open request back. False: as above.
    virtual bool revoke_request(std::int64_t number, const std::string& comment) = 0;

    /// The present state of every repository and architecture where these packages of one project are or will
    /// be built, and of their flavours as far as they are known. Packages that are unknown, or built nowhere,
    /// are left out.
    virtual ResultsByPackage results(const std::string& project,
                                     const std::vector<std::string>& packages) = 0;
    /// What a listener who missed everything would have heard of these packages of one project: how the
    /// newest build of each repository and architecture ended (nothing where it waits or runs), and whether a
    /// package, or the whole project, is gone.
    virtual std::vector<BuildEvent> latest_events(const std::string& project,
                                                  const std::vector<std::string>& packages) = 0;
    /// The revision whose history entry carries the mark of `run` (newest first); nullopt: there is none.
    virtual std::optional<SourceRevision> revision_of_run(const PackageRef& package,
                                                          const std::string& run) = 0;
};

}  // namespace heddle
