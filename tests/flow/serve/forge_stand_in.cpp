// SPDX-License-Identifier: Apache-2.0
#include "tests/flow/serve/forge_stand_in.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "tests/flow/serve/base64.hpp"
#include "tests/support/git_http_server.hpp"

namespace heddle::test {
namespace {

using nlohmann::json;

std::string decoded(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

/// What stands between two parts of a path, decoded.
std::string between(const std::string& path, const std::string& before, const std::string& after) {
    const auto from = path.find(before);
    if (from == std::string::npos) return {};
    const auto to = path.find(after, from + before.size());
    return decoded(path.substr(from + before.size(), to - from - before.size()));
}

std::string parameter(const StandInRequest& request, const std::string& name) {
    const std::string query = "&" + request.query() + "&";
    return between(query, "&" + name + "=", "&");
}

/// The first segment of a path that is a commit's id.
std::string commit_in(const std::string& path) {
    std::istringstream segments(path);
    for (std::string segment; std::getline(segments, segment, '/');)
        if (segment.size() == 40 && segment.find_first_not_of("0123456789abcdef") == std::string::npos)
            return segment;
    return {};
}

/// What stands before a repository's name in paths.
std::string repositories_of(ForgeKind kind) { return kind == ForgeKind::Gitlab ? "/projects/" : "/repos/"; }

/// What stands before and after a file's path in paths.
struct FilePath {
    std::string before;
    std::string after;
};

FilePath file_path_of(ForgeKind kind) {
    switch (kind) {
        case ForgeKind::Github: return {"/contents/", "?"};
        case ForgeKind::Gitlab: return {"/repository/files/", "/raw"};
        case ForgeKind::Gitea: return {"/raw/", "?"};
    }
    throw std::logic_error("unknown ForgeKind");
}

bool is_of_git(const StandInRequest& request) {
    const std::string path = request.path();
    return path.ends_with("/info/refs") || path.ends_with("/git-upload-pack");
}

std::string with_encoded_slashes(std::string name) {
    for (auto at = name.find('/'); at != std::string::npos; at = name.find('/', at))
        name.replace(at, 1, "%2F");
    return name;
}

/// Without the word that says which kind it is.
std::string credential_in(const StandInRequest& request, ForgeKind kind) {
    const std::string value = request.header(kind == ForgeKind::Gitlab ? "PRIVATE-TOKEN" : "Authorization");
    return value.substr(value.rfind(' ') + 1);
}

StandInAnswer json_answer(int status, const json& body) {
    return {status, body.dump(), {{"Content-Type", "application/json"}}};
}

std::string text_of(const json& body, const char* key) {
    return body.contains(key) && body[key].is_string() ? body[key].get<std::string>() : std::string();
}

}  // namespace

ForgeStandIn::ForgeStandIn(ForgeKind kind)
    : kind_(kind), server_([this](const StandInRequest& request) { return answer(request); }) {}

std::string ForgeStandIn::api_url() const {
    switch (kind_) {
        case ForgeKind::Github: return server_.url() + "/api/v3";
        case ForgeKind::Gitlab: return server_.url() + "/api/v4";
        case ForgeKind::Gitea: return server_.url() + "/api/v1";
    }
    return {};
}

void ForgeStandIn::set_file(const std::string& ref, std::optional<std::string> text) {
    const std::lock_guard lock(mutex_);
    files_.erase({"", ref});
    if (text) files_.emplace(std::pair("", ref), std::move(*text));
}

void ForgeStandIn::set_file_of(const std::string& repository,
                               const std::string& ref,
                               const std::string& text) {
    const std::lock_guard lock(mutex_);
    files_[{repository, ref}] = text;
}

void ForgeStandIn::serve_git(const std::filesystem::path& root) {
    const std::lock_guard lock(mutex_);
    git_root_ = root;
}

void ForgeStandIn::answer_next_posts(int count, const StandInAnswer& answer) {
    const std::lock_guard lock(mutex_);
    refusals_ = count;
    refusal_ = answer;
}

void ForgeStandIn::refuse_context(const std::string& context) {
    const std::lock_guard lock(mutex_);
    refused_context_ = context;
}

std::vector<PostedStatus> ForgeStandIn::posted() const {
    const std::lock_guard lock(mutex_);
    return posted_;
}

std::vector<Asked> ForgeStandIn::asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
}

void ForgeStandIn::rename(const std::string& repository, const std::string& renamed) {
    const std::lock_guard lock(mutex_);
    renamed_[repository] = renamed;
}

std::vector<AskedFile> ForgeStandIn::asked_files() const {
    const std::lock_guard lock(mutex_);
    return asked_files_;
}

std::vector<std::string> ForgeStandIn::asked_repositories() const {
    const std::lock_guard lock(mutex_);
    return asked_repositories_;
}

std::vector<std::string> ForgeStandIn::asked_otherwise() const {
    const std::lock_guard lock(mutex_);
    return asked_otherwise_;
}

std::map<std::string, std::string> ForgeStandIn::shown(const std::string& commit) const {
    const std::lock_guard lock(mutex_);
    std::map<std::string, std::string> states;
    for (const PostedStatus& status : shown_)
        if (status.commit == commit) states[status.context] = status.state;
    return states;
}

std::optional<StandInAnswer> ForgeStandIn::moved(const StandInRequest& request) const {
    for (const auto& [name, renamed] : renamed_) {
        const std::string in_path = kind_ == ForgeKind::Gitlab ? with_encoded_slashes(name) : name;
        const std::string place = repositories_of(kind_) + in_path + "/";
        const auto at = request.target.find(place);
        if (at == std::string::npos) continue;
        if (kind_ == ForgeKind::Gitlab) return json_answer(404, {{"message", "404 Project Not Found"}});
        std::string target = request.target;
        target.replace(at, place.size(), repositories_of(kind_) + renamed + "/");
        return StandInAnswer{307, "", {{"Location", server_.url() + target}}};
    }
    return std::nullopt;
}

StandInAnswer ForgeStandIn::answer(const StandInRequest& request) {
    const std::lock_guard lock(mutex_);
    if (!git_root_.empty() && is_of_git(request)) return git_answer(request);
    const std::string credential = credential_in(request, kind_);
    asked_.push_back({credential, std::chrono::steady_clock::now()});
    if (!credential.ends_with(kCredential)) return json_answer(401, {{"message", "Bad credentials"}});
    if (const auto answer = moved(request)) return *answer;
    const std::string path = request.path();
    const auto statuses = path.rfind("/statuses");
    if (request.method == "POST" && statuses != std::string::npos)
        return take_status(request, path.substr(statuses + std::string("/statuses/").size()));
    const FilePath file = file_path_of(kind_);
    if (path.find(file.before) != std::string::npos)
        return file_answer({between(path, repositories_of(kind_), file.before),
                            between(path, file.before, file.after),
                            parameter(request, "ref")});
    asked_otherwise_.push_back(request.method + " " + request.target);
    if (statuses != std::string::npos || path.ends_with("/status")) return list_statuses(commit_in(path));
    return json_answer(200, {{"id", 77}, {"full_name", "team/hello"}});
}

StandInAnswer ForgeStandIn::git_answer(const StandInRequest& request) {
    if (request.header("Authorization") != "Basic " + base64("heddle:" + std::string(kCredential)))
        return {401, "", {{"WWW-Authenticate", "Basic"}}};
    if (request.method == "GET") asked_repositories_.push_back(between(request.path(), "/", "/info/refs"));
    return answer_as_git(git_root_, request);
}

StandInAnswer ForgeStandIn::file_answer(const AskedFile& asked) {
    asked_files_.push_back(asked);
    auto found = files_.find({asked.repository, asked.ref});
    if (found == files_.end()) found = files_.find({"", asked.ref});
    if (found == files_.end())
        return json_answer(404,
                           {{"message", kind_ == ForgeKind::Gitlab ? "404 File Not Found" : "Not Found"}});
    if (kind_ != ForgeKind::Github) return {200, found->second, {{"Content-Type", "text/plain"}}};
    return json_answer(200,
                       {{"type", "file"},
                        {"encoding", "base64"},
                        {"size", found->second.size()},
                        {"name", "workflows.yml"},
                        {"path", ".obs/workflows.yml"},
                        {"content", base64(found->second)}});
}

StandInAnswer ForgeStandIn::take_status(const StandInRequest& request, const std::string& commit) {
    const json body = json::parse(request.body);
    PostedStatus status;
    const std::string path = request.path();
    status.repository = between(path, repositories_of(kind_), "/statuses/");
    status.commit = commit;
    status.context = text_of(body, kind_ == ForgeKind::Gitlab && body.contains("name") ? "name" : "context");
    status.state = text_of(body, "state");
    status.text = text_of(body, "description");
    status.url = text_of(body, "target_url");
    posted_.push_back(status);
    if (refusals_ > 0) {
        --refusals_;
        return refusal_;
    }
    if (status.context == refused_context_) return {503, "{}", {}};
    shown_.push_back(status);
    return json_answer(201, {{"id", shown_.size()}, {"state", status.state}, {"status", status.state}});
}

StandInAnswer ForgeStandIn::list_statuses(const std::string& commit) const {
    json list = json::array();
    // Newest first, as the forges do.
    for (auto status = shown_.rbegin(); status != shown_.rend(); ++status) {
        if (status->commit != commit) continue;
        list.push_back({{"id", std::distance(status, shown_.rend())},
                        {"sha", commit},
                        {"context", status->context},
                        {"name", status->context},
                        {"state", status->state},
                        {"status", status->state},
                        {"description", status->text},
                        {"target_url", status->url},
                        {"created_at", "2026-01-02T03:04:05Z"}});
    }
    return json_answer(200, list);
}

}  // namespace heddle::test
