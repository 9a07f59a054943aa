// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/repository_place.hpp"

#include <algorithm>

#include "app/config/ssh_url.hpp"
#include "app/forges/git/repository_access.hpp"
#include "app/net/url.hpp"
#include "reporters/forge_text.hpp"
#include "workflows/model/remote_error.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void give_up(const std::string& doing, const std::string& why) {
    throw RemoteError(RemoteError::Kind::GiveUp, doing, why);
}

bool is_local(const std::string& place) { return place.starts_with('/') || place.starts_with("file://"); }

/// Every link followed; empty: it is not there.
fs::path canonical_or_empty(const fs::path& path) {
    std::error_code problem;
    fs::path canonical = fs::canonical(path, problem);
    return problem ? fs::path() : canonical;
}

/// `path` is `folder` or lies below it, both without links, "." and "..".
bool is_below(const fs::path& path, const fs::path& folder) {
    const auto [folder_rest, path_rest] =
        std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
    return folder_rest == folder.end() && path_rest != path.end();
}

/// Servers undo some of these before they look: none may stand in a path that is compared.
bool could_climb(std::string target) {
    for (char& c : target)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    target += '/';
    while (target.ends_with("//")) target.pop_back();  // one '/' at the end is nobody's trick
    for (const char* part : {"/../", "/./", "//", "%2e", "%2f", "%5c", "?"})
        if (target.find(part) != std::string::npos) return true;
    return false;
}

std::string joined(const std::string& base, const EventRepository& repository, const std::string& doing) {
    const auto segments = path_segments(repository.full_name);
    if (!segments) give_up(doing, heddle::quoted(repository.full_name) + " is no name of a repository");
    const std::string front = base.ends_with('/') ? base : base + "/";
    // A path is taken as it is, a URL is encoded.
    return front + (base.starts_with('/') ? repository.full_name : *segments);
}

std::string remote_place(const std::string& url, const ForgeAccess& access, const std::string& doing) {
    if (const auto place = parse_ssh_url(url)) {
        require_below_ssh_forge(url, access, doing);
        return place->text();
    }
    const auto place = parse_url(url);
    const auto base = parse_url(access.api_url);
    if (!place || !base) give_up(doing, "neither http, https nor ssh leads to the forge's repositories");
    std::string folder = base->target;
    if (!folder.ends_with('/')) folder += '/';
    const bool below = same_origin(*place, *base) && place->target.starts_with(folder) &&
                       place->target.size() > folder.size() && !could_climb(place->target);
    if (!below) give_up(doing, "it does not lie below the forge's " + access.api_url);
    return url;
}

}  // namespace

bool may_read_locally(const ForgeAccess& access, const fs::path& folder) {
    if (!is_local(access.api_url)) return false;
    const fs::path base = canonical_or_empty(local_path(access.api_url, "read a forge's repositories"));
    const fs::path found = canonical_or_empty(folder);
    return !base.empty() && !found.empty() && is_below(found, base);
}

void require_below_ssh_forge(const std::string& url, const ForgeAccess& access, const std::string& doing) {
    const auto place = parse_ssh_url(url);
    const auto folder = parse_ssh_url(access.api_url);
    if (!folder) give_up(doing, "git comes by ssh from the repositories of a forge with an ssh address only");
    if (!place || !place->lies_in(*folder))
        give_up(doing, "it does not lie below the forge's " + access.api_url);
}

std::string place_of(const EventRepository& repository, const ForgeAccess& access, const std::string& doing) {
    const std::string url =
        repository.clone_url.empty() ? joined(access.api_url, repository, doing) : repository.clone_url;
    if (!is_local(url)) return remote_place(url, access, doing);
    const fs::path folder = local_path(url, doing);
    if (!is_local(access.api_url))
        give_up(doing, "it is on this machine, and the forge's repositories are not");
    if (canonical_or_empty(folder).empty()) give_up(doing, "there is no such folder");
    if (!may_read_locally(access, folder))
        give_up(doing, "it does not lie below the forge's " + access.api_url);
    // What was checked is what is opened, wherever its links lead later.
    return canonical_or_empty(folder).string();
}

}  // namespace heddle
