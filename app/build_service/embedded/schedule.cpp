// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/schedule.hpp"

#include <sys/utsname.h>

#include <map>
#include <optional>

#include "app/build_service/embedded/flag_store.hpp"
#include "app/build_service/embedded/project_store.hpp"
#include "app/build_service/embedded/repository_paths.hpp"
#include "app/build_service/embedded/repository_store.hpp"
#include "app/build_service/embedded/revision_store.hpp"
#include "app/build_service/embedded/schedule_store.hpp"

namespace heddle {
namespace {

/// Either it is to be built, or why it is not.
struct Verdict {
    std::string state;  // scheduled, disabled, unresolvable, broken
    std::string details;

    bool builds() const { return state == "scheduled"; }
};

/// Everything that decides about the builds of one package.
struct PackageView {
    StoredPackage package;
    StoredRevision revision;
    BuiltRevision sources;
    Flags flags;
};

Verdict judge(const PackageView& view,
              const BuildPlace& place,
              const std::string& host,
              const std::string& path_problem) {
    if (is_on(view.flags, "lock", place.repository, place.architecture)) return {"disabled", "it is locked"};
    if (!is_on(view.flags, "build", place.repository, place.architecture))
        return {"disabled", "building is switched off"};
    if (place.architecture != host)
        return {"unresolvable",
                "architecture " + place.architecture + " can't be built here: this machine is " + host};
    if (!path_problem.empty()) return {"unresolvable", path_problem};
    if (!view.sources.id) return {"broken", view.sources.problem};
    return {"scheduled", ""};
}

/// Brings the builds of one place in line with the verdict.
class PlaceSchedule {
public:
    PlaceSchedule(pqxx::transaction_base& tx,
                  const WantedBuild& wanted,
                  const StoredRevision& revision,
                  const ScheduleRequest& request)
        : tx_(tx), wanted_(wanted), request_(request), replaced_("replaced by " + named(revision)) {}

    void apply(const PlaceBuilds& builds, const Verdict& verdict) {
        release(builds);
        if (verdict.builds())
            build(builds);
        else
            refuse(builds, verdict);
    }

private:
    static std::string named(const StoredRevision& revision) {
        return "revision " + std::to_string(revision.rev);
    }
    bool same(const StoredBuild& build) const { return build.revision_id == wanted_.revision_id; }
    bool same_sources(const StoredBuild& build) const {
        return same(build) && build.source_id == wanted_.source_id;
    }

    /// What an older revision wanted.
    void release(const PlaceBuilds& builds) {
        if (builds.scheduled && !same(*builds.scheduled))
            end_scheduled(tx_, builds.scheduled->id, "withdrawn", replaced_);
        if (builds.building && !same(*builds.building)) stop_building(tx_, builds.building->id, replaced_);
    }

    void build(const PlaceBuilds& builds) {
        if (builds.scheduled && same(*builds.scheduled)) {
            // It has not begun: what it will say answers this request too.
            if (!same_sources(*builds.scheduled))
                change_sources(tx_, builds.scheduled->id, *wanted_.source_id);
            return;
        }
        if (!request_.again && is_answered(builds)) return;
        insert_scheduled(tx_, wanted_, request_.delay_ms);
    }

    bool is_answered(const PlaceBuilds& builds) const {
        if (builds.building && same_sources(*builds.building) && !builds.building->stopped) return true;
        if (!builds.ended || !same_sources(*builds.ended)) return false;
        const std::string& state = builds.ended->state;
        return state == "succeeded" || state == "failed" || builds.ended->began;
    }

    void refuse(const PlaceBuilds& builds, const Verdict& verdict) {
        if (builds.scheduled && same(*builds.scheduled)) {
            end_scheduled(tx_, builds.scheduled->id, verdict.state, verdict.details);
            return;
        }
        if (!request_.again && is_refused(builds, verdict)) return;
        insert_ended(tx_, wanted_, verdict.state, verdict.details);
    }

    /// What runs is let finish, and a result stays the truth about its revision.
    bool is_refused(const PlaceBuilds& builds, const Verdict& verdict) const {
        if (builds.building && same(*builds.building) && !builds.building->stopped) return true;
        if (!builds.ended || !same(*builds.ended)) return false;
        return builds.ended->began ||
               (builds.ended->state == verdict.state && builds.ended->details == verdict.details);
    }

    pqxx::transaction_base& tx_;
    const WantedBuild& wanted_;
    const ScheduleRequest& request_;
    std::string replaced_;
};

std::optional<PackageView> view_package(pqxx::transaction_base& tx, std::int64_t package_id) {
    const auto package = lock_package(tx, package_id);
    if (!package) return std::nullopt;
    const auto revision = latest_revision(tx, package_id);
    if (!revision) return std::nullopt;
    return PackageView{
        *package, *revision, built_revision(tx, *package), flags_of(tx, package->project_id, package_id)};
}

void schedule(pqxx::transaction_base& tx,
              BuildPaths& paths,
              std::int64_t package_id,
              const ScheduleRequest& request) {
    const auto view = view_package(tx, package_id);
    if (!view) return;
    auto builds = lock_builds(tx, package_id);
    for (const RepositoryConfig& repository : repositories_of(tx, view->package.project_id)) {
        const std::string problem = paths.why_not_built({view->package.ref.project, repository.name});
        for (const std::string& architecture : repository.architectures) {
            const BuildPlace place{repository.name, architecture};
            const WantedBuild wanted{package_id, view->revision.id, view->sources.id, place};
            PlaceSchedule(tx, wanted, view->revision, request)
                .apply(builds[place], judge(*view, place, request.host_architecture, problem));
            builds.erase(place);
        }
    }
    for (const auto& [place, left] : builds)
        if (left.scheduled)
            end_scheduled(tx,
                          left.scheduled->id,
                          "withdrawn",
                          "repository " + place.repository + " has no architecture " + place.architecture +
                              " any more");
}

}  // namespace

void schedule_package(pqxx::transaction_base& tx, std::int64_t package_id, const ScheduleRequest& request) {
    BuildPaths paths(tx);
    schedule(tx, paths, package_id, request);
}

void schedule_project(pqxx::transaction_base& tx, std::int64_t project_id, const ScheduleRequest& request) {
    BuildPaths paths(tx);
    for (const std::int64_t id : projects_building_against(tx, project_id))
        for (const StoredPackage& package : packages_of(tx, id)) schedule(tx, paths, package.id, request);
}

void schedule_with_links(pqxx::transaction_base& tx,
                         const StoredPackage& package,
                         const ScheduleRequest& request) {
    BuildPaths paths(tx);
    schedule(tx, paths, package.id, request);
    for (const std::int64_t id : packages_linking_to(tx, package.ref))
        if (id != package.id) schedule(tx, paths, id, request);
}

std::string host_architecture() {
    utsname names{};
    uname(&names);
    return names.machine;
}

}  // namespace heddle
