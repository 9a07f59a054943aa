// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/app/forges/source_world.hpp"

#include <stdexcept>

#include "app/net/base64.hpp"

namespace heddle::test {
namespace {

StandInAnswer raw_file(const std::string& text) { return {200, text, {{"Content-Type", "text/plain"}}}; }

/// As GitHub's contents API writes it: base64 in lines of 60.
StandInAnswer github_file(const std::string& text) {
    std::string lines;
    const std::string encoded = to_base64(text);
    for (std::size_t at = 0; at < encoded.size(); at += 60) lines += encoded.substr(at, 60) + "\\n";
    return {200,
            R"({"type":"file","encoding":"base64","size":)" + std::to_string(text.size()) +
                R"(,"path":".obs/workflows.yml","content":")" + lines + "\"}",
            {{"Content-Type", "application/json; charset=utf-8"}}};
}

HttpClientOptions short_deadline() {
    HttpClientOptions options;
    options.deadline = std::chrono::seconds(5);
    return options;
}

}  // namespace

const std::vector<ForgeDialect>& forge_dialects() {
    static const std::string token = kToken;
    static const std::vector<ForgeDialect> dialects{
        {"github",
         "/api/v3",
         "/repos/owner/name/contents/.obs/workflows.yml",
         "/repos/owner/name",
         "/repos/owner/name/branches/main",
         "Authorization",
         "Bearer " + token,
         github_file},
        {"gitlab",
         "/api/v4",
         "/projects/42/repository/files/.obs%2Fworkflows.yml/raw",
         "/projects/42",
         "/projects/42/repository/commits/main",
         "PRIVATE-TOKEN",
         token,
         raw_file},
        {"gitea",
         "/api/v1",
         "/repos/owner/name/raw/.obs/workflows.yml",
         "/repos/owner/name",
         "/repos/owner/name/branches/main",
         "Authorization",
         "token " + token,
         raw_file},
    };
    return dialects;
}

ScmEvent an_event(EventClass event_class) {
    ScmEvent event;
    event.event_class = event_class;
    event.repository = {"owner/name", "owner", "name", "", "https://evil.example/owner/name.git", "42"};
    event.source = {"fork/name", "topic", "https://evil.example/fork/name.git"};
    event.target = {"owner/name", "main", "https://evil.example/owner/name.git"};
    event.commit_sha = std::string(40, 'c');
    if (event_class == EventClass::TagPush) {
        event.target.branch.clear();
        event.tag = "v1.0/ä";
    }
    return event;
}

SourceStage::SourceStage(const ForgeDialect& dialect)
    : forge(dialect), client(short_deadline()), source(http_sources(client).at(dialect.kind)) {}

ForgeAccess SourceStage::access() const {
    return {"src", forge.kind, server.url(), server.url() + forge.api, true, kToken};
}

std::optional<std::string> SourceStage::read(const ScmEvent& event, const std::string& path) {
    return source->read(event, path, access());
}

RemoteError SourceStage::failure(const ScmEvent& event, const std::string& path) {
    try {
        read(event, path);
    } catch (const RemoteError& error) {
        CHECK(std::string(error.what()).find(kToken) == std::string::npos);
        return error;
    }
    throw std::runtime_error("it was read");
}

}  // namespace heddle::test
