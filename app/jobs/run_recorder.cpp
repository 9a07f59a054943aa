// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/run_recorder.hpp"

#include "app/jobs/build_words.hpp"
#include "app/jobs/package_hold.hpp"
#include "app/postgres/build_event_store.hpp"
#include "app/postgres/contribution_store.hpp"
#include "app/postgres/subscription_store.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {

void RunRecorder::step_started(const StepPlace& place) {
    guard_.give_way();
    guard_.record([&](pqxx::work& tx) { start_step(tx, row_of(place)); });
}

void RunRecorder::step_finished(const StepPlace& place, const StepOutcome& outcome) {
    guard_.record([&](pqxx::work& tx) { finish_step(tx, row_of(place), outcome); });
}

void RunRecorder::step_failed(const StepPlace& place, const std::string& message) {
    guard_.record([&](pqxx::work& tx) { fail_step(tx, row_of(place), message); });
}

std::unique_ptr<RunLog::Hold> RunRecorder::hold(const PackageRef& package) {
    return hold_package(guard_, package);
}

void RunRecorder::subscribe(const StepPlace& place, const PackageRef& package, bool rebuild) {
    guard_.record([&](pqxx::work& tx) {
        heddle::subscribe(tx, run_.id, run_.token_id, package);
        expect_revision(tx, place_of(place, package), rebuild);
    });
}

void RunRecorder::complete(const StepPlace& place, const TouchedPackage& touched) {
    const std::string reason = "superseded by " + run_.event.commit_sha.substr(0, 7);
    guard_.record([&](pqxx::work& tx) {
        // Without the lock a build event could find no revision here, and we no kept event there.
        lock_package_words(tx, touched.package);
        const auto revision = complete_revision(tx, place_of(place, touched.package), touched.revision);
        look_back(tx, touched.package);
        supersede_builds(tx, touched.package, revision, reason);
    });
}

void RunRecorder::withdraw(const StepPlace& place, const PackageRef& package) {
    guard_.record([&](pqxx::work& tx) {
        lock_package_words(tx, package);
        forget_revision(tx, place_of(place, package));
        drop_idle_subscription(tx, run_.token_id, package);
        look_back(tx, package);  // an event may have waited for our answer, for others' sake
    });
}

void RunRecorder::follow(const FollowedRequest& followed) {
    guard_.record([&](pqxx::work& tx) {
        lock_request_words(tx, followed.request.number);
        const RequestSubscription subscription =
            subscribe_to_request(tx, request_place(followed.source, followed.target), followed.request);
        contribute(tx, {word_of_request(reports_, subscription, followed.request, std::nullopt)});
        look_back_at_request(tx, followed.request.number);
    });
}

std::vector<EarlierRequest> RunRecorder::open_requests(const PackageRef& source, const PackageRef& target) {
    const PullRequestRef about = pull_request();
    return guard_.record([&](pqxx::work& tx) {
        std::vector<EarlierRequest> earlier;
        for (const RequestSubscription& open :
             open_requests_of(tx, about.repository_id, about.number, request_place(source, target)))
            earlier.push_back({open.number, open.commit_sha});
        return earlier;
    });
}

void RunRecorder::claim_project(const std::string& project, bool exists) {
    const ProjectClaim claim = guard_.record(
        [&](pqxx::work& tx) { return heddle::claim_project(tx, pull_request(), project, exists, run_.id); });
    if (claim == ProjectClaim::OfAnotherOne)
        throw RemoteError(
            RemoteError::Kind::GiveUp, "use project " + project, "it was made for another pull request");
}

bool RunRecorder::owns_project(const std::string& project) {
    return guard_.record([&](pqxx::work& tx) { return heddle::owns_project(tx, pull_request(), project); });
}

std::vector<std::string> RunRecorder::owned_projects() {
    return guard_.record([&](pqxx::work& tx) { return heddle::owned_projects(tx, pull_request()); });
}

void RunRecorder::project_deleted(const std::string& project) {
    guard_.record([&](pqxx::work& tx) {
        mark_project_deleted(tx, pull_request(), project);
        // Subscriptions first: who is about to speak for one holds it, and is seen by the withdrawal.
        drop_subscriptions(tx, {project, ""});
        withdraw_builds(tx, {project, ""}, "project " + project + " was deleted");
    });
}

void RunRecorder::project_restored(const std::string& project) {
    guard_.record([&](pqxx::work& tx) { mark_project_restored(tx, pull_request(), project); });
}

StepRow RunRecorder::row_of(const StepPlace& place) const {
    return {run_.id, run_.attempt, place.index, place.workflow, place.step, place.line};
}

RevisionPlace RunRecorder::place_of(const StepPlace& place, const PackageRef& package) const {
    return {run_.id, run_.token_id, run_.attempt, place.index, package, run_.event.commit_sha};
}

RequestPlace RunRecorder::request_place(const PackageRef& source, const PackageRef& target) const {
    return {run_.id, run_.token_id, source, target, run_.event.commit_sha};
}

PullRequestRef RunRecorder::pull_request() const {
    if (!run_.event.number) throw std::logic_error("run " + std::to_string(run_.id) + " has no pull request");
    return {run_.repository_id, *run_.event.number};
}

}  // namespace heddle
