// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/commit_places.hpp"

#include <optional>
#include <string>

#include "app/config/forge_kinds.hpp"
#include "app/forges/git/repository_place.hpp"
#include "app/forges/source_kinds.hpp"
#include "app/net/url.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

bool is_at(const std::string& forge_url, const Url& place) {
    const auto forge = parse_url(forge_url);
    return forge && same_origin(*forge, place);
}

/// Of a forge with pages: repositories are cloned from where these are.
std::optional<std::string> place_at_forge(const std::string& clone_url, const ForgeAccess& access) {
    const auto place = parse_url(clone_url);
    if (!place || !(is_at(access.web_url, *place) || is_at(access.api_url, *place))) return std::nullopt;
    return clone_url;
}

/// Of a forge that is nothing but a folder of repositories.
std::optional<std::string> place_in_folder(const EventSide& side, const ForgeAccess& access) {
    EventRepository repository;
    repository.full_name = side.full_name;
    repository.clone_url = side.clone_url;
    try {
        return place_of(repository, access, "look for a commit");
    } catch (const RemoteError&) {
        return std::nullopt;  // no place of this forge
    }
}

std::optional<std::string> place_of_side(const EventSide& side, const ForgeAccess& access) {
    const ForgeKind* const kind = find_forge_kind(access.kind);
    if (kind && kind->has_web) return place_at_forge(side.clone_url, access);
    return place_in_folder(side, access);
}

}  // namespace

std::vector<CommitPlace> commit_places(const ScmEvent& event, const ForgeAccess& access) {
    if (access.api_url.empty()) return {};
    std::vector<CommitPlace> places;
    const EventRepository& target = event.repository;
    if (const auto url = place_of_side({target.full_name, "", target.clone_url}, access))
        places.push_back({*url, access, event.number ? pull_reference(access.kind, *event.number) : ""});
    const auto fork = place_of_side(event.source, access);
    if (fork && (places.empty() || *fork != places.front().url)) places.push_back({*fork, access, ""});
    return places;
}

}  // namespace heddle
