// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/build_words.hpp"

#include <stdexcept>

#include "app/postgres/build_event_store.hpp"
#include "app/postgres/producer.hpp"
#include "reporters/describe.hpp"
#include "workflows/model/build_anchor.hpp"

namespace heddle {
namespace {

constexpr std::size_t kLongestLink = 255;  // some forges take no longer one, and the reporter drops it then

/// The page that tells the run's story; empty: nobody could open it.
std::string link_to(const ReportsConfig& reports, std::int64_t run_id) {
    return reports.public_url.empty() ? "" : reports.public_url + "/runs/" + std::to_string(run_id);
}

/// The build on that page, or the page where its names are too long.
std::string link_to_build(const ReportsConfig& reports,
                          std::int64_t run_id,
                          const PackageRef& package,
                          const std::string& repository,
                          const std::string& architecture) {
    const std::string page = link_to(reports, run_id);
    const std::string link = page + "#" + build_anchor(package, repository, architecture);
    return page.empty() || link.size() > kLongestLink ? page : link;
}

Contribution word_about(const PackageRevision& revision, const StatusWord& word) {
    Contribution said;
    said.key = {revision.forge_id,
                revision.repository_id,
                revision.commit_sha,
                word.context,
                revision.token_id,
                revision.posted_to,
                revision.posted_to_name};
    said.state = word.state;
    said.text = word.text;
    said.run_id = revision.run_id;
    said.package = revision.package;
    return said;
}

/// Is the result about these sources? Equal sources need no new build, whatever their number; what neither
/// side names can't differ.
bool is_of(const BuildResult& result, const SourceRevision& revision) {
    if (!result.revision.srcmd5.empty() && !revision.srcmd5.empty())
        return result.revision.srcmd5 == revision.srcmd5;
    if (!result.revision.rev.empty() && !revision.rev.empty()) return result.revision.rev == revision.rev;
    return true;
}

bool came_from_a_build(BuildState state) {
    return state == BuildState::Succeeded || state == BuildState::Failed;
}

/// Microseconds; 0 where nothing was built: then any build of the revision comes after it.
std::int64_t start_of(const BuildEvent& event) {
    const auto& time =
        event.started_at || is_end_without_build(event.type) ? event.started_at : event.ended_at;
    return time ? time->time_since_epoch().count() : 0;
}

}  // namespace

bool has_ended(BuildState state) { return state != BuildState::Scheduled && state != BuildState::Building; }

bool wants_pending(const ReportsConfig& reports, const ScmEvent& event) {
    switch (reports.pending) {
        case ReportsConfig::Pending::PullRequests: return event.event_class == EventClass::PullRequest;
        case ReportsConfig::Pending::All: return true;
        case ReportsConfig::Pending::None: return false;
    }
    throw std::logic_error("unknown ReportsConfig::Pending");
}

std::optional<Contribution> word_of_result(const ReportsConfig& reports,
                                           const WorkflowRun& run,
                                           const PackageRevision& revision,
                                           const BuildResult& result) {
    BuildResult shown = result;
    // An end that is listed may be that of an earlier build: of another revision, or before the rebuild.
    // Of a revision that the build service has yet to make nothing is listed.
    const bool is_old = !is_of(result, revision.revision) ||
                        (revision.rebuild ? came_from_a_build(result.state) : !revision.revision.known());
    if (has_ended(result.state) && is_old) {
        shown.state = BuildState::Scheduled;
        shown.details.clear();
    }
    const PackageRef built = with_flavour(revision.package, result.flavour);
    const StatusWord word = describe_build_result(reports.context, built.package, shown);
    if (word.state == StatusState::Pending && !wants_pending(reports, run.event)) return std::nullopt;
    Contribution said = word_about(revision, word);
    said.url = link_to_build(reports, revision.run_id, built, result.repository, result.architecture);
    said.producer = build_producer(built, result.repository, result.architecture);
    said.cause = {revision.id, 0, 0};
    return said;
}

Contribution word_of_event(const ReportsConfig& reports,
                           const PackageRevision& revision,
                           const StoredBuildEvent& stored) {
    const BuildEvent& event = stored.event;
    Contribution said = word_about(revision, describe_build_event(reports.context, event));
    said.url = link_to_build(reports, revision.run_id, event.package, event.repository, event.architecture);
    said.producer = build_producer(event.package, event.repository, event.architecture);
    // Between two builds the later look is right: what could not be built for a while shows its old end
    // again.
    said.cause = {revision.id, start_of(event), event.is_last ? stored.received_at : 0};
    // Whoever took the wish back (a newer commit, a closed pull request) has said why.
    said.ends_pending = event.type == BuildEventType::BuildWithdrawn;
    if (revision.answered) return said;
    // The build is one from before, which is not what was asked for; a word that stands is no worse.
    said.state = StatusState::Error;
    said.text = "not built again since that was asked for";
    said.cause = {revision.id, 0, 0};
    said.ends_pending = true;
    return said;
}

Contribution word_of_request(const ReportsConfig& reports,
                             const RequestSubscription& subscription,
                             const Request& request,
                             const std::optional<TimePoint>& changed_at) {
    const StatusWord word = describe_request(reports.context, request);
    Contribution said;
    said.key = {subscription.forge_id,
                subscription.repository_id,
                subscription.commit_sha,
                word.context,
                subscription.token_id,
                subscription.posted_to,
                subscription.posted_to_name};
    said.url = link_to(reports, subscription.run_id);
    said.producer = request_producer(subscription.number);
    said.cause = {subscription.id, changed_at ? changed_at->time_since_epoch().count() : 0, 0};
    said.state = word.state;
    said.text = word.text;
    said.run_id = subscription.run_id;
    return said;
}

Contribution word_of_run(const ReportsConfig& reports,
                         const WorkflowRun& run,
                         std::int64_t job_id,
                         StatusState state,
                         const std::string& text) {
    const std::string& name = run.event.status_repository;
    const std::string& id = run.event.status_repository_id;
    Contribution said;
    said.key = {run.forge_id,
                run.repository_id,
                run.event.commit_sha,
                started_context(reports.context),
                run.token_id,
                id.empty() ? name : id,
                name};
    said.url = link_to(reports, run.id);
    said.producer = run_producer(run.token_id, run.queue_key);
    // Attempts follow each other in the order of their jobs; an older run's next one comes after a newer
    // run's.
    said.cause = {job_id, 0, 0};
    said.state = state;
    said.text = text;
    said.run_id = run.id;
    return said;
}

bool posts_statuses(const WorkflowRun& run) {
    return !is_closing(run.event) && !run.event.commit_sha.empty();
}

}  // namespace heddle
