// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "app/forges/source_kinds.hpp"
#include "app/net/http_client.hpp"
#include "tests/support/stand_in_server.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle::test {

inline constexpr const char* kFile = ".obs/workflows.yml";
inline constexpr const char* kToken = "s3cret-t0ken";

/// What is different between the forges as they are asked for a file of the repository "owner/name", 42.
struct ForgeDialect {
    std::string kind;
    std::string api;              // path of the API on its server
    std::string file_path;        // of kFile, below `api`
    std::string repository_path;  // below `api`
    std::string branch_path;      // of "main", below `api`
    std::string credential_name;  // header
    std::string credential;       // its value
    /// The answer that has a file with that text.
    std::function<StandInAnswer(const std::string& text)> file;
};

const std::vector<ForgeDialect>& forge_dialects();

/// Of the repository "owner/name": a pull request for "main", a push to it, or a pushed tag.
ScmEvent an_event(EventClass event_class);

/// A stand-in for each forge in turn, asked by its own source through the real client.
struct SourceStage {
    explicit SourceStage(const ForgeDialect& forge);

    ForgeAccess access() const;
    static ScmEvent event(EventClass event_class = EventClass::PullRequest) { return an_event(event_class); }
    std::optional<std::string> read(const ScmEvent& event, const std::string& path = kFile);
    std::optional<std::string> read() { return read(event()); }
    /// The error that read() throws.
    RemoteError failure(const ScmEvent& event, const std::string& path = kFile);
    RemoteError failure() { return failure(event()); }

    void answer_file(StandInAnswer answer) {
        server.answer("GET", forge.api + forge.file_path, std::move(answer));
    }
    void answer_repository(int status) {
        server.answer("GET", forge.api + forge.repository_path, {status, "{}"});
    }
    void answer_branch(int status) { server.answer("GET", forge.api + forge.branch_path, {status, "{}"}); }

    ForgeDialect forge;
    StandInServer server;
    HttpClient client;
    std::shared_ptr<ConfigSource> source;
};

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace heddle::test
