// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/obs/obs_results.hpp"

#include <array>
#include <stdexcept>
#include <string_view>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

struct StateWord {
    std::string_view word;
    BuildState state;
};
constexpr std::array kStateWords{StateWord{"succeeded", BuildState::Succeeded},
                                 StateWord{"failed", BuildState::Failed},
                                 StateWord{"broken", BuildState::Broken},
                                 StateWord{"unresolvable", BuildState::Unresolvable},
                                 StateWord{"excluded", BuildState::Excluded},
                                 StateWord{"disabled", BuildState::Disabled},
                                 StateWord{"locked", BuildState::Disabled},
                                 StateWord{"building", BuildState::Building},
                                 StateWord{"dispatching", BuildState::Building},
                                 StateWord{"signing", BuildState::Building},
                                 StateWord{"finished", BuildState::Building}};

/// What is not listed (scheduled, blocked, unknown) has yet to begin.
BuildState state_from(std::string_view word) {
    for (const StateWord& known : kStateWords)
        if (known.word == word) return known.state;
    return BuildState::Scheduled;
}

ListedResult listed_in(pugi::xml_node place, const std::string& package) {
    ListedResult listed;
    listed.package = package;
    listed.result.repository = place.attribute("repository").as_string();
    listed.result.architecture = place.attribute("arch").as_string();
    const auto colon = package.find(':', 1);
    // "_patchinfo:x" is a package, "x:y" a flavour.
    if (colon != std::string::npos && package.front() != '_')
        listed.result.flavour = package.substr(colon + 1);
    return listed;
}

void settle(ListedResult& listed, BuildState state, const std::string& details, bool dirty) {
    listed.dirty = dirty;
    listed.result.state = dirty && is_end_without_build(state) ? BuildState::Scheduled : state;
    if (listed.result.state == state) listed.result.details = one_line(details);
}

std::optional<TimePoint> time_of(pugi::xml_attribute attribute) {
    const std::int64_t seconds = attribute.as_llong();
    if (seconds <= 0) return std::nullopt;
    return TimePoint(std::chrono::seconds(seconds));
}

BuildEventType type_of(BuildState state) {
    switch (state) {
        case BuildState::Broken: return BuildEventType::BuildBroken;
        case BuildState::Unresolvable: return BuildEventType::BuildUnresolvable;
        case BuildState::Excluded:
        case BuildState::Disabled: return BuildEventType::BuildExcluded;
        case BuildState::Scheduled:
        case BuildState::Building:
        case BuildState::Succeeded:
        case BuildState::Failed: break;
    }
    throw std::logic_error("no end without a build");
}

}  // namespace

bool was_built(BuildState state) { return state == BuildState::Succeeded || state == BuildState::Failed; }

bool is_end_without_build(BuildState state) {
    return state != BuildState::Scheduled && state != BuildState::Building && !was_built(state);
}

std::map<ObsPlace, std::vector<std::string>> built_packages(const std::string& project,
                                                            const std::vector<ListedResult>& listed) {
    std::map<ObsPlace, std::vector<std::string>> built;
    for (const ListedResult& one : listed)
        if (was_built(one.result.state))
            built[{project, one.result.repository, one.result.architecture}].push_back(one.package);
    return built;
}

std::string own_package(const ListedResult& listed) {
    const std::string& flavour = listed.result.flavour;
    return flavour.empty() ? listed.package
                           : listed.package.substr(0, listed.package.size() - flavour.size() - 1);
}

std::vector<ListedResult> read_results(const pugi::xml_document& list,
                                       const std::vector<std::string>& packages) {
    std::vector<ListedResult> results;
    for (const pugi::xml_node place : list.document_element().children("result")) {
        const bool dirty = place.attribute("dirty").as_bool();
        for (const pugi::xml_node status : place.children("status")) {
            const std::string word = status.attribute("code").as_string();
            ListedResult listed = listed_in(place, status.attribute("package").as_string());
            const std::string details = status.child_value("details");
            settle(listed, state_from(word), word == "locked" ? "locked" : details, dirty);
            results.push_back(std::move(listed));
        }
        if (place.child("status") || place.attribute("code").as_string() != std::string_view("broken"))
            continue;
        for (const std::string& package : packages) {
            ListedResult listed = listed_in(place, package);
            settle(listed, BuildState::Broken, place.attribute("details").as_string(), dirty);
            results.push_back(std::move(listed));
        }
    }
    return results;
}

std::set<ObsPlace> unwatched_places(const pugi::xml_document& list) {
    std::set<ObsPlace> places;
    for (const pugi::xml_node place : list.document_element().children("result"))
        if (!place.child("status") && place.attribute("code").as_string() == std::string_view("unknown"))
            places.insert({place.attribute("project").as_string(),
                           place.attribute("repository").as_string(),
                           place.attribute("arch").as_string()});
    return places;
}

pugi::xml_node newest_job(const pugi::xml_document& history, const std::string& package) {
    for (pugi::xml_node job = history.document_element().last_child(); job; job = job.previous_sibling())
        if (job.attribute("package").as_string() == package) return job;
    return {};
}

SourceRevision revision_of_job(pugi::xml_node job) {
    return {job.attribute("rev").as_string(), job.attribute("srcmd5").as_string()};
}

BuildEvent event_of_job(pugi::xml_node job) {
    const std::string_view code = job.attribute("code").as_string();
    BuildEvent event;
    event.type = code == "succeeded"   ? BuildEventType::BuildSuccess
                 : code == "unchanged" ? BuildEventType::BuildUnchanged
                                       : BuildEventType::BuildFail;
    event.revision = revision_of_job(job);
    event.started_at = time_of(job.attribute("starttime"));
    event.ended_at = time_of(job.attribute("endtime"));
    return event;
}

BuildEvent event_without_build(const ListedResult& listed, const SourceRevision& revision) {
    BuildEvent event;
    event.type = type_of(listed.result.state);
    event.revision = revision;
    event.reason = listed.result.details;
    if (event.reason.empty() && event.type == BuildEventType::BuildExcluded)
        event.reason = to_string(listed.result.state);
    return event;
}

}  // namespace heddle
