// SPDX-License-Identifier: Apache-2.0
#include "tests/support/ssh_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

namespace heddle::test {
namespace fs = std::filesystem;
namespace {

/// With `connection` as standard input and output; -1: with none.
pid_t start(std::vector<std::string> command, int connection) {
    std::vector<char*> arguments;
    for (std::string& argument : command) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (connection >= 0) {
        posix_spawn_file_actions_adddup2(&actions, connection, STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions, connection, STDOUT_FILENO);
    }
    char path[] = "PATH=/usr/bin:/bin";
    char* environment[] = {path, nullptr};
    pid_t child = -1;
    const int number = posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environment);
    posix_spawn_file_actions_destroy(&actions);
    if (number != 0)
        throw std::runtime_error(command.front() + " can't be started: is openssh-server installed?");
    return child;
}

void wait_for(pid_t child) {
    while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
}

std::string text_in(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

}  // namespace

struct SshServer::Parts {
    int listener = -1;
    int port = 0;
    std::atomic<bool> stopping = false, silent = false;
    std::atomic<std::size_t> connections = 0;
    std::vector<int> held;  // of the thread
    std::vector<pid_t> children;
    std::thread thread;
};

SshServer::SshServer() : parts_(std::make_unique<Parts>()) {
    make_ssh_key(folder_.path() / "host_key");
    make_ssh_key(key_file());
    fs::copy_file(folder_.path() / "key.pub", folder_.path() / "authorized_keys");
    configure("");
    if (geteuid() == 0) mkdir("/run/sshd", 0755);  // Debian's service makes it when it starts
    Parts& parts = *parts_;
    parts.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(parts.listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        listen(parts.listener, 64) != 0 ||
        getsockname(parts.listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("no port for sshd");
    parts.port = ntohs(address.sin_port);
    const std::string host_key = text_in(folder_.path() / "host_key.pub");
    for (const char* host : {"127.0.0.1", "localhost"})
        std::ofstream(known_hosts(), std::ios::app) << '[' << host << "]:" << parts.port << ' ' << host_key;
    parts.thread = std::thread([this] {
        Parts& mine = *parts_;
        const std::vector<std::string> sshd{
            "/usr/sbin/sshd", "-i", "-f", folder_.path() / "sshd_config", "-E", folder_.path() / "log"};
        while (!mine.stopping) {
            pollfd all{mine.listener, POLLIN, 0};
            if (poll(&all, 1, 20) <= 0) continue;
            const int connection = accept4(mine.listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (connection < 0) continue;
            ++mine.connections;
            if (mine.silent) {
                mine.held.push_back(connection);
                continue;
            }
            mine.children.push_back(start(sshd, connection));
            close(connection);
        }
    });
}

SshServer::~SshServer() {
    parts_->stopping = true;
    parts_->thread.join();
    close(parts_->listener);
    for (const int connection : parts_->held) close(connection);
    for (const pid_t child : parts_->children) {
        kill(child, SIGTERM);
        wait_for(child);
    }
}

void SshServer::configure(const std::string& more) const {
    // A new file in its place: a process that starts now reads the old one or the new one.
    const fs::path next = folder_.path() / "sshd_config.next";
    std::ofstream(next) << "HostKey " << (folder_.path() / "host_key").string() << "\nAuthorizedKeysFile "
                        << (folder_.path() / "authorized_keys").string()
                        << "\nPidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
                           "KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n"
                           "SetEnv GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1\n"
                        << more;
    fs::rename(next, folder_.path() / "sshd_config");
}

int SshServer::port() const { return parts_->port; }

std::string SshServer::url(const std::string& host) const {
    return "ssh://" + user() + "@" + host + ":" + std::to_string(port());
}

std::string SshServer::user() {
    const passwd* entry = getpwuid(geteuid());
    if (!entry) throw std::runtime_error("ssh needs a user that has a name");
    return entry->pw_name;
}

std::string SshServer::key() const { return text_in(key_file()); }

void SshServer::force(const std::string& command) { configure("ForceCommand " + command + "\n"); }

void SshServer::fall_silent() { parts_->silent = true; }

std::size_t SshServer::connections() const { return parts_->connections; }

void make_ssh_key(const fs::path& file,
                  const std::string& passphrase,
                  const std::string& type,
                  const std::string& format) {
    const std::vector<std::string> command{
        "/usr/bin/ssh-keygen", "-q", "-t", type, "-m", format, "-N", passphrase, "-C", "test", "-f", file};
    wait_for(start(command, -1));
    if (!fs::exists(file)) throw std::runtime_error("ssh-keygen made no key");
}

int children_named(const std::string& name, pid_t parent) {
    int count = 0;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        // "PID (NAME) STATE PARENT ..." (proc(5))
        const std::string line = text_in(entry.path() / "stat");
        const auto begin = line.find('('), end = line.rfind(')');
        if (end == std::string::npos || line.substr(begin + 1, end - begin - 1) != name) continue;
        std::istringstream rest(line.substr(end + 1));
        std::string state;
        pid_t its_parent = 0;
        rest >> state >> its_parent;
        if (its_parent == parent) ++count;
    }
    return count;
}

}  // namespace heddle::test
