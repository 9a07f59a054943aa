// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/config/config.hpp"
#include "workflows/model/build_result.hpp"
#include "workflows/model/package_ref.hpp"
#include "workflows/model/step_outcome.hpp"

namespace heddle {

struct RepositoryView {
    std::string name;
    std::vector<std::string> paths;  // "project/repository"
    std::vector<std::string> architectures;
};

struct ProjectView {
    std::string name;
    std::string title;
    std::string description;
    std::string url;
    std::vector<std::string> maintainers;
    std::vector<RepositoryView> repositories;
    std::vector<std::string> links;  // to other projects
    std::vector<std::string> packages;
};

struct RevisionView {
    SourceRevision revision;
    std::string commit;  // empty: files
    std::string comment;
    std::string login;
    std::string created_at;
};

struct PackageView {
    PackageRef ref;
    std::string scmsync;                // git URL; empty: not in git
    std::string link;                   // "project/package"; empty: no link
    std::vector<RevisionView> history;  // newest first
    std::vector<std::string> files;     // of the newest revision
    std::vector<BuildResult> results;
};

/// A build whose log can be read.
struct BuildView {
    std::int64_t id = 0;
    std::string repository;
    std::string architecture;
    std::string state;
    std::string details;
    bool goes_on = false;
};

/// One state of a request's life.
struct RequestChangeView {
    std::string state;
    std::string comment;
    std::string login;
    std::string changed_at;
};

struct RequestView {
    std::int64_t number = 0;
    std::string state;
    std::string comment;  // of the last change
    PackageRef source;
    std::string source_rev;
    PackageRef target;
    std::string description;
    std::string login;
    std::string created_at;
    std::optional<std::int64_t> superseded_by;
    std::vector<RequestChangeView> history;  // oldest first; only of a single one
};

/// The embedded build service as the verbs `project`, `package` and `request` use it, on the database of a
/// configuration or of a try. Acts as the user who runs the program - in a try's database as the
/// repository's owner, in whose name tries act. Changes are written into the audit log. Mistakes are
/// WrongUse - with an Open Build Service behind Heddle every use, but for that of a try - refusals
/// RemoteError.
class BuildServiceDesk {
public:
    BuildServiceDesk(const Config& config, const std::optional<std::string>& try_repository);
    ~BuildServiceDesk();
    BuildServiceDesk(const BuildServiceDesk&) = delete;
    BuildServiceDesk& operator=(const BuildServiceDesk&) = delete;

    /// `repositories` are built on this machine. Does nothing for what is there already.
    void create_project(const std::string& name, const std::vector<RepositoryView>& repositories);
    /// False: there is no such project.
    bool change_maintainers(const std::string& name,
                            const std::vector<std::string>& joining,
                            const std::vector<std::string>& leaving);
    std::vector<ProjectView> projects();
    std::optional<ProjectView> project(const std::string& name);
    bool delete_project(const std::string& name);

    /// `source`: a URL or a path of this machine, perhaps with "#" and a revision.
    SourceRevision create_git_package(const PackageRef& ref, const std::string& source);
    SourceRevision create_folder_package(const PackageRef& ref, const std::string& folder);
    /// Of one project, or of all.
    std::vector<PackageView> packages(const std::optional<std::string>& project);
    std::optional<PackageView> package(const PackageRef& ref);
    bool delete_package(const PackageRef& ref);

    std::int64_t create_request(const PackageRef& source,
                                const PackageRef& target,
                                const std::string& description);
    /// Newest first; `project` (of source or target) and `state` may be empty.
    std::vector<RequestView> requests(const std::string& project, const std::string& state, int limit);
    std::optional<RequestView> request(std::int64_t number);
    // What a person makes of an open request. WrongUse when there is none of that number.
    void accept_request(std::int64_t number, const std::string& comment);
    void decline_request(std::int64_t number, const std::string& comment);
    void revoke_request(std::int64_t number, const std::string& comment);

    /// The newest build of each repository and architecture.
    std::vector<BuildView> builds(const PackageRef& ref);
    std::optional<BuildView> build(std::int64_t id);
    /// A part of a build's log from `position` on, which moves behind it. Empty: nothing more (yet).
    std::string read_log(std::int64_t build_id, int& position);
    /// Returns after a moment, or earlier when builds were scheduled.
    void wait_for_news();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace heddle
