// SPDX-License-Identifier: Apache-2.0
// What a listener who missed everything would have heard.
#include <algorithm>
#include <map>

#include "app/build_service/obs/obs_build_service.hpp"
#include "app/build_service/obs/obs_names.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

BuildEvent at(const ListedResult& listed, const std::string& project, BuildEvent event) {
    event.package = {project, listed.package};
    event.repository = listed.result.repository;
    event.architecture = listed.result.architecture;
    event.is_last = !listed.dirty;
    return event;
}

/// A scheduler works for one architecture; where there is none nothing is ever listed.
BuildEvent withdrawal(const std::string& project,
                      const std::string& package,
                      const BuildResult& build,
                      const SourceRevision& revision) {
    BuildEvent event;
    event.type = BuildEventType::BuildWithdrawn;
    event.package = {project, build.flavour.empty() ? package : package + ":" + build.flavour};
    event.repository = build.repository;
    event.architecture = build.architecture;
    event.revision = revision;
    event.reason = "no scheduler of the build service looks at " + build.architecture;
    event.is_last = true;
    return event;
}

auto is_about(const ObsPlace& place, const std::string& package) {
    return [&](const ListedResult& one) {
        return one.package == package && one.result.repository == place.repository &&
               one.result.architecture == place.architecture;
    };
}

}  // namespace

std::vector<BuildEvent> ObsBuildService::latest_events(const std::string& project,
                                                       const std::vector<std::string>& packages) {
    const std::string doing = "look for the results of project " + project;
    std::vector<BuildEvent> events;
    const auto meta = find_project(project, doing);
    if (!meta) return {deletion_of({project, ""})};
    for (const Names& names : in_batches(packages, most_names()))
        add_latest_events(project, meta->document_element(), names, doing, events);
    return events;
}

void ObsBuildService::add_latest_events(const std::string& project,
                                        pugi::xml_node project_meta,
                                        const Names& packages,
                                        const std::string& doing,
                                        std::vector<BuildEvent>& events) {
    Names present;
    std::map<std::string, SourceRevision> revisions;
    const auto infos =
        client_.get(obs_target({"source", project}, naming(packages, {{"view", "info"}})), doing);
    for (const pugi::xml_node info : infos.document_element().children("sourceinfo")) {
        const std::string package = info.attribute("package").as_string();
        const SourceRevision revision{info.attribute("rev").as_string(),
                                      info.attribute("srcmd5").as_string()};
        // Without a revision it may be empty, or gone.
        if (revision.rev.empty() && !find_package_by_links({project, package}, doing)) {
            events.push_back(deletion_of({project, package}));
            continue;
        }
        present.push_back(package);
        revisions[package] = revision;
    }
    if (present.empty()) return;
    const auto list = client_.find(
        obs_target({"build", project, "_result"}, naming(present, {{"multibuild", "1"}})), doing);
    if (!list) throw RemoteError(RemoteError::Kind::Retry, doing, "something was deleted meanwhile");
    const std::vector<ListedResult> results = read_results(*list, present);
    add_unbuilt(project, project_meta, results, revisions, doing, events);
    for (const auto& [place, names] : built_packages(project, results))
        add_ends(place, names, results, revisions, doing, events);
    add_unwatched(project, project_meta, unwatched_places(*list), revisions, doing, events);
}

void ObsBuildService::add_unbuilt(const std::string& project,
                                  pugi::xml_node project_meta,
                                  const std::vector<ListedResult>& results,
                                  const std::map<std::string, SourceRevision>& revisions,
                                  const std::string& doing,
                                  std::vector<BuildEvent>& events) {
    std::map<ObsPlace, std::map<std::string, BuildEvent>> unbuilt;
    for (const ListedResult& one : results) {
        if (!is_end_without_build(one.result.state)) continue;
        const auto of = unbuilt_revision(project, project_meta, one, doing);
        if (!of) continue;
        const bool is_named = *of != SourceRevision{};
        unbuilt[{project, one.result.repository, one.result.architecture}][one.package] =
            at(one, project, event_without_build(one, is_named ? *of : revisions.at(own_package(one))));
    }
    for (auto& [place, by_package] : unbuilt) {
        Names names;
        for (const auto& [package, event] : by_package) names.push_back(package);
        each_newest_job(place, names, doing, [&](const std::string& package, pugi::xml_node job) {
            BuildEvent& event = by_package.at(package);
            if (job) event.started_at = event_of_job(job).started_at;
            events.push_back(event);
        });
    }
}

void ObsBuildService::add_unwatched(const std::string& project,
                                    pugi::xml_node project_meta,
                                    const std::set<ObsPlace>& places,
                                    const std::map<std::string, SourceRevision>& revisions,
                                    const std::string& doing,
                                    std::vector<BuildEvent>& events) {
    if (places.empty()) return;
    for (const auto& [package, revision] : revisions) {
        std::vector<BuildResult> promised;
        add_promised({project, package}, project_meta, doing, promised);
        for (const BuildResult& build : promised)
            if (places.contains({project, build.repository, build.architecture}))
                events.push_back(withdrawal(project, package, build, revision));
    }
}

void ObsBuildService::add_ends(const ObsPlace& place,
                               const Names& packages,
                               const std::vector<ListedResult>& results,
                               const std::map<std::string, SourceRevision>& revisions,
                               const std::string& doing,
                               std::vector<BuildEvent>& events) {
    each_newest_job(place, packages, doing, [&](const std::string& package, pugi::xml_node job) {
        const ListedResult& one = *std::find_if(results.begin(), results.end(), is_about(place, package));
        if (job) return events.push_back(at(one, place.project, event_of_job(job)));
        // Done without a worker, as what takes its binaries from elsewhere (_aggregate) is.
        BuildEvent done;
        done.revision = revisions.at(own_package(one));
        if (one.result.state == BuildState::Succeeded && !one.dirty)
            events.push_back(at(one, place.project, done));
    });
}

}  // namespace heddle
