// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/builder_worker.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <system_error>
#include <utility>

#include "app/build_service/embedded/builder_run.hpp"
#include "app/postgres/database_trouble.hpp"
#include "workflows/model/log_line.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr auto kPoll = std::chrono::seconds(2);
constexpr int kTriesAtStop = 5;
constexpr auto kRecordPause = std::chrono::seconds(1);

LogLine about_build(std::string_view what, const ClaimedBuild& build) {
    return LogLine(what)
        .add("build", build.id)
        .add("package", to_string(build.package))
        .add("repository", build.repository)
        .add("architecture", build.architecture)
        .add("tries", build.tries);
}

void log_end(const ClaimedBuild& build, const std::optional<BuildEnd>& end) {
    LogLine line = about_build(end ? "build_ended" : "build_given_back", build);
    if (end) line.add("state", end->not_built ? "withdrawn" : to_string(end->state));
    if (end && !end->details.empty()) line.add("details", end->details);
    spdlog::info("{}", line.text());
}

/// No commit's fault.
BuildEnd not_built(std::string why) { return {BuildState::Broken, std::move(why), true}; }

}  // namespace

BuilderWorker::BuilderWorker(const BuilderOptions& options,
                             Pool& pool,
                             SourceFetcher& fetcher,
                             BuilderWake& wake)
    : options_(options), pool_(pool), fetcher_(fetcher), wake_(wake), identity_(options.identity) {}

void BuilderWorker::work(std::stop_token stop) {
    for (int seen = 0; !stop.stop_requested();) {
        try {
            if (build_one(stop)) continue;
        } catch (const std::exception& error) {
            spdlog::error("a builder starts over: {}", in_one_sentence(error));
        }
        seen = wake_.wait(seen, kPoll, stop);
    }
}

void BuilderWorker::settle() {
    if (settled_) return;
    BuilderOptions options = options_;
    if (::geteuid() == 0 && !options.identity && !user_) {
        auto acquired = BuildUser::acquire(options.config.first_uid);
        if (auto* refused = std::get_if<std::string>(&acquired)) {
            why_not_ = *refused;
            return;
        }
        user_.emplace(std::move(std::get<BuildUser>(acquired)));
    }
    if (user_) identity_ = user_->identity();
    options.identity = identity_;
    why_not_ = why_no_builds(options).value_or("");
    settled_ = why_not_.empty();
}

bool BuilderWorker::build_one(std::stop_token stop) {
    const auto build = in_transaction(pool_, [&](auto& tx) {
        rescue_builds(tx);
        return claim_build(tx, options_.worker_id);
    });
    if (!build) return false;
    settle();
    this->build(*build, std::move(stop));
    return true;
}

void BuilderWorker::build(const ClaimedBuild& build, std::stop_token stop) {
    spdlog::info("{}", about_build("build_started", build).text());
    std::optional<Workspace> workspace;  // goes last: removing it may take longer than anybody should wait
    BuilderLease lease(pool_, wake_, build, stop);
    try {
        auto end = why_not_.empty() ? run(workspace, build, lease.stop()) : not_built(why_not_);
        const bool went_away = !end && !lease.stop().stop_requested();
        record(workspace, build, std::move(end), stop);
        if (went_away) wake_.rest(kRecordPause, stop);  // or the next try is in as much trouble
    } catch (const BuildLost&) {
        spdlog::info("{}", about_build("build_lost", build).text());
    }
}

std::optional<BuildEnd> BuilderWorker::run(std::optional<Workspace>& workspace,
                                           const ClaimedBuild& build,
                                           std::stop_token stop) {
    try {
        workspace.emplace(options_.data_dir / "builds", build.id, identity_);
        return BuilderRun(options_, identity_, pool_, fetcher_, wake_, build, std::move(stop))
            .run(*workspace);
    } catch (const pqxx::failure& error) {
        if (is_disk_full(error)) return not_built(in_one_sentence(error));
        if (!may_pass(error))
            return not_built("the database refused what the builder wrote: " + in_one_sentence(error));
        spdlog::warn("build {} is given back: {}", build.id, in_one_sentence(error));
        return std::nullopt;
    } catch (const std::system_error& error) {
        return not_built(std::string("can't build here: ") + error.what());
    } catch (const std::logic_error& error) {
        spdlog::error("build {}: {}", build.id, one_line(error.what()));
        return not_built(std::string("a mistake of the builder: ") + error.what());
    } catch (const std::runtime_error& error) {
        return not_built(error.what());
    }
}

void BuilderWorker::record(std::optional<Workspace>& workspace,
                           const ClaimedBuild& build,
                           std::optional<BuildEnd> end,
                           const std::stop_token& stop) {
    const auto write = [&](auto& tx) {
        return end ? finish_build(tx, build, *end) : give_back_build(tx, build);
    };
    bool refused = false;
    for (int failures = 0, failures_at_stop = 0;; ++failures) {
        try {
            if (!in_transaction(pool_, write)) throw BuildLost();
            return log_end(build, end);
        } catch (const pqxx::failure& error) {
            if (!may_pass(error)) {
                if (!end || std::exchange(refused, true)) throw;
                end = not_built("the database refused the end \"" + std::string(to_string(end->state)) +
                                "\": " + in_one_sentence(error));
                continue;
            }
            if (failures == 0)
                spdlog::warn("build {} waits for the database: {}", build.id, in_one_sentence(error));
            if (stop.stop_requested() && ++failures_at_stop == kTriesAtStop) throw;
            if (is_disk_full(error)) {
                workspace.reset();                       // what fills the disk may be the build itself
                if (stop.stop_requested()) end.reset();  // to be given back takes less room
            }
        }
        wake_.rest(kRecordPause, stop.stop_requested() ? std::stop_token() : stop);
    }
}

}  // namespace heddle
