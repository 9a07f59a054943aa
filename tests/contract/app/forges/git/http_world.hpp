// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/net/http_client.hpp"
#include "tests/contract/app/forges/git/mirror_world.hpp"
#include "tests/support/git_http_server.hpp"
#include "tests/support/stand_in_server.hpp"

namespace heddle::test {

/// A repository behind a git server on the loopback, and mirrors that reach it.
struct GitHttpWorld {
    TemporaryFolder folder;
    GitRepository repository;
    StandInServer server{[this](const StandInRequest& request) { return answer(request); }};
    HttpClient client;
    std::string needed;  // the header Authorization that the server wants; empty: none
    ForgeAccess forge{"src", "git", server.url(), server.url(), true, ""};
    ConversationLimits limits;
    fs::path target = folder.path() / "target";

    StandInAnswer answer(const StandInRequest& request) const {
        if (request.header("Authorization") != needed) return {401, "", {{"WWW-Authenticate", "Basic"}}};
        return answer_as_git(repository.path().parent_path(), request);
    }
    std::string url() const { return server.url() + "/repository"; }
    GitOverNetwork http() {
        return {&client, [this](const std::string&) { return forge; }, limits};
    }
    Mirrors mirrors() { return Mirrors(folder.path() / "mirrors", http()); }
};

}  // namespace heddle::test
