// SPDX-License-Identifier: Apache-2.0
#include "tests/support/private_servers.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>
#include <stdexcept>

#include "app/postgres/server_programs.hpp"

namespace heddle::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{60};

/// Who is in one of these sessions and still lives.
std::vector<pid_t> members(const std::vector<pid_t>& sessions) {
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        const std::string stat = text_of_file(entry.path() / "stat");
        // PID (NAME) STATE PARENT GROUP SESSION ...; a name may have spaces and parentheses.
        std::istringstream rest(stat.substr(std::min(stat.size(), stat.rfind(')') + 1)));
        char state = 'Z';
        pid_t parent = 0, group = 0, session = 0;
        rest >> state >> parent >> group >> session;
        if (state != 'Z' && std::find(sessions.begin(), sessions.end(), session) != sessions.end())
            found.push_back(std::stoi(name));
    }
    return found;
}

bool wait_for(const std::function<bool()>& holds, pid_t process) {
    const auto until = steady_clock::now() + kPatience;
    while (!holds()) {
        const bool ended = ::waitpid(process, nullptr, WNOHANG) == process;
        if (ended || steady_clock::now() > until) return false;
        ::poll(nullptr, 0, 10);
    }
    return true;
}

}  // namespace

int free_port() {
    static std::mt19937 random{std::random_device{}()};
    for (int tries = 0; tries < 100; ++tries) {
        const int port = std::uniform_int_distribution<int>(12000, 32000)(random);
        const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        const bool is_free = ::bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        ::close(probe);
        if (is_free) return port;
    }
    throw std::runtime_error("no port is free");
}

std::string text_of_file(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Sessions of their own outlive us: somebody has to end them when we are killed, and what a build in a
/// chroot has mounted.
PrivateServers::PrivateServers(fs::path folder) : folder_(std::move(folder)) {
    static const std::string kScript = R"sh(
        tail --pid="$1" -f /dev/null
        [ ! -s "$2/sessions" ] || pkill -KILL -s "$(paste -sd, "$2/sessions")"
        for place in $(awk -v below="$2/" 'index($2, below) == 1 {print $2}' /proc/mounts | tac); do
            umount -l "$place"
        done
        rm -rf --one-file-system "$2")sh";
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    keeper_ =
        start_program({"/bin/sh", "-c", kScript, "keeper", std::to_string(::getpid()), folder_.string()},
                      nowhere,
                      Session::Own);
    ::close(nowhere);
}

PrivateServers::~PrivateServers() {
    kill_hard();
    ::kill(-keeper_, SIGKILL);
    wait_for_program(keeper_);
}

bool PrivateServers::start(const std::vector<std::string>& command,
                           const fs::path& log,
                           const std::function<bool()>& ready) {
    if (fs::exists(log)) fs::rename(log, log.string() + ".before");
    const int output = ::open(log.c_str(), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600);
    const pid_t process = start_program(command, output, Session::Own);
    ::close(output);
    sessions_.push_back(process);
    std::ofstream(folder_ / "sessions", std::ios::app) << process << '\n';
    return !ready || wait_for(ready, process);
}

void PrivateServers::hold(std::size_t server, bool on) const {
    for (const pid_t process : members({sessions_.at(server)})) ::kill(process, on ? SIGSTOP : SIGCONT);
}

void PrivateServers::kill_hard() {
    // Whoever is just forking gets away from one round, not from the next.
    for (auto left = members(sessions_); !left.empty(); left = members(sessions_))
        for (const pid_t process : left) ::kill(process, SIGKILL);
    for (const pid_t session : sessions_) ::waitpid(session, nullptr, 0);
    sessions_.clear();
    fs::remove(folder_ / "sessions");
}

}  // namespace heddle::test
