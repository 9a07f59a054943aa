// SPDX-License-Identifier: Apache-2.0
#include "app/compose_try.hpp"

#include <pwd.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <sstream>

#include "app/build_service/embedded/builder.hpp"
#include "app/build_service/embedded/embedded_build_service.hpp"
#include "app/build_service/embedded/git_fetcher.hpp"
#include "app/build_service/embedded/log_store.hpp"
#include "app/build_service/embedded/mirror_refs.hpp"
#include "app/build_service/embedded/try_build_service.hpp"
#include "app/compose_database.hpp"
#include "app/compose_try_databases.hpp"
#include "app/crypto/secret_box.hpp"
#include "app/forges/git/configured_access.hpp"
#include "app/forges/git/forge_notes.hpp"
#include "app/forges/git/git_source.hpp"
#include "app/forges/git/local_repository.hpp"
#include "app/jobs/job_handlers.hpp"
#include "app/jobs/job_runner.hpp"
#include "app/net/http_client.hpp"
#include "app/postgres/report_store.hpp"
#include "app/postgres/repository_store.hpp"
#include "app/postgres/token_store.hpp"
#include "app/postgres/work_left.hpp"
#include "app/postgres/worker_store.hpp"
#include "reporters/git/git_reporter.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

constexpr const char* kForge = "local";
constexpr const char* kForgeKind = "git";
constexpr const char* kDescription = "heddle try";
// A killed server comes back when its processes have noticed, and has recovered.
constexpr auto kDatabasePatience = std::chrono::seconds(60);
// A lock file that nobody takes away, say: the job stays and is tried again.
constexpr auto kNotesPatience = std::chrono::seconds(20);

/// With --no-notes nothing is told, and the reports say so.
class SilentReporter : public Reporter {
public:
    void report(const CommitStatus&, const ForgeAccess&) override { refuse(); }
    std::optional<CommitStatus> shown(const CommitStatus&, const ForgeAccess&) override { refuse(); }
    bool shows(const CommitStatus&, const CommitStatus&) const override { return false; }

private:
    [[noreturn]] static void refuse() {
        throw RemoteError(
            RemoteError::Kind::GiveUp, "write the status as a git note", "notes are off (--no-notes)");
    }
};

std::string login_of(uid_t uid) {
    const passwd* entry = ::getpwuid(uid);
    return entry ? entry->pw_name : "uid-" + std::to_string(uid);
}

// As root: builds run as the repository's owner, of root's own repositories as unused uids.
std::optional<Identity> build_identity(const LocalRepository& repository) {
    if (::geteuid() != 0 || repository.owner == 0) return std::nullopt;
    return Identity{repository.owner, repository.group, false};
}

void warn_of_sandbox(const BuilderOptions& options, const TrySession::Say& say) {
    if (options.config.sandbox == BuilderConfig::Sandbox::None)
        say("warning: builds see the whole machine (builder.sandbox: none)");
    if (const auto why = why_no_builds(options)) say("warning: nothing can be built here: " + *why);
}

// No answer at all, or that of a server which stops, crashes or starts (PostgreSQL, appendix A: class 57P).
bool is_away(const pqxx::failure& error) {
    const auto* answer = dynamic_cast<const pqxx::sql_error*>(&error);
    return !answer || answer->sqlstate().empty() || answer->sqlstate().starts_with("57P");
}

// Of statuses that nobody will try to write any more.
std::vector<std::string> reasons_untold(pqxx::transaction_base& tx,
                                        const std::vector<StoredStatus>& statuses) {
    std::vector<std::string> reasons;
    for (const StoredStatus& status : statuses) {
        if (!status.is_settled() || status.sent_version >= status.version) continue;
        for (const StatusReport& report : reports_of_status(tx, status.id))
            if (report.version == status.version && report.state == ReportState::GivenUp &&
                std::find(reasons.begin(), reasons.end(), report.message) == reasons.end())
                reasons.push_back(report.message);
    }
    return reasons;
}

/// The same command on the same commits. The address of the base names its commit: a file that changed since
/// makes another run.
std::string origin_key(const ScmEvent& event) {
    return event.action + " " + event.target.branch + " " + event.source.branch + " " + event.tag + " " +
           event.label + " " + event.commit_sha + " " + event.target.clone_url;
}

}  // namespace

struct TrySession::Parts {
    Parts(const Config& config, const TryRequest& request, const Say& say);

    TryRun find_or_start(const LocalRepository& repository, const SecretBox& box);
    JobHandlers handlers(const TryRequest& request, const Say& say);

    Config config;
    LocalRepository repository;
    TryRun run;
    OpenDatabase database;
    HttpClient client;
    Mirrors mirrors;
    MirrorRefs refs;
    ForgeNotes notes;
    GitFetcher fetcher;
    bool notes_wanted;
    WorkerSeat seat;
    std::unique_ptr<JobRunner> runner;
    std::unique_ptr<Builder> builder;
    std::chrono::milliseconds asking{0};
    std::chrono::steady_clock::time_point only_notes_since = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point answered = std::chrono::steady_clock::now();
};

TrySession::Parts::Parts(const Config& given, const TryRequest& request, const Say& say)
    : config(given),
      repository(open_local_repository(request.repository)),
      mirrors(config.data_dir / "mirrors", git_over_network(client, [this] { return config.forges; })),
      refs(mirrors),
      fetcher(mirrors),
      notes_wanted(request.notes) {
    run.event = make_local_event(repository, parse_local_event(request.event), request.base, request.head);
    run.repository = repository.path;
    database = open_database(config,
                             request.repository,
                             static_cast<std::size_t>(config.jobs.runners + 2 * config.builder.workers + 6));
    if (const auto told = tidy_try_databases(database, repository, config.retention); !told.empty())
        say(told);
    run = find_or_start(repository, *open_secrets(config, *database.pool));
    seat = take_seat(database.pool->url());
    RunnerOptions options;
    options.runners = config.jobs.runners;
    runner = std::make_unique<JobRunner>(*database.pool, options, handlers(request, say));
    const BuilderOptions building{config.builder, config.data_dir, seat.id, build_identity(repository)};
    warn_of_sandbox(building, say);
    builder = std::make_unique<Builder>(building, *database.pool, fetcher);
}

TryRun TrySession::Parts::find_or_start(const LocalRepository& source, const SecretBox& box) {
    return in_transaction(*database.pool, [&](pqxx::work& tx) {
        TryRun found = run;
        const std::int64_t forge = ensure_forge(tx, kForge, kForgeKind);
        const std::int64_t repository_id =
            ensure_repository(tx, forge, {source.url, source.full_name, source.url, ""});
        const std::int64_t token =
            ensure_workflow_token(tx, box, ensure_user(tx, login_of(source.owner)), forge, kDescription);
        // After another event the last word on the commit is that one's: only a newer run can say more.
        const auto known = find_run_by_origin(tx, token, origin_key(run.event));
        if (known && !forget_origin_of_old_run(tx, *known)) {
            found.id = *known;
            const std::optional<WorkflowRun> before = find_run(tx, *known);
            found.resumed = !has_ended(before->status);
            // Whoever went back to an earlier commit wants that one.
            if (found.resumed) force_run(tx, *known);
            found.attempt = found.resumed ? before->attempt : rerun(tx, *known, true);
        } else {
            found.id = start_run(tx, {token, repository_id, "manual", origin_key(run.event), run.event});
        }
        return found;
    });
}

JobHandlers TrySession::Parts::handlers(const TryRequest& request, const Say& say) {
    JobParts parts;
    parts.reports = config.reports;
    parts.reports.public_url.clear();  // no server shows this run
    const std::string tracked = run.event.target.branch;
    parts.build_service = [this, say, tracked](const std::string& login) -> std::shared_ptr<BuildService> {
        return std::make_shared<TryBuildService>(
            std::make_unique<EmbeddedBuildService>(*database.pool, refs, login),
            repository.url,
            tracked,
            say);
    };
    // A repository of this machine is no forge that wants to know who asks.
    parts.access = [](pqxx::transaction_base&, std::int64_t, std::int64_t) { return ForgeAccess{}; };
    parts.config_sources[kForgeKind] = std::make_shared<GitSource>(mirrors);
    if (request.notes)
        parts.reporters[kForgeKind] = std::make_shared<GitReporter>(notes);
    else
        parts.reporters[kForgeKind] = std::make_shared<SilentReporter>();
    return make_job_handlers(parts);
}

TrySession::TrySession(const Config& config, const TryRequest& request, Say say)
    : parts_(std::make_unique<Parts>(config, request, say)) {
    spdlog::set_level(spdlog::level::warn);  // what happens is shown as progress
}

TrySession::~TrySession() { stop(); }

const TryRun& TrySession::run() const { return parts_->run; }

void TrySession::start() {
    parts_->runner->start();
    parts_->builder->start();
}

void TrySession::stop() {
    parts_->builder->stop();
    parts_->runner->stop();
    leave_seat(parts_->seat);
}

std::optional<TryState> TrySession::state() {
    const auto began = std::chrono::steady_clock::now();
    try {
        keep_seat(parts_->seat, parts_->database.pool->url());
        TryState state = read_state();
        parts_->answered = std::chrono::steady_clock::now();
        parts_->asking = std::chrono::duration_cast<std::chrono::milliseconds>(parts_->answered - began);
        return state;
    } catch (const pqxx::failure& error) {
        if (!is_away(error)) throw;
        if (std::chrono::steady_clock::now() - parts_->answered > kDatabasePatience)
            throw std::runtime_error("the database has not answered for " +
                                     std::to_string(kDatabasePatience.count()) + " s: " + error.what());
        return std::nullopt;
    }
}

TryState TrySession::read_state() {
    return in_transaction(*parts_->database.pool, [this](pqxx::work& tx) {
        tx.exec0("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");  // all of it at one moment
        TryState now;
        now.run = find_run(tx, parts_->run.id).value();
        now.steps = steps_of_run(tx, now.run.id, now.run.attempt);
        now.builds = builds_of_run(tx, now.run.id, now.run.attempt);
        now.statuses = statuses_of_run(tx, now.run.id);
        now.others = statuses_failed_by_others(tx, now.run.id);
        if (parts_->notes_wanted) now.untold = reasons_untold(tx, now.statuses);
        const WorkLeft work = work_left(tx);
        now.waiting = work.errors;
        const bool building = std::any_of(
            now.builds.begin(), now.builds.end(), [](const TriedBuild& build) { return build.goes_on(); });
        const auto rest = rest_of_run(tx, now.run.id);
        // A person waits: what only the notes are late with is left to the next try.
        const bool only_notes = rest && rest->ended && rest->pending == 0 && !building && work.jobs > 0 &&
                                work.jobs == work.late_reports;
        const auto moment = std::chrono::steady_clock::now();
        if (!only_notes) parts_->only_notes_since = moment;
        now.settled = rest && rest->nothing_left() && !building && work.jobs == 0;
        if (moment - parts_->only_notes_since > kNotesPatience) {
            now.untold = work.errors;
            now.settled = true;
        }
        for (const StoredStep& step : now.steps) now.repeats += step.tries - 1;
        for (const TriedBuild& build : now.builds) now.repeats += std::max(0, build.tries - 1);
        return now;
    });
}

std::chrono::milliseconds TrySession::pause() const {
    return std::max(std::chrono::milliseconds(50), 10 * parts_->asking);
}

std::string TrySession::log_tail(std::int64_t build_id, int lines) {
    std::deque<std::string> last;
    LogPart part;
    do {
        part = in_transaction(*parts_->database.pool,
                              [&](pqxx::work& tx) { return read_log(tx, build_id, part.next_seq); });
        std::istringstream text(part.text);
        for (std::string line; std::getline(text, line);) {
            last.push_back(line);
            if (last.size() > static_cast<std::size_t>(lines)) last.pop_front();
        }
    } while (!part.text.empty());
    std::string tail;
    for (const std::string& line : last) tail += line + "\n";
    return tail;
}

}  // namespace heddle
