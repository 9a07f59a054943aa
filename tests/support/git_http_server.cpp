// SPDX-License-Identifier: Apache-2.0
#include "tests/support/git_http_server.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"

namespace heddle::test {
namespace {

/// Runs git http-backend with the request in a file as its input; returns all that it writes.
std::string run_backend(const std::vector<std::string>& environment, const std::string& input) {
    TemporaryFolder folder;
    const std::string file = (folder.path() / "body").string();
    const int body = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (body < 0 || write(body, input.data(), input.size()) != static_cast<ssize_t>(input.size()))
        throw std::runtime_error("body");
    lseek(body, 0, SEEK_SET);
    std::vector<char*> variables;
    for (const std::string& variable : environment) variables.push_back(const_cast<char*>(variable.c_str()));
    variables.push_back(nullptr);
    char program[] = "/usr/lib/git-core/git-http-backend";
    char* const argv[] = {program, nullptr};
    int out[2];
    if (pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
    const pid_t child = fork();
    if (child == 0) {
        dup2(body, 0);
        dup2(out[1], 1);
        execve(program, argv, variables.data());
        _exit(127);
    }
    close(out[1]);
    close(body);
    std::string text;
    char bytes[16 * 1024];
    for (ssize_t got = 0; (got = read(out[0], bytes, sizeof bytes)) != 0;) {
        if (got > 0) text.append(bytes, static_cast<std::size_t>(got));
        if (got < 0 && errno != EINTR) break;
    }
    close(out[0]);
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    return text;
}

}  // namespace

StandInAnswer answer_as_git(const std::filesystem::path& root, const StandInRequest& request) {
    std::string text = run_backend({"PATH=/usr/bin:/bin",
                                    "GIT_PROJECT_ROOT=" + root.string(),
                                    "GIT_HTTP_EXPORT_ALL=1",
                                    "GIT_CONFIG_NOSYSTEM=1",
                                    "GIT_CONFIG_GLOBAL=/dev/null",
                                    "GIT_CONFIG_COUNT=1",
                                    "GIT_CONFIG_KEY_0=safe.directory",
                                    "GIT_CONFIG_VALUE_0=*",
                                    "PATH_INFO=" + request.path(),
                                    "QUERY_STRING=" + request.query(),
                                    "REQUEST_METHOD=" + request.method,
                                    "CONTENT_TYPE=" + request.header("Content-Type"),
                                    "CONTENT_LENGTH=" + std::to_string(request.body.size())},
                                   request.body);
    StandInAnswer answer;
    for (;;) {
        const auto end = text.find("\r\n");
        if (end == std::string::npos) return {500, "git http-backend says nothing"};
        const std::string line = text.substr(0, end);
        text.erase(0, end + 2);
        if (line.empty()) break;
        const auto colon = line.find(": ");
        if (line.starts_with("Status: "))
            answer.status = std::stoi(line.substr(8));
        else if (colon != std::string::npos)
            answer.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    answer.body = std::move(text);
    return answer;
}

}  // namespace heddle::test
