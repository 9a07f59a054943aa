// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "app/jobs/build_words.hpp"
#include "app/jobs/forge_pause.hpp"
#include "app/jobs/job_handlers.hpp"
#include "app/jobs/job_log.hpp"
#include "app/jobs/run_recorder.hpp"
#include "app/postgres/delivery_store.hpp"
#include "app/postgres/job_end.hpp"
#include "app/postgres/producer.hpp"
#include "app/postgres/subscription_store.hpp"
#include "app/postgres/token_store.hpp"
#include "workflows/definition/definition.hpp"
#include "workflows/engine.hpp"
#include "workflows/model/remote_error.hpp"
#include "workflows/model/run_mark.hpp"
#include "workflows/model/wording.hpp"
#include "workflows/plan_json.hpp"

namespace heddle {
namespace {

struct RunStart {
    WorkflowRun run;
    Token token;
    ForgeAccess access;
    std::optional<std::int64_t> delivery;
};

/// How the attempt ended, ready to be recorded.
struct RunEnd {
    RunStatus status = RunStatus::Success;
    std::string message;
    Problems problems;
    bool says_started = true;  // in the context that says "started"
    std::vector<Contribution> builds;
};

/// Is it about the head of an open pull request? What closes one has to delete, whatever came later.
bool may_be_superseded(const ScmEvent& event) { return event.kind && !is_closing(event); }

std::string ref_of(const ScmEvent& event) { return event.tag.empty() ? event.target.branch : event.tag; }

std::string describe_problems(const std::string& path, const Problems& problems) {
    const Problem& first = problems.front();
    std::string text = path;
    if (first.line > 0) text += ":" + std::to_string(first.line) + ":" + std::to_string(first.column);
    text += ": " + first.message;
    if (problems.size() > 1) text += " (and " + std::to_string(problems.size() - 1) + " more)";
    return text;
}

/// By project, each of which is asked about once.
std::map<std::string, ResultsByPackage> results_of(BuildService& builds,
                                                   const std::vector<PackageRevision>& awaited) {
    std::map<std::string, std::vector<std::string>> packages;
    for (const PackageRevision& revision : awaited)
        packages[revision.package.project].push_back(revision.package.package);
    std::map<std::string, ResultsByPackage> results;
    for (const auto& [project, names] : packages) results[project] = builds.results(project, names);
    return results;
}

/// One attempt of one run, from the configuration to the last word.
class RunAttempt {
public:
    RunAttempt(const JobParts& parts, JobGuard& guard, RunStart start)
        : parts_(parts),
          guard_(guard),
          run_(std::move(start.run)),
          token_(std::move(start.token)),
          access_(std::move(start.access)),
          delivery_(start.delivery) {}

    void execute() {
        try {
            record_end(work());
        } catch (const RemoteError& error) {
            if (error.kind == RemoteError::Kind::Retry) throw;
            record_end({RunStatus::Fail, error.what(), {}, true, {}});
        }
    }

private:
    RunEnd work() {
        const std::shared_ptr<BuildService> builds = parts_.build_service(token_.executor);
        RunRecorder log(guard_, run_, parts_.reports);
        deleted_ = delete_projects_of_closed(run_.event, *builds, log);
        std::optional<std::string> text = begun_with();
        if (!text) text = read_configuration();
        if (!text) {
            guard_.record([&](pqxx::work& tx) { store_run_configuration(tx, run_.id, {}); });
            return {RunStatus::Success,
                    token_.configuration_url.empty()
                        ? "no " + token_.configuration_path + " on " + ref_of(run_.event)
                        : "there is no file at " + token_.configuration_url,
                    {},
                    false,
                    {}};
        }
        const ParsedDefinition parsed = parse_definition(*text, run_.event);
        if (!parsed.definition) {
            guard_.record([&](pqxx::work& tx) {
                store_run_configuration(tx, run_.id, {text, parsed.warnings, "[]"});
            });
            return {RunStatus::Fail,
                    describe_problems(configuration_name(), parsed.problems),
                    parsed.problems,
                    true,
                    {}};
        }
        record_plan(*text, parsed);
        return run_steps(*parsed.definition, *builds, log);
    }

    /// The file by which this attempt has begun to execute steps, where it is taken up again: what changed at
    /// the forge since then is the next attempt's.
    std::optional<std::string> begun_with() const {
        return run_.plan == "[]" ? std::nullopt : run_.configuration;
    }

    std::optional<std::string> read_configuration() {
        const bool asks_forge = token_.configuration_url.empty();
        if (asks_forge)
            guard_.record([&](pqxx::work& tx) { wait_for_forge(tx, run_.forge_id, run_.token_id); });
        try {
            return config_source()->read(run_.event, token_.configuration_path, access_);
        } catch (const RemoteError& error) {
            if (asks_forge)
                guard_.record([&](pqxx::work& tx) { keep_pause(tx, run_.forge_id, run_.token_id, error); });
            throw;
        }
    }

    const std::string& configuration_name() const {
        return token_.configuration_url.empty() ? token_.configuration_path : token_.configuration_url;
    }

    std::shared_ptr<ConfigSource> config_source() const {
        if (!token_.configuration_url.empty()) return parts_.url_source(token_.configuration_url);
        const auto found = parts_.config_sources.find(run_.forge_kind);
        if (found == parts_.config_sources.end())
            throw RemoteError(RemoteError::Kind::GiveUp,
                              "read " + token_.configuration_path,
                              "forges of kind " + run_.forge_kind + " are not supported");
        return found->second;
    }

    void record_plan(const std::string& text, const ParsedDefinition& parsed) {
        const std::string plan = workflows_json(make_plan(*parsed.definition, run_.event));
        guard_.record([&](pqxx::work& tx) {
            store_run_configuration(tx, run_.id, {text, parsed.warnings, plan});
            if (posts_statuses(run_)) contribute(tx, {word_of_attempt(StatusState::Pending, "running")});
        });
    }

    Contribution word_of_attempt(StatusState state, const std::string& text) const {
        return word_of_run(parts_.reports, run_, guard_.job().id, state, text);
    }

    RunEnd run_steps(const Definition& definition, BuildService& builds, RunRecorder& log) {
        RunReport report = run_workflows(run_.event,
                                         definition,
                                         builds,
                                         log,
                                         run_mark(run_.id, run_.attempt),
                                         token_.description,
                                         deleted_);
        RunEnd end;
        end.status = report.ok ? RunStatus::Success : RunStatus::Fail;
        end.message = std::move(report.message);
        end.problems = std::move(report.problems);
        end.builds = words_of_builds(builds);
        return end;
    }

    /// What the build service says now about all that the attempt waits for. Events that came meanwhile have
    /// greater causes and stay.
    std::vector<Contribution> words_of_builds(BuildService& builds) {
        if (!posts_statuses(run_)) return {};
        const std::vector<PackageRevision> awaited =
            guard_.record([&](pqxx::work& tx) { return awaited_revisions(tx, run_.id, run_.attempt); });
        std::map<std::string, ResultsByPackage> results = results_of(builds, awaited);
        std::vector<Contribution> words;
        for (const PackageRevision& revision : awaited)
            for (const BuildResult& result : results[revision.package.project][revision.package.package])
                if (auto word = word_of_result(parts_.reports, run_, revision, result))
                    words.push_back(std::move(*word));
        return words;
    }

    void record_end(const RunEnd& end) {
        const StatusState state =
            end.status == RunStatus::Success ? StatusState::Success : StatusState::Failure;
        guard_.finish([&](pqxx::work& tx) {
            end_run(tx, run_.id, end.status, end.message + untold_deletions(tx), end.problems);
            clear_run_remains(tx, run_.id, end.message);
            if (is_closing(run_.event))
                return withdraw_runs_of_pull_request(tx,
                                                     run_.forge_id,
                                                     run_.repository_id,
                                                     run_.event.number.value(),
                                                     run_producer(run_.token_id, run_.queue_key));
            std::vector<Contribution> words = still_awaited(tx, end.builds);
            if (end.says_started && posts_statuses(run_))
                words.push_back(word_of_attempt(state, end.message));
            contribute(tx, std::move(words));
        });
        log_run_ended(guard_.job(), run_, delivery_, end.status, end.message);
    }

    /// What a closed pull request took with it where no step is there to tell.
    std::string untold_deletions(pqxx::transaction_base& tx) {
        if (!run_.event.number || !is_closing(run_.event) || !steps_of_run(tx, run_.id, run_.attempt).empty())
            return {};
        const auto deleted = projects_deleted_in(tx, {run_.repository_id, *run_.event.number}, run_.id);
        return deleted.empty() ? "" : "; deleted " + in_words(deleted);
    }

    /// Without those whose project was deleted since: nobody would end them.
    std::vector<Contribution> still_awaited(pqxx::transaction_base& tx, std::vector<Contribution> words) {
        std::erase_if(words, [&](const Contribution& word) {
            return !hold_subscription(tx, run_.token_id, word.package);
        });
        return words;
    }

    const JobParts& parts_;
    JobGuard& guard_;
    const WorkflowRun run_;
    const Token token_;
    const ForgeAccess access_;
    const std::optional<std::int64_t> delivery_;
    std::vector<std::string> deleted_;  // of a closed pull request, before the steps
};

/// Ends a run whose head was replaced, or whose pull request was closed, without steps.
void end_superseded(JobGuard& guard,
                    const WorkflowRun& run,
                    const std::optional<std::int64_t>& delivery,
                    const std::string& message) {
    guard.finish([&](pqxx::work& tx) {
        end_run(tx, run.id, RunStatus::Success, message);
        clear_run_remains(tx, run.id, message);
        end_pending_of_run(tx, run.id, message);
    });
    log_run_ended(guard.job(), run, delivery, RunStatus::Success, message);
}

/// Marks the run as running. nullopt: there is nothing to execute, and the job has ended.
std::optional<RunStart> begin(const JobParts& parts, JobGuard& guard) {
    const std::int64_t run_id = payload_number(guard.job(), "run");
    const bool forced = payload_flag(guard.job(), "forced");
    std::optional<WorkflowRun> run;
    std::optional<RunStart> start;
    std::optional<std::string> superseded;
    std::optional<std::int64_t> delivery;
    guard.record([&](pqxx::work& tx) {
        start.reset();
        superseded.reset();
        run = find_run(tx, run_id);
        if (!run || has_ended(run->status)) return run.reset();
        delivery = delivery_of_run(tx, run_id);
        if (may_be_superseded(run->event) && !forced) superseded = why_superseded(tx, *run);
        if (superseded) return;
        mark_run_running(tx, run_id);
        start = RunStart{*run,
                         find_token(tx, run->token_id).value(),
                         parts.access(tx, run->forge_id, run->token_id),
                         delivery};
    });
    if (start)
        log_run_started(guard.job(), *run, delivery);
    else if (superseded)
        end_superseded(guard, *run, delivery, *superseded);
    else
        guard.finish();
    return start;
}

/// The last word of a run whose job died: the commit's reader must see that nothing more will come.
void say_died(const JobParts& parts, pqxx::transaction_base& tx, const Job& job, const std::string& reason) {
    const std::optional<WorkflowRun> run = find_run(tx, payload_number(job, "run"));
    if (!run || has_ended(run->status) || !posts_statuses(*run)) return;
    contribute(tx, {word_of_run(parts.reports, *run, job.id, StatusState::Error, reason)});
}

}  // namespace

JobHandler make_run_workflows_job(const JobParts& parts) {
    JobHandler handler;
    handler.run = [parts](const Job&, JobGuard& guard) {
        if (auto start = begin(parts, guard)) RunAttempt(parts, guard, std::move(*start)).execute();
    };
    handler.died = [parts](pqxx::transaction_base& tx, const Job& job, const std::string& reason) {
        say_died(parts, tx, job, reason);
    };
    return handler;
}

}  // namespace heddle
