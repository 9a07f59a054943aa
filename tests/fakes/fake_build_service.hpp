// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "tests/fakes/call_journal.hpp"
#include "workflows/ports/build_service.hpp"

namespace heddle::test {

/// A package of the fake build service, as a test sees it.
struct FakePackage {
    struct Revision {
        SourceRevision revision;
        std::string run;
        std::string comment;
    };

    std::optional<std::string> scmsync;
    std::string wished_by;  // the run that set scmsync, where that is fetched later
    std::optional<PackageRef> link;
    std::map<std::string, std::string> files;
    std::vector<Revision> history;
    std::vector<BuildResult> results;
    std::vector<BuildEvent> latest_events;
    std::optional<bool> services;  // nothing: it has none; else: does running them change the sources?
    std::vector<ServiceTrigger> triggers;
    int rebuilds = 0;
};

struct FakeRequest {
    NewRequest wanted;
    SourceRevision revision;
    std::string state = "new";
    std::string comment;
};

struct FakeProject {
    NewProject about;
    std::optional<std::string> scmsync;
    std::vector<RepositoryConfig> repositories;
    std::vector<FlagSetting> flags;
    std::vector<std::string> links;  // to other projects
    std::map<std::string, FakePackage> packages;
};

/// A build service in memory: it remembers what it was told and builds nothing. It behaves as the port
/// promises, and writes each call into its journal, where a test can stop it or break it. May be used by
/// several threads.
class FakeBuildService final : public BuildService {
public:
    explicit FakeBuildService(std::shared_ptr<CallJournal> journal = std::make_shared<CallJournal>());

    CallJournal& journal() { return *journal_; }

    // The world before the test. Projects are made as needed.
    void add_project(const std::string& project);
    void add_package(const PackageRef& package);
    void add_git_package(const PackageRef& package, const std::string& url);
    /// A whole project that is kept in git.
    void add_git_project(const std::string& project, const std::string& url);
    void add_services(const PackageRef& package, bool change_something = true);
    void set_results(const PackageRef& package, const std::vector<BuildResult>& results);
    /// What a listener would have heard of a package.
    void set_latest_events(const PackageRef& package, const std::vector<BuildEvent>& events);
    /// What was deleted so far can't be restored any more.
    void forget_deleted();

    /// Somebody accepts or declines it.
    void set_request(std::int64_t number, const std::string& state);

    /// False: run_services can't tell an earlier try of the same run and says "nothing changed".
    bool services_know_runs = true;
    /// True: set_scmsync makes no revision; sync() does, later.
    bool syncs_later = false;
    void sync(const PackageRef& package);

    // The world after it; nothing where there is none. Copies.
    std::optional<FakeProject> project(const std::string& name) const;
    std::optional<FakePackage> package(const PackageRef& ref) const;
    std::map<std::int64_t, FakeRequest> requests() const;

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
    /// Journal, work under the lock, journal again.
    template <typename Work>
    auto call(const std::string& verb, const std::string& arguments, Work work);

    /// False: it had ended already, or there is none.
    bool end_request(std::int64_t number, const std::string& state, const std::string& comment);
    FakeProject* find_project(const std::string& name);
    FakePackage* find_package(const PackageRef& ref);
    /// Throw RemoteError GiveUp for what does not exist.
    FakeProject& require_project(const std::string& name, const std::string& doing);
    FakePackage& require_package(const PackageRef& ref, const std::string& doing);
    FakePackage* find_package_by_links(const PackageRef& ref);
    bool reaches_by_links(const std::string& project, const std::string& linked);
    SourceRevision commit(FakePackage& package, const std::string& run, const std::string& comment);

    std::shared_ptr<CallJournal> journal_;
    mutable std::mutex mutex_;
    std::map<std::string, FakeProject> projects_;
    std::map<std::string, FakeProject> deleted_;
    std::map<std::int64_t, FakeRequest> requests_;
    int commits_ = 0;
};

template <typename Work>
auto FakeBuildService::call(const std::string& verb, const std::string& arguments, Work work) {
    journal_->start(verb, arguments);
    if constexpr (std::is_void_v<decltype(work())>) {
        {
            const std::lock_guard lock(mutex_);
            work();
        }
        journal_->end(verb);
    } else {
        auto answer = [&] {
            const std::lock_guard lock(mutex_);
            return work();
        }();
        journal_->end(verb);
        return answer;
    }
}

}  // namespace heddle::test
