// SPDX-License-Identifier: Apache-2.0
// What a listener who missed everything would have heard.
#include <map>

#include "app/build_service/obs/obs_build_service.hpp"
#include "app/build_service/obs/obs_names.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

BuildEvent at(const BuildPlace& place, const std::string& package, BuildEvent event) {
    event.package = {place.project, package};
    event.repository = place.repository;
    event.architecture = place.architecture;
    return event;
}

}  // namespace

std::vector<BuildEvent> ObsBuildService::latest_events(const std::string& project,
                                                       const std::vector<std::string>& packages) {
    const std::string doing = "look for the results of project " + project;
    std::vector<BuildEvent> events;
    if (!find_project(project, doing)) return {deletion_of({project, ""})};
    for (const Names& names : in_batches(packages, most_names()))
        add_latest_events(project, names, doing, events);
    return events;
}

void ObsBuildService::add_latest_events(const std::string& project,
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
    for (const ListedResult& one : results)
        if (is_end_without_build(one.result.state))
            events.push_back(at({project, one.result.repository, one.result.architecture},
                                one.package,
                                event_without_build(one, revisions[own_package(one)])));
    for (const auto& built : built_packages(project, results))
        each_newest_job(
            built.first, built.second, doing, [&](const std::string& package, pugi::xml_node job) {
                // What nobody built here (it was imported) belongs to no commit.
                if (job) events.push_back(at(built.first, package, event_of_job(job)));
            });
}

}  // namespace heddle
