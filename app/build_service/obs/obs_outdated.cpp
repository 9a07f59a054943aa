// SPDX-License-Identifier: Apache-2.0
// A place may list what the scheduler saw before the present sources: then flavours that these added are not
// listed yet.
#include <algorithm>
#include <set>

#include "app/build_service/obs/obs_build_service.hpp"
#include "app/build_service/obs/obs_names.hpp"

namespace heddle {
namespace {

ObsPlace place_of(const std::string& project, const ListedResult& one) {
    return {project, one.result.repository, one.result.architecture};
}

}  // namespace

ObsBuildService::PresentSources ObsBuildService::present_sources(const std::string& project,
                                                                 const Names& packages,
                                                                 const std::string& doing) {
    PresentSources present;
    for (const Names& names : in_batches(packages, most_names())) {
        const auto infos =
            client_.find(obs_target({"source", project}, naming(names, {{"view", "info"}})), doing);
        if (!infos) continue;
        for (const pugi::xml_node info : infos->document_element().children("sourceinfo"))
            present.revisions[info.attribute("package").as_string()] = {info.attribute("rev").as_string(),
                                                                        info.attribute("srcmd5").as_string()};
    }
    if (!is_backend()) return present;
    // The source server names the flavours that it has seen, in one answer for the whole project: those of
    // the present sources once it was asked for infos of them (Multibuild.pm, `updatemultibuild`).
    const auto builds =
        client_.find(obs_target({"source", project}, {{"expand", "1"}, {"noorigins", "1"}}), doing);
    if (!builds) return present;
    for (const pugi::xml_node entry : builds->document_element().children("entry"))
        if (const pugi::xml_attribute package = entry.attribute("originpackage"))
            present.flavours[package.as_string()].emplace_back(entry.attribute("name").as_string());
    return present;
}

void ObsBuildService::mark_outdated(const std::string& project,
                                    const PresentSources& present,
                                    std::vector<ListedResult>& listed) const {
    std::set<std::pair<ObsPlace, std::string>> seen;
    for (const ListedResult& one : listed) seen.emplace(place_of(project, one), one.package);
    for (ListedResult& one : listed) {
        const auto revision = present.revisions.find(own_package(one));
        const bool is_present =
            revision != present.revisions.end() && revision->second == one.result.revision;
        // What waits, say, does not tell for which sources; of a frontend each package is asked about anyhow.
        if (was_built(one.result.state) || !is_backend()) one.outdated = one.outdated || !is_present;
        const auto flavours = present.flavours.find(own_package(one));
        if (flavours == present.flavours.end()) continue;
        for (const std::string& flavour : flavours->second)
            one.outdated = one.outdated || !seen.contains({place_of(project, one), flavour});
    }
}

}  // namespace heddle
