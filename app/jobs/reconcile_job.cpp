// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>

#include <algorithm>

#include "app/jobs/build_words.hpp"
#include "app/jobs/job_handlers.hpp"
#include "app/postgres/build_event_store.hpp"
#include "app/postgres/producer.hpp"
#include "app/postgres/reconciliation_store.hpp"
#include "app/postgres/run_store.hpp"
#include "workflows/model/remote_error.hpp"
#include "workflows/model/run_mark.hpp"

namespace heddle {
namespace {

constexpr std::chrono::minutes kUntilNextTry(1);

using Revisions = std::vector<PackageRevision>;

/// One look at packages of one project, in the name of one executor.
class Look {
public:
    Look(const JobParts& parts, JobGuard& guard, ReconciliationPlace place, ReconciliationList list)
        : parts_(parts), guard_(guard), place_(std::move(place)), list_(std::move(list)) {}

    /// Throws Postponed while the build service can't be asked: nothing is lost by waiting.
    void execute() {
        try {
            ask();
        } catch (const RemoteError& error) {
            if (error.kind == RemoteError::Kind::Retry) throw Postponed(error.what(), kUntilNextTry);
            spdlog::warn(
                "the builds of {} could not be read for {}: {}", place_.project, place_.login, error.what());
            return guard_.finish(
                [&](pqxx::work& tx) { note_reconciliation(tx, place_, list_, list_.packages); });
        }
        guard_.record([&](pqxx::work& tx) { contribute(tx, words_of_open_builds(tx)); });
        for (const BuildEvent& event : events_)
            if (is_deletion(event.type))
                guard_.record([&](pqxx::work& tx) { store_absence(tx, place_, list_, event.package); });
        int news = 0;
        guard_.finish([&](pqxx::work& tx) { news = store_reconciliation(tx, place_, list_, answer()); });
        if (news > 0) spdlog::info("{} build events of {} had not been heard of", news, place_.project);
    }

private:
    void ask() {
        const auto builds = parts_.build_service(place_.login);
        name_revisions(*builds);
        events_ = builds->latest_events(place_.project, list_.packages);
        results_ = builds->results(place_.project, list_.packages);
    }

    Revisions listening(pqxx::work& tx) const {
        return listening_revisions(tx, place_.login, place_.project, list_.packages);
    }

    /// Those that the build service had yet to make when their steps were done.
    void name_revisions(BuildService& builds) {
        const Revisions revisions = guard_.record([&](pqxx::work& tx) { return listening(tx); });
        for (const PackageRevision& revision : revisions) {
            if (revision.rebuild || revision.revision.known()) continue;
            const auto made =
                builds.revision_of_run(revision.package, run_mark(revision.run_id, revision.attempt));
            if (!made) continue;
            guard_.record([&](pqxx::work& tx) {
                lock_package_words(tx, revision.package);
                if (name_revision(tx, revision.id, *made)) look_back(tx, revision.package);
            });
        }
    }

    /// Pending ones, also those that nobody knew of when the run's steps were done.
    std::vector<Contribution> words_of_open_builds(pqxx::work& tx) {
        std::vector<Contribution> words;
        for (const PackageRevision& revision : listening(tx)) {
            const auto run = find_run(tx, revision.run_id);
            if (!run || !posts_statuses(*run)) continue;
            for (const BuildResult& result : results_[revision.package.package])
                if (!has_ended(result.state))
                    if (auto word = word_of_result(parts_.reports, *run, revision, result))
                        words.push_back(std::move(*word));
        }
        return words;
    }

    ReconciliationAnswer answer() const {
        ReconciliationAnswer answer{events_, {}, {}};
        for (const auto& [package, results] : results_) {
            if (!std::all_of(results.begin(), results.end(), [](const BuildResult& result) {
                    return has_ended(result.state);
                }))
                answer.open.push_back(package);
            for (const BuildResult& result : results)
                answer.producers.push_back(
                    build_producer(with_flavour({place_.project, package}, result.flavour),
                                   result.repository,
                                   result.architecture));
        }
        return answer;
    }

    const JobParts& parts_;
    JobGuard& guard_;
    const ReconciliationPlace place_;
    const ReconciliationList list_;
    std::vector<BuildEvent> events_;
    ResultsByPackage results_;
};

}  // namespace

JobHandler make_reconcile_job(const JobParts& parts) {
    JobHandler handler;
    handler.run = [parts](const Job& job, JobGuard& guard) {
        const ReconciliationPlace place{payload_text(job, "login"), payload_text(job, "project")};
        const ReconciliationList list = guard.record(
            [&](pqxx::work& tx) { return packages_to_reconcile(tx, place, parts.reconcile_after); });
        if (list.packages.empty()) return guard.finish();
        Look(parts, guard, place, list).execute();
    };
    return handler;
}

}  // namespace heddle
