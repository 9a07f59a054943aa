// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>
#include <vector>

#include "app/config/ssh_url.hpp"
#include "app/forges/git/mirror_origin.hpp"
#include "app/forges/git/references.hpp"
#include "app/forges/git/remote_connection.hpp"
#include "app/forges/git/repository_place.hpp"
#include "app/net/url.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr std::string_view kPeeled = "^{}";
constexpr std::size_t kMostBranches = 1000;  // that are fetched in search of one commit

std::string kept_as(const git_oid& id) { return "refs/heddle/" + to_hex(id); }

/// The reference whose history begins with the commit.
std::vector<std::string> spec_of_tip(const std::vector<Advertised>& references, const git_oid& commit) {
    for (const Advertised& reference : references) {
        if (!reference.name.starts_with("refs/") || !git_oid_equal(&reference.id, &commit)) continue;
        const bool peeled = reference.name.ends_with(kPeeled);
        const std::string name =
            reference.name.substr(0, reference.name.size() - (peeled ? kPeeled.size() : 0));
        return {"+" + name + ":" + kept_as(commit)};
    }
    return {};
}

std::vector<std::string> specs_of_branches(const std::vector<Advertised>& references,
                                           const std::string& also) {
    std::vector<std::string> specs;
    for (const Advertised& reference : references) {
        const bool is_branch = reference.name.starts_with("refs/heads/") && specs.size() < kMostBranches;
        if (is_branch || reference.name == also)
            specs.push_back("+" + reference.name + ":" + kept_as(reference.id));
    }
    return specs;
}

/// The commit of a name among what the server has; an annotated tag's commit before the tag itself.
std::optional<git_oid> find_advertised(const std::vector<Advertised>& references, const std::string& name) {
    for (const std::string& wanted : {name + std::string(kPeeled), name})
        for (const Advertised& reference : references)
            if (reference.name == wanted) return reference.id;
    return std::nullopt;
}

}  // namespace

RemoteOrigin::RemoteOrigin(RemoteRepository repository, std::string reference)
    : repository_(std::move(repository)), reference_(std::move(reference)) {
    while (repository_.url.ends_with('/')) repository_.url.pop_back();
}

std::string RemoteOrigin::identity() const {
    // What one credential may read another one must not find in a mirror.
    const std::string& credential = repository_.access.credential;
    return credential.empty() ? repository_.url : repository_.url + '\0' + credential;
}

std::string RemoteOrigin::resolve(const std::string& ref, const std::string& doing) const {
    git_oid id{};
    if (is_full_id(ref, id)) return to_hex(id);
    RemoteConnection connection(converse(repository_, doing), nullptr, repository_.url, doing);
    const auto references = connection.references();
    const bool is_full_name = ref.empty() || ref.starts_with("refs/");
    for (const char* folder : {"refs/heads/", "refs/tags/"}) {
        const std::string name = ref.empty() ? "HEAD" : is_full_name ? ref : folder + ref;
        if (const auto found = find_advertised(references, name)) return to_hex(*found);
    }
    throw no_such_reference(ref, doing);
}

void RemoteOrigin::bring(const git_oid& commit, ::git_repository* mirror, const std::string& doing) const {
    const auto connect = [&] {
        return std::make_unique<RemoteConnection>(
            converse(repository_, doing), mirror, repository_.url, doing);
    };
    auto connection = connect();
    const auto references = connection->references();
    const auto tip = spec_of_tip(references, commit);
    if (!tip.empty() && connection->fetch(tip) && has_commit(mirror, commit)) return;
    // Most servers give any commit that a reference leads to, and say so.
    if (connection->fetch({to_hex(commit) + ":" + kept_as(commit)}) && has_commit(mirror, commit)) return;
    const auto branches = specs_of_branches(references, reference_);
    if (!branches.empty() && connect()->fetch(branches) && has_commit(mirror, commit)) return;
    throw commit_is_gone(doing);
}

ForgeAccess access_at(const std::string& url, const ForgeAccess& forge, const std::string& doing) {
    if (parse_ssh_url(url)) {
        require_below_ssh_forge(url, forge, doing);
        return forge;
    }
    const auto place = parse_url(url);
    if (!place || place->target.find('?') != std::string::npos)
        throw RemoteError(
            RemoteError::Kind::GiveUp, doing, "it is no plain http, https or ssh URL of a repository");
    const auto api = parse_url(forge.api_url);
    if (api && same_origin(*place, *api)) return forge;
    ForgeAccess everybody;
    everybody.name = forge.name;
    everybody.kind = forge.kind;
    everybody.web_url = forge.web_url;
    everybody.api_url = place->origin();
    const auto web = parse_url(forge.web_url);
    everybody.private_network = forge.private_network && web && same_origin(*place, *web);
    return everybody;
}

}  // namespace heddle
