// SPDX-License-Identifier: Apache-2.0
// What became of builds. Never one request per package where one for many will do.
#include <algorithm>

#include "app/build_service/obs/obs_build_service.hpp"
#include "app/build_service/obs/obs_meta.hpp"
#include "app/build_service/obs/obs_names.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

BuildResult waiting(BuildResult result) {
    result.state = BuildState::Scheduled;
    result.details.clear();
    return result;
}

/// Of what was done without a worker nothing tells which sources it is about: that takes a second look.
void settle_built(BuildResult& result, pugi::xml_node job) {
    if (!job) result = waiting(result);
    if (job) result.revision = revision_of_job(job);
}

/// Is one of these results about the same place? A package whose flavours are listed somewhere is itself
/// built there only if it is listed, too.
auto listed_in(const std::vector<BuildResult>& results) {
    return [&results](const BuildResult& place) {
        return std::any_of(results.begin(), results.end(), [&](const BuildResult& result) {
            return result.repository == place.repository && result.architecture == place.architecture &&
                   (place.flavour.empty() || result.flavour == place.flavour);
        });
    };
}

}  // namespace

pugi::xml_document ObsBuildService::job_history(const ObsPlace& place,
                                                const Names& packages,
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

void ObsBuildService::each_newest_job(const ObsPlace& place,
                                      const Names& packages,
                                      const std::string& doing,
                                      const UseJob& use) {
    for (const Names& names : in_batches(packages, most_names())) {
        const auto history = job_history(place, names, doing);
        for (const std::string& package : names) {
            pugi::xml_document own;
            pugi::xml_node job = newest_job(history, package);
            if (!job && names.size() > 1) {
                own = job_history(place, {package}, doing);
                job = newest_job(own, package);
            }
            use(package, job);
        }
    }
}

ResultsByPackage ObsBuildService::results(const std::string& project,
                                          const std::vector<std::string>& packages) {
    const std::string doing = "look for the results of project " + project;
    ResultsByPackage results;
    const auto meta = find_project(project, doing);
    if (!meta) return results;
    const PresentSources present = present_sources(project, packages, doing);
    for (const Names& names : in_batches(packages, most_names()))
        add_results(project, meta->document_element(), names, present, doing, results);
    return results;
}

void ObsBuildService::add_results(const std::string& project,
                                  pugi::xml_node project_meta,
                                  const Names& packages,
                                  const PresentSources& present,
                                  const std::string& doing,
                                  ResultsByPackage& results) {
    const auto list = client_.find(
        obs_target({"build", project, "_result"}, naming(packages, {{"multibuild", "1"}})), doing);
    if (!list) {
        // At least one of them is unknown, which one is not said.
        if (packages.size() == 1) return;
        const auto middle = packages.begin() + static_cast<std::ptrdiff_t>(packages.size() / 2);
        add_results(project, project_meta, {packages.begin(), middle}, present, doing, results);
        add_results(project, project_meta, {middle, packages.end()}, present, doing, results);
        return;
    }
    std::vector<ListedResult> listed = read_results(*list, packages);
    settle_unbuilt(project, project_meta, listed, doing);
    add_revisions(project, listed, doing);
    mark_outdated(project, present, listed);
    const std::vector<BuildResult> places = build_places(project_meta);
    for (const std::string& package : packages) {
        std::vector<BuildResult> of_package;
        bool outdated = false;
        for (const ListedResult& one : listed) {
            if (one.package != package && own_package(one) != package) continue;
            of_package.push_back(one.result);
            outdated = outdated || one.outdated;
        }
        if (outdated || !std::all_of(places.begin(), places.end(), listed_in(of_package)))
            add_promised({project, package}, project_meta, doing, of_package);
        if (!of_package.empty()) results[package] = std::move(of_package);
    }
}

void ObsBuildService::add_revisions(const std::string& project,
                                    std::vector<ListedResult>& listed,
                                    const std::string& doing) {
    for (const auto& built : built_packages(project, listed)) {
        const ObsPlace& place = built.first;
        each_newest_job(place, built.second, doing, [&](const std::string& package, pugi::xml_node job) {
            for (ListedResult& one : listed)
                if (one.package == package && one.result.repository == place.repository &&
                    one.result.architecture == place.architecture)
                    settle_built(one.result, job);
        });
    }
}

void ObsBuildService::settle_unbuilt(const std::string& project,
                                     pugi::xml_node project_meta,
                                     std::vector<ListedResult>& listed,
                                     const std::string& doing) {
    for (ListedResult& one : listed) {
        if (!is_end_without_build(one.result.state)) continue;
        const auto unbuilt = unbuilt_revision(project, project_meta, one, doing);
        one.outdated = !unbuilt;
        if (!unbuilt) one.result = waiting(one.result);
        if (unbuilt) one.result.revision = *unbuilt;
    }
}

/// What the scheduler has not seen yet is not listed.
void ObsBuildService::add_promised(const PackageRef& package,
                                   pugi::xml_node project_meta,
                                   const std::string& doing,
                                   std::vector<BuildResult>& results) {
    const auto meta = find_package_by_links(package, doing);
    if (!meta) return results.clear();
    std::vector<BuildResult> promised =
        promised_builds(project_meta, meta->document_element(), find_flavours(package, doing));
    std::erase_if(promised, listed_in(results));
    std::move(promised.begin(), promised.end(), std::back_inserter(results));
}

}  // namespace heddle
