// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/forge_notes.hpp"

#include <utility>

#include "app/forges/git/mirror_origin.hpp"
#include "app/forges/git/notes.hpp"
#include "app/forges/git/remote_notes.hpp"
#include "app/forges/git/repository_place.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

[[noreturn]] void give_up(const std::string& doing, const std::string& why) {
    throw RemoteError(RemoteError::Kind::GiveUp, doing, why);
}

/// A path, or the URL of a repository that lies below the forge's.
std::string place_of_notes(const std::string& repository,
                           const ForgeAccess& access,
                           const std::string& doing) {
    if (access.api_url.empty()) return repository;
    const bool is_name = !repository.starts_with('/') && repository.find(':') == std::string::npos;
    EventRepository named;
    (is_name ? named.full_name : named.clone_url) = repository;
    return place_of(named, access, doing);
}

bool is_on_this_machine(const std::string& place) {
    return place.starts_with('/') || place.starts_with("file://");
}

git_oid full_id(const std::string& commit_sha, const std::string& doing) {
    git_oid id{};
    if (!is_full_id(commit_sha, id)) give_up(doing, heddle::quoted(commit_sha) + " is no full commit id");
    return id;
}

RemoteNotes remote_notes(HttpClient* client,
                         const std::string& place,
                         const ForgeAccess& access,
                         const std::filesystem::path& directory,
                         const ConversationLimits& limits,
                         const std::string& doing) {
    if (!client) give_up(doing, "nothing is sent through the network here");
    return RemoteNotes({client, access_at(place, access, doing), place, directory, limits});
}

}  // namespace

ForgeNotes::ForgeNotes(HttpClient& client, std::filesystem::path directory, const ConversationLimits& limits)
    : client_(&client), directory_(std::move(directory)), limits_(limits) {}

std::optional<std::string> ForgeNotes::read(const std::string& repository,
                                            const std::string& commit_sha,
                                            const ForgeAccess& access) {
    const std::string doing = "read the note of " + commit_sha + " in " + repository;
    const std::string place = place_of_notes(repository, access, doing);
    if (is_on_this_machine(place)) return GitNotes().read(place, commit_sha);
    return remote_notes(client_, place, access, directory_, limits_, doing)
        .read(full_id(commit_sha, doing), doing);
}

void ForgeNotes::update(const std::string& repository,
                        const std::string& commit_sha,
                        const ForgeAccess& access,
                        const std::function<std::string(const std::string& present)>& change) {
    const std::string doing = "write the note of " + commit_sha + " in " + repository;
    const std::string place = place_of_notes(repository, access, doing);
    if (is_on_this_machine(place)) return GitNotes().update(place, commit_sha, change);
    remote_notes(client_, place, access, directory_, limits_, doing)
        .update(full_id(commit_sha, doing), change, doing);
}

}  // namespace heddle
