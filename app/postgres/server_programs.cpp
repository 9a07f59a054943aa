// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/server_programs.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace heddle {
namespace {

constexpr int kOldestVersion = 15;
constexpr const char* kServerUser = "postgres";

void check(int error, const char* doing) {
    if (error != 0) throw std::system_error(error, std::generic_category(), doing);
}

/// Reads one user of the machine: `find` calls getpwnam_r or getpwuid_r.
template <class Find>
bool read_user(Find&& find, passwd& user, std::vector<char>& buffer) {
    passwd* found = nullptr;
    buffer.resize(1024);
    int error = 0;
    while ((error = find(&user, buffer.data(), buffer.size(), &found)) == ERANGE)
        buffer.resize(buffer.size() * 2);
    return error == 0 && found != nullptr;
}

std::filesystem::path programs_of(int version) {
    return "/usr/lib/postgresql/" + std::to_string(version) + "/bin";
}

int newest_version() {
    int newest = 0;
    std::error_code missing;  // no such folder: nothing installed
    for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", missing)) {
        const std::string name = entry.path().filename();
        int version = 0;
        std::from_chars(name.data(), name.data() + name.size(), version);
        if (std::filesystem::exists(entry.path() / "bin/postgres")) newest = std::max(newest, version);
    }
    if (newest < kOldestVersion)
        throw std::runtime_error(
            "PostgreSQL 15 or newer is not installed: apt-get install postgresql-15, or set database.url");
    return newest;
}

/// posix_spawn's attributes and file actions, released with the object.
class SpawnPlan {
public:
    SpawnPlan(int output, Session session) {
        check(posix_spawnattr_init(&attributes), "posix_spawnattr_init");
        check(posix_spawn_file_actions_init(&actions), "posix_spawn_file_actions_init");
        sigset_t signals;
        sigemptyset(&signals);
        check(posix_spawnattr_setsigmask(&attributes, &signals), "posix_spawnattr_setsigmask");
        for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD})
            sigaddset(&signals, signal);
        check(posix_spawnattr_setsigdefault(&attributes, &signals), "posix_spawnattr_setsigdefault");
        int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
        if (session == Session::Own) flags |= POSIX_SPAWN_SETSID;
        check(posix_spawnattr_setflags(&attributes, static_cast<short>(flags)), "posix_spawnattr_setflags");
        check(posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0), "stdin");
        check(posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO), "stdout");
        check(posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO), "stderr");
    }
    ~SpawnPlan() {
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;

    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
};

}  // namespace

std::string user_name(uid_t uid) {
    passwd user{};
    std::vector<char> buffer;
    if (!read_user([&](auto... to) { return getpwuid_r(uid, to...); }, user, buffer))
        throw std::runtime_error(
            "user " + std::to_string(uid) +
            " has no name on this machine, which PostgreSQL needs: add it to /etc/passwd");
    return user.pw_name;
}

ServerUser server_user() {
    if (geteuid() != 0) return {geteuid(), getegid(), user_name(geteuid())};
    passwd user{};
    std::vector<char> buffer;
    if (!read_user([&](auto... to) { return getpwnam_r(kServerUser, to...); }, user, buffer))
        throw std::runtime_error(
            "there is no user `postgres` to run PostgreSQL as: apt-get install postgresql-15");
    return {user.pw_uid, user.pw_gid, kServerUser};
}

std::vector<std::string> as_server_user(std::string_view death_signal) {
    std::vector<std::string> command{"/usr/bin/setpriv"};
    if (geteuid() == 0) {
        const ServerUser user = server_user();
        command.push_back("--reuid=" + std::to_string(user.uid));
        command.push_back("--regid=" + std::to_string(user.gid));
        command.emplace_back("--clear-groups");
    }
    command.push_back("--pdeathsig=" + std::string(death_signal));
    command.emplace_back("--");
    return command;
}

std::vector<std::string> server_command(std::string_view program,
                                        std::string_view death_signal,
                                        std::optional<int> version) {
    const auto path = programs_of(version ? *version : newest_version()) / program;
    if (!std::filesystem::exists(path))
        throw std::runtime_error("PostgreSQL " + std::to_string(*version) +
                                 ", which made this cluster, is not installed: "
                                 "apt-get install postgresql-" +
                                 std::to_string(*version));
    auto command = as_server_user(death_signal);
    command.push_back(path);
    return command;
}

pid_t start_program(const std::vector<std::string>& command, int output, Session session) {
    const SpawnPlan plan(output, session);
    std::vector<char*> arguments;
    for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    // English messages, and nothing of our environment (PGDATA, PGPORT ...).
    char path[] = "PATH=/usr/bin:/bin";
    char language[] = "LC_ALL=C.UTF-8";
    char* environment[] = {path, language, nullptr};
    pid_t child = -1;
    check(posix_spawn(&child, arguments[0], &plan.actions, &plan.attributes, arguments.data(), environment),
          ("can't run " + command[0]).c_str());
    return child;
}

int wait_for_program(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace heddle
