// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/fake_run_log.hpp"

#include <stdexcept>
#include <utility>

#include "workflows/model/remote_error.hpp"

namespace heddle::test {
namespace {

class FakeHold final : public RunLog::Hold {
public:
    FakeHold(std::shared_ptr<CallJournal> journal, std::string package)
        : journal_(std::move(journal)), package_(std::move(package)) {}
    ~FakeHold() override { journal_->start("let_go", package_); }
    FakeHold(const FakeHold&) = delete;
    FakeHold& operator=(const FakeHold&) = delete;

private:
    std::shared_ptr<CallJournal> journal_;
    std::string package_;
};

std::string rev(const SourceRevision& revision) {
    return revision.known() ? "rev " + revision.rev : "unknown";
}

}  // namespace

FakeRunLog::FakeRunLog(std::shared_ptr<CallJournal> journal) : journal_(std::move(journal)) {}

void FakeRunLog::owns(const std::string& project) { projects_[project] = Owner::This; }

void FakeRunLog::another_owns(const std::string& project) { projects_[project] = Owner::Another; }

void FakeRunLog::step_started(const StepPlace& place) {
    journal_->start("step_started", std::to_string(place.index) + " " + place.step);
}

void FakeRunLog::step_finished(const StepPlace& place, const StepOutcome& outcome) {
    journal_->start("step_finished", std::to_string(place.index) + " " + place.step);
    finished.push_back({place, outcome});
}

void FakeRunLog::step_failed(const StepPlace& place, const std::string& message) {
    journal_->start("step_failed", std::to_string(place.index) + " " + place.step);
    failures.push_back(message);
}

std::unique_ptr<RunLog::Hold> FakeRunLog::hold(const PackageRef& package) {
    journal_->start("hold", to_string(package));
    return std::make_unique<FakeHold>(journal_, to_string(package));
}

void FakeRunLog::subscribe(const StepPlace&, const PackageRef& package, bool rebuild) {
    journal_->start("subscribe", to_string(package) + (rebuild ? " rebuild" : ""));
    promised.try_emplace(package, TouchedPackage{package, {}, rebuild});
}

void FakeRunLog::complete(const StepPlace&, const TouchedPackage& touched) {
    journal_->start("complete", to_string(touched.package) + " " + rev(touched.revision));
    if (!promised.contains(touched.package)) throw std::logic_error("completed what was never subscribed");
    promised[touched.package] = touched;
}

void FakeRunLog::withdraw(const StepPlace&, const PackageRef& package) {
    journal_->start("withdraw", to_string(package));
    promised.erase(package);
}

void FakeRunLog::follow(const FollowedRequest& request) {
    journal_->start("follow", std::to_string(request.request.number) + " " + request.request.state);
    followed.push_back(request);
    commits_[request.request.number] = commit_sha;
}

std::vector<EarlierRequest> FakeRunLog::open_requests(const PackageRef& source, const PackageRef& target) {
    journal_->start("open_requests", to_string(source) + " -> " + to_string(target));
    std::vector<EarlierRequest> earlier;
    for (const FollowedRequest& one : followed)
        if (one.source == source && one.target == target)
            earlier.push_back({one.request.number, commits_.at(one.request.number)});
    return earlier;
}

void FakeRunLog::claim_project(const std::string& project, bool exists) {
    journal_->start("claim_project", project + (exists ? " exists" : " new"));
    const auto known = projects_.find(project);
    if (known != projects_.end() && known->second == Owner::Another)
        throw RemoteError(
            RemoteError::Kind::GiveUp, "use project " + project, "it belongs to another pull request");
    const bool was_deleted = known != projects_.end() && known->second == Owner::ThisDeleted;
    if (was_deleted && exists)
        projects_.erase(known);  // somebody else made it again
    else if (known != projects_.end() || !exists)
        projects_[project] = Owner::This;
}

bool FakeRunLog::owns_project(const std::string& project) {
    journal_->start("owns_project", project);
    const auto known = projects_.find(project);
    return known != projects_.end() && known->second != Owner::Another;
}

std::vector<std::string> FakeRunLog::owned_projects() {
    journal_->start("owned_projects", "");
    std::vector<std::string> owned;
    for (const auto& [project, owner] : projects_)
        if (owner == Owner::This) owned.push_back(project);
    return owned;
}

void FakeRunLog::project_deleted(const std::string& project) {
    journal_->start("project_deleted", project);
    projects_[project] = Owner::ThisDeleted;
    std::erase_if(promised, [&](const auto& promise) { return promise.first.project == project; });
}

void FakeRunLog::project_restored(const std::string& project) {
    journal_->start("project_restored", project);
    projects_[project] = Owner::This;
}

}  // namespace heddle::test
