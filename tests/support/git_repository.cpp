// SPDX-License-Identifier: Apache-2.0
#include "tests/support/git_repository.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace heddle::test {
namespace fs = std::filesystem;
namespace {

const std::vector<std::string> kEnvironment{
    "PATH=/usr/local/bin:/usr/bin:/bin",
    "HOME=/nonexistent",
    "LC_ALL=C.UTF-8",
    "GIT_CONFIG_NOSYSTEM=1",
    "GIT_CONFIG_GLOBAL=/dev/null",
    "GIT_AUTHOR_NAME=Ada Author",
    "GIT_AUTHOR_EMAIL=ada@example.org",
    "GIT_AUTHOR_DATE=1700000000 +0000",
    "GIT_COMMITTER_NAME=Ada Author",
    "GIT_COMMITTER_EMAIL=ada@example.org",
    "GIT_COMMITTER_DATE=1700000000 +0000",
    // Repositories of tests may belong to another user on purpose.
    "GIT_CONFIG_COUNT=2",
    "GIT_CONFIG_KEY_0=safe.directory",
    "GIT_CONFIG_VALUE_0=*",
    "GIT_CONFIG_KEY_1=init.defaultBranch",
    "GIT_CONFIG_VALUE_1=main",
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

std::string read_all(int file) {
    std::string text;
    char buffer[4096];
    for (;;) {
        const ssize_t got = read(file, buffer, sizeof buffer);
        if (got > 0)
            text.append(buffer, static_cast<std::size_t>(got));
        else if (got == 0 || errno != EINTR)
            return text;
    }
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

}  // namespace

std::string run_git(const fs::path& folder, const std::vector<std::string>& arguments) {
    std::vector<std::string> words{"git", "-C", folder.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    const auto argv = pointers(words);
    const auto environment = pointers(kEnvironment);
    int out[2];
    if (pipe2(out, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
    const pid_t child = fork();
    if (child == 0) {
        const int null = open("/dev/null", O_RDONLY);
        dup2(null, 0);
        dup2(out[1], 1);
        dup2(out[1], 2);
        execve("/usr/bin/git", argv.data(), environment.data());
        _exit(127);
    }
    close(out[1]);
    std::string text = child > 0 ? read_all(out[0]) : "";
    close(out[0]);
    int status = -1;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    if (status != 0) throw std::runtime_error(joined(words) + ": " + text);
    if (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

GitRepository::GitRepository(const std::string& name) : path_(folder_.path() / name) {
    fs::create_directories(path_);
    git({"init", "--quiet", "--template="});
}

void GitRepository::write(const std::string& file, const std::string& text, bool executable) const {
    const fs::path target = path_ / file;
    fs::create_directories(target.parent_path());
    std::ofstream(target, std::ios::binary | std::ios::trunc) << text;
    const auto execute = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
    fs::permissions(target, execute, executable ? fs::perm_options::add : fs::perm_options::remove);
}

std::string GitRepository::commit(const std::string& message) const {
    git({"add", "--all"});
    git({"commit", "--quiet", "--allow-empty", "--no-verify", "--message=" + message});
    return id_of("HEAD");
}

std::string GitRepository::commit(const std::string& message,
                                  const std::map<std::string, std::string>& files) const {
    for (const auto& [file, text] : files) write(file, text);
    return commit(message);
}

void GitRepository::branch(const std::string& name) const { git({"checkout", "--quiet", "-b", name}); }

void GitRepository::check_out(const std::string& name) const { git({"checkout", "--quiet", name}); }

std::string GitRepository::id_of(const std::string& revision) const {
    return git({"rev-parse", "--verify", revision});
}

}  // namespace heddle::test
