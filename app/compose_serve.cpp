// SPDX-License-Identifier: Apache-2.0
#include "app/compose_serve.hpp"

#include <spdlog/spdlog.h>

#include <atomic>

#include "app/build_service/embedded/builder.hpp"
#include "app/build_service/embedded/embedded_build_service.hpp"
#include "app/build_service/embedded/git_fetcher.hpp"
#include "app/build_service/embedded/log_store.hpp"
#include "app/build_service/embedded/mirror_refs.hpp"
#include "app/compose_build_events.hpp"
#include "app/compose_database.hpp"
#include "app/compose_obs.hpp"
#include "app/crypto/secret_box.hpp"
#include "app/forges/git/commit_places.hpp"
#include "app/forges/git/configured_access.hpp"
#include "app/forges/git/forge_notes.hpp"
#include "app/forges/git/git_source.hpp"
#include "app/forges/source_kinds.hpp"
#include "app/forges/url_source.hpp"
#include "app/http/build_event_routes.hpp"
#include "app/http/health_routes.hpp"
#include "app/http/http_server.hpp"
#include "app/http/metrics.hpp"
#include "app/http/refusals.hpp"
#include "app/http/trigger_routes.hpp"
#include "app/inbox/build_event_intake.hpp"
#include "app/inbox/inbox.hpp"
#include "app/jobs/housekeeping.hpp"
#include "app/jobs/job_handlers.hpp"
#include "app/jobs/job_runner.hpp"
#include "app/jobs/reconciliation.hpp"
#include "app/net/http_client.hpp"
#include "app/postgres/database_trouble.hpp"
#include "app/postgres/forge_access_store.hpp"
#include "app/postgres/forge_store.hpp"
#include "app/postgres/health.hpp"
#include "app/postgres/run_store.hpp"
#include "app/postgres/user_store.hpp"
#include "app/postgres/worker_store.hpp"
#include "app/web/web_routes.hpp"
#include "reporters/git/git_reporter.hpp"
#include "reporters/reporter_kinds.hpp"
#include "workflows/model/run_mark.hpp"

namespace heddle {
namespace {

constexpr const char* kPlainGit = "git";
constexpr int kHttpThreads = 8;
constexpr std::chrono::seconds kLookAtSeat(5);
constexpr std::chrono::seconds kLookAtCluster(2);
constexpr std::chrono::seconds kLookAtPassword(5);
constexpr std::chrono::seconds kAnswerPatience(4);  // with the database: forges hang up after five or ten

bool builds_here(const Config& config) {
    return config.build_service.kind == BuildServiceConfig::Kind::Embedded;
}

/// Each job runner one, each builder two, and some for chores, builders and listeners.
std::size_t connections(const Config& config) {
    const int builders = builds_here(config) ? config.builder.workers : 0;
    return static_cast<std::size_t>(config.jobs.runners + 2 * builders + 6);
}

/// Whoever set another password, by a page or a verb, on this machine or another one.
void remove_used_password(const std::filesystem::path& file, Pool& pool) {
    if (!std::filesystem::exists(file)) return;
    if (in_transaction(pool, [](pqxx::work& tx) { return has_one_time_password(tx); })) return;
    std::filesystem::remove(file);
    spdlog::info("{} is removed: another password has been set", file.string());
}

}  // namespace

std::filesystem::path first_password_file(const Config& config) { return config.data_dir / "admin.password"; }

struct ServeSession::Parts {
    explicit Parts(const Config& given);

    JobHandlers handlers();
    RunnerOptions runner_options();
    HttpServerOptions http_options() const;
    Routes routes();
    std::vector<CommitPlace> places_of(const std::string& mark);

    Config config;
    OpenDatabase database;
    Pool answering;  // of the HTTP threads alone: no job and no builder keeps an answer waiting
    std::unique_ptr<SecretBox> box;
    std::optional<std::string> first_password;
    HttpClient client;
    Mirrors mirrors;
    MirrorRefs refs;
    ForgeNotes notes;
    GitFetcher fetcher;
    WorkerSeat seat;
    BuilderOptions builder_options;
    std::unique_ptr<ConfiguredObs> obs;  // null: the embedded build service
    std::optional<std::string> no_builds;
    JobRunner runner;
    std::unique_ptr<Builder> builder;  // of the embedded build service
    Inbox inbox;
    BuildEventIntake intake;
    Metrics metrics;
    Refusals refusals;
    std::atomic<bool> stopping{false};
    HttpServer server;
    BuildEventSources sources;
    std::vector<std::unique_ptr<EventListener>> listeners;
};

ServeSession::Parts::Parts(const Config& given)
    : config(given),
      database(open_database(config, std::nullopt, connections(config))),
      answering(database.pool->url(), kHttpThreads, kAnswerPatience),
      box(open_secrets(config, *database.pool)),
      mirrors(config.data_dir / "mirrors", git_over_network(client, known_forges(config, *database.pool))),
      refs(mirrors),
      notes(client, config.data_dir / "mirrors"),
      fetcher(mirrors, [this](const std::string& mark) { return places_of(mark); }),
      seat(take_seat(database.pool->url())),
      builder_options{config.builder, config.data_dir, seat.id, std::nullopt},
      obs(builds_here(config) ? nullptr : std::make_unique<ConfiguredObs>(config, *database.pool, *box)),
      no_builds(obs ? std::nullopt : why_no_builds(builder_options)),
      runner(*database.pool, runner_options(), handlers()),
      builder(obs ? nullptr : std::make_unique<Builder>(builder_options, *database.pool, fetcher)),
      inbox(answering, *box),
      intake(answering, *box),
      server(http_options(), routes()),
      sources(build_event_sources(config)) {
    first_password = in_transaction(*database.pool, [this](pqxx::work& tx) {
        configure_forges(tx, config.forges);
        return ensure_first_administrator(tx);
    });
}

std::vector<CommitPlace> ServeSession::Parts::places_of(const std::string& mark) {
    const auto run_id = run_of_mark(mark);
    if (!run_id) return {};
    return in_transaction(*database.pool, [&](pqxx::work& tx) -> std::vector<CommitPlace> {
        const auto run = find_run(tx, *run_id);
        if (!run) return {};  // purged
        return commit_places(run->event, find_forge_access(tx, *box, run->forge_id, run->token_id));
    });
}

HttpServerOptions ServeSession::Parts::http_options() const {
    HttpServerOptions options;
    options.server = config.server;
    options.threads = kHttpThreads;
    options.refusal_of = [](const std::exception& error) -> std::optional<Refusal> {
        if (!is_unreachable(error) && !is_disk_full(error)) return std::nullopt;
        return Refusal{503, "The database can't be used now; try again later."};
    };
    return options;
}

RunnerOptions ServeSession::Parts::runner_options() {
    RunnerOptions options;
    options.runners = config.jobs.runners;
    options.chores.push_back(housekeeping(*database.pool, config.retention));
    options.chores.push_back(reconciliation(*database.pool, config.build_events.reconcile_after));
    // After a restart of the database our builds would count as those of a dead process.
    options.chores.push_back({"seat", kLookAtSeat, [this] { keep_seat(seat, database.pool->url()); }});
    options.chores.push_back({"first password", kLookAtPassword, [this] {
                                  remove_used_password(first_password_file(config), *database.pool);
                              }});
    // As long as we hold the cluster nobody else starts it again.
    if (database.cluster)
        options.chores.push_back(
            {"private PostgreSQL", kLookAtCluster, [this] {
                 if (database.cluster->keep())
                     spdlog::warn("the private PostgreSQL had lost its keeper and was started again");
             }});
    return options;
}

JobHandlers ServeSession::Parts::handlers() {
    JobParts parts;
    parts.reports = config.reports;
    parts.reconcile_after = config.build_events.reconcile_after;
    parts.build_service = [this](const std::string& login) -> std::shared_ptr<BuildService> {
        if (obs) return obs->for_user(login);
        return std::make_shared<EmbeddedBuildService>(*database.pool, refs, login);
    };
    parts.access = [this](pqxx::transaction_base& tx, std::int64_t forge_id, std::int64_t token_id) {
        return find_forge_access(tx, *box, forge_id, token_id);
    };
    parts.config_sources = http_sources(client);
    parts.config_sources[kPlainGit] = std::make_shared<GitSource>(mirrors);
    parts.url_source = [this](const std::string& url) { return std::make_shared<UrlSource>(client, url); };
    parts.reporters = http_reporters(client);
    parts.reporters[kPlainGit] = std::make_shared<GitReporter>(notes);
    return make_job_handlers(parts);
}

Routes ServeSession::Parts::routes() {
    Routes all;
    all.add(
        trigger_routes({[this](const auto& headers, const auto& id) { return inbox.find_token(headers, id); },
                        [this](const auto& claim, const auto& headers, auto body) {
                            return inbox.accept(claim, headers, body);
                        }},
                       refusals,
                       metrics));
    all.add(build_event_routes({[this](const auto& key) { return intake.find_key(key); },
                                [this](const auto& key, auto body) { return intake.accept(key, body); }},
                               refusals,
                               metrics));
    HealthSources sources;
    sources.stopping = [this] { return stopping.load(); };
    const std::string url = database.pool->url();
    sources.why_not_ready = [url] { return why_not_ready(url); };
    sources.count_tables = [url] { return count_tables(url); };
    all.add(web_routes({answering, config.server, [this](std::int64_t build, int& position) {
                            return in_transaction(answering, [&](pqxx::work& tx) {
                                LogPart part = read_log(tx, build, position);
                                position = part.next_seq;
                                return std::move(part.text);
                            });
                        }}));
    all.add(health_routes(std::move(sources), metrics));
    return all;
}

ServeSession::ServeSession(const Config& config) : parts_(std::make_unique<Parts>(config)) {}

ServeSession::~ServeSession() { stop(); }

void ServeSession::start() {
    parts_->server.start();
    parts_->runner.start();
    if (parts_->builder) parts_->builder->start();
    parts_->listeners =
        listen(parts_->sources, parts_->database.pool->url(), parts_->client, parts_->metrics);
}

void ServeSession::stop() {
    if (parts_->stopping.exchange(true)) return;
    for (const auto& listener : parts_->listeners) listener->request_stop();
    parts_->server.stop();
    if (parts_->builder) parts_->builder->stop();
    parts_->runner.stop();
    parts_->listeners.clear();
    leave_seat(parts_->seat);
}

std::string ServeSession::url() const {
    const std::string& host = parts_->config.server.host;
    const bool is_v6 = host.find(':') != std::string::npos;
    return "http://" + (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(parts_->server.port());
}

const std::optional<std::string>& ServeSession::first_password() const { return parts_->first_password; }

const std::optional<std::string>& ServeSession::no_builds() const { return parts_->no_builds; }

}  // namespace heddle
