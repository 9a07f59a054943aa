// SPDX-License-Identifier: Apache-2.0
// What became of builds. Never one request per package where one for many will do.
#include <algorithm>
#include <map>

#include "app/build_service/obs/obs_build_service.hpp"
#include "app/build_service/obs/obs_meta.hpp"
#include "app/build_service/obs/obs_results.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

/// A backend takes many names in one request; what of several equal parameters a frontend reads is not said.
constexpr std::size_t kMostNamesAtBackend = 50;

ObsQuery naming(const std::vector<std::string>& packages, ObsQuery query) {
    for (const std::string& package : packages) query.emplace_back("package", package);
    return query;
}

auto is_at(const BuildResult& place) {
    return [&place](const BuildResult& result) {
        return result.repository == place.repository && result.architecture == place.architecture;
    };
}

}  // namespace

pugi::xml_document ObsBuildService::job_history(const BuildPlace& place,
                                                const std::vector<std::string>& packages,
                                                const std::string& doing) {
    // Several: so many that the newest of each is most probably among them.
    const std::size_t limit = packages.size() == 1 ? 1 : 10 * packages.size();
    auto history =
        client_.find(obs_target({"build", place.project, place.repository, place.architecture, "_jobhistory"},
                                naming(packages, {{"limit", std::to_string(limit)}})),
                     doing);
    // The repository went meanwhile.
    if (!history) throw RemoteError(RemoteError::Kind::Retry, doing, "something was changed meanwhile");
    return std::move(*history);
}

std::vector<BuildResult> ObsBuildService::results(const PackageRef& package) {
    const std::string doing = "look for the results of " + to_string(package);
    const ObsQuery query{{"package", package.package}, {"multibuild", "1"}};
    std::vector<BuildResult> results;
    const auto project_meta = find_project(package.project, doing);
    const auto package_meta = find_package_by_links(package, doing);
    if (!project_meta || !package_meta) return results;
    const auto list = client_.find(obs_target({"build", package.project, "_result"}, query), doing);
    if (!list) return results;
    for (ListedResult& listed : read_results(*list, {package.package})) {
        BuildResult& result = listed.result;
        if (was_built(result.state)) {
            const BuildPlace place{package.project, result.repository, result.architecture};
            const auto history = job_history(place, {listed.package}, doing);
            result.revision = revision_of_job(newest_job(history, listed.package));
        }
        results.push_back(std::move(result));
    }
    // What the scheduler has not seen yet is not listed.
    for (BuildResult& promised :
         promised_builds(project_meta->document_element(), package_meta->document_element()))
        if (std::none_of(results.begin(), results.end(), is_at(promised)))
            results.push_back(std::move(promised));
    return results;
}

std::vector<BuildEvent> ObsBuildService::latest_events(const std::string& project,
                                                       const std::vector<std::string>& packages) {
    const std::string doing = "look for the results of project " + project;
    std::vector<BuildEvent> events;
    if (!find_project(project, doing)) return {deletion_of({project, ""})};
    const std::size_t at_once = is_backend() ? kMostNamesAtBackend : 1;
    for (std::size_t from = 0; from < packages.size(); from += at_once) {
        const auto to = std::min(packages.size(), from + at_once);
        add_latest_events(project,
                          {packages.begin() + static_cast<std::ptrdiff_t>(from),
                           packages.begin() + static_cast<std::ptrdiff_t>(to)},
                          doing,
                          events);
    }
    return events;
}

void ObsBuildService::add_latest_events(const std::string& project,
                                        const std::vector<std::string>& packages,
                                        const std::string& doing,
                                        std::vector<BuildEvent>& events) {
    std::vector<std::string> present;
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
    std::map<BuildPlace, std::vector<std::string>> built;
    for (const ListedResult& listed : read_results(*list, present)) {
        const BuildPlace place{project, listed.result.repository, listed.result.architecture};
        if (was_built(listed.result.state)) built[place].push_back(listed.package);
        if (!is_end_without_build(listed.result.state)) continue;
        const std::string of = listed.package.substr(
            0,
            listed.result.flavour.empty() ? std::string::npos
                                          : listed.package.size() - listed.result.flavour.size() - 1);
        add_event(event_without_build(listed, revisions[of]), place, listed.package, events);
    }
    for (const auto& [place, names] : built) add_ends(place, names, doing, events);
}

void ObsBuildService::add_event(BuildEvent event,
                                const BuildPlace& place,
                                const std::string& package,
                                std::vector<BuildEvent>& events) {
    event.package = {place.project, package};
    event.repository = place.repository;
    event.architecture = place.architecture;
    events.push_back(std::move(event));
}

void ObsBuildService::add_ends(const BuildPlace& place,
                               const std::vector<std::string>& packages,
                               const std::string& doing,
                               std::vector<BuildEvent>& events) {
    const auto history = job_history(place, packages, doing);
    for (const std::string& package : packages) {
        pugi::xml_document own;
        pugi::xml_node job = newest_job(history, package);
        if (!job && packages.size() > 1) {
            own = job_history(place, {package}, doing);
            job = newest_job(own, package);
        }
        // What nobody built here (it was imported) belongs to no commit.
        if (job) add_event(event_of_job(job), place, package, events);
    }
}

}  // namespace heddle
