// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/forge_payloads.hpp"
#include "tests/support/stand_in_server.hpp"

namespace heddle::test {

/// A request for a file.
struct AskedFile {
    std::string repository;  // as the path named it, decoded: a full name, or a number
    std::string path;
    std::string ref;
};

/// A status as it came over the wire.
struct PostedStatus {
    std::string repository;  // as the path named it, decoded: a full name, or a number
    std::string commit;
    std::string context;
    std::string state;
    std::string text;
    std::string url;
};

/// Any request but git's, refused ones too.
struct Asked {
    std::string credential;
    std::chrono::steady_clock::time_point at;
};

/// A forge over HTTP: serves a configuration file and repositories, takes commit statuses and shows them
/// again. Refuses with 401 what comes without the credential. Thread-safe.
class ForgeStandIn {
public:
    explicit ForgeStandIn(ForgeKind kind);

    static constexpr const char* kCredential = "forge-credential-1";

    ForgeKind kind() const { return kind_; }
    std::string web_url() const { return server_.url(); }
    std::string api_url() const;
    StandInServer& server() { return server_; }

    /// The file's text at a branch, tag or commit of every repository; nullopt: there is none.
    void set_file(const std::string& ref, std::optional<std::string> text);
    /// Of one repository, as the path names it; this goes before.
    void set_file_of(const std::string& repository, const std::string& ref, const std::string& text);
    /// The git repositories below `root` from now on: "team/hello.git" is the folder root/team/hello.git.
    void serve_git(const std::filesystem::path& root);
    /// The next so many status posts are answered with this.
    void answer_next_posts(int count, const StandInAnswer& answer);
    /// From now on statuses of this context are answered with 503; empty: all are taken again.
    void refuse_context(const std::string& context);

    /// From now on a repository has another name. Who asks for the old one is sent to the new one with 307
    /// (docs.github.com, "Best practices for using the REST API"; so does Gitea), or not found at all (GitLab
    /// moves only who reads). Its number stays.
    void rename(const std::string& repository, const std::string& renamed);

    /// In order of arrival, refused ones too.
    std::vector<PostedStatus> posted() const;
    std::vector<Asked> asked() const;
    /// In order of arrival, those that are not there too.
    std::vector<AskedFile> asked_files() const;
    /// Requests that were neither for a file nor posted a status, as "GET /path?query".
    std::vector<std::string> asked_otherwise() const;
    /// The repositories whose references git asked for, "team/hello.git", in order of arrival.
    std::vector<std::string> asked_repositories() const;
    /// What the forge shows: context -> state of a commit.
    std::map<std::string, std::string> shown(const std::string& commit) const;

private:
    StandInAnswer answer(const StandInRequest& request);
    StandInAnswer git_answer(const StandInRequest& request);
    StandInAnswer file_answer(const AskedFile& asked);
    StandInAnswer take_status(const StandInRequest& request, const std::string& commit);
    StandInAnswer list_statuses(const std::string& commit) const;
    std::optional<StandInAnswer> moved(const StandInRequest& request) const;

    ForgeKind kind_;
    mutable std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, std::string> files_;  // by repository ("": any) and ref
    std::filesystem::path git_root_;                                    // empty: there are no repositories
    std::vector<std::string> asked_repositories_;
    std::vector<AskedFile> asked_files_;
    std::vector<std::string> asked_otherwise_;
    std::vector<PostedStatus> posted_;
    std::vector<PostedStatus> shown_;
    std::vector<Asked> asked_;
    std::map<std::string, std::string> renamed_;
    int refusals_ = 0;
    StandInAnswer refusal_;
    std::string refused_context_;
    StandInServer server_;  // last: it ends first
};

}  // namespace heddle::test
