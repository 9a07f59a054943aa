// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <set>
#include <string>
#include <vector>

#include "workflows/model/build_event.hpp"
#include "workflows/model/build_result.hpp"

namespace heddle {

/// What `_result` says of one package, or flavour of one ("package:flavour"), in one place.
struct ListedResult {
    std::string package;
    BuildResult result;     // without the revision
    bool dirty = false;     // something changed there, and the scheduler has not looked yet
    bool outdated = false;  // it is about other sources than the present ones
};

/// Where packages are built.
struct ObsPlace {
    std::string project;
    std::string repository;
    std::string architecture;

    auto operator<=>(const ObsPlace&) const = default;
};

/// The results of a `resultlist`. What the scheduler has not looked at since something changed ("dirty") may
/// be about what was there before: an end without a build counts as scheduled then. A repository that is
/// broken as a whole lists no packages, and is broken for each of `packages`. Pure.
std::vector<ListedResult> read_results(const pugi::xml_document& list,
                                       const std::vector<std::string>& packages);

/// Where the state of the repository is not known and nothing is listed: no scheduler has looked there yet,
/// or none ever will. Pure.
std::set<ObsPlace> unwatched_places(const pugi::xml_document& list);

/// Was there a build (it succeeded or failed)?
bool was_built(BuildState state);
/// Will there be none?
bool is_end_without_build(BuildState state);
/// Which of them were built, place by place. Pure.
std::map<ObsPlace, std::vector<std::string>> built_packages(const std::string& project,
                                                            const std::vector<ListedResult>& listed);
/// The name of the package itself, also where a flavour of it is listed. Pure.
std::string own_package(const ListedResult& listed);

/// The newest job of a package in a `jobhistlist`; null: there is none. Pure.
pugi::xml_node newest_job(const pugi::xml_document& history, const std::string& package);
SourceRevision revision_of_job(pugi::xml_node job);
/// How that job ended, in the words of an event; the place is the caller's to add.
BuildEvent event_of_job(pugi::xml_node job);
/// The event of a package that is not built.
BuildEvent event_without_build(const ListedResult& listed, const SourceRevision& revision);

}  // namespace heddle
