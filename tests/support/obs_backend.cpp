// SPDX-License-Identifier: Apache-2.0
#include "tests/support/obs_backend.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>
#include <stdexcept>

#include "app/postgres/server_programs.hpp"
#include "tests/support/child.hpp"
#include "tests/support/obs_files.hpp"

namespace heddle::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{60};

std::string read_all(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// Below the ports that outgoing connections get, so that nobody takes one while the backend is down.
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

/// Who is in one of these sessions and still lives.
std::vector<pid_t> members(const std::vector<pid_t>& sessions) {
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        const std::string stat = read_all(entry.path() / "stat");
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

bool wait_for(const std::function<bool()>& holds, pid_t process = 0) {
    const auto until = steady_clock::now() + kPatience;
    while (!holds()) {
        const bool ended = process > 0 && ::waitpid(process, nullptr, WNOHANG) == process;
        if (ended || steady_clock::now() > until) return false;
        ::poll(nullptr, 0, 10);
    }
    return true;
}

RawAnswer exchange(int port,
                   const std::string& method,
                   const std::string& target,
                   const std::string& body,
                   const std::string& type = "application/octet-stream") {
    return RawClient(port).ask(method + " " + target +
                               " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " + type +
                               "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

}  // namespace

ObsBackend::ObsBackend(const Options& options) : options_(options) {
    start_keeper();
    // Somebody may take a port between the look and the bind: then others are tried.
    for (int tries = 1;; ++tries) {
        choose_ports();
        try {
            prepare();
            start();
            return;
        } catch (const std::exception&) {
            kill_hard();
            if (tries == 3) {
                end_keeper();
                throw;
            }
        }
    }
}

ObsBackend::~ObsBackend() {
    kill_hard();
    end_keeper();
}

void ObsBackend::end_keeper() const {
    ::kill(-keeper_, SIGKILL);
    wait_for_program(keeper_);
}

std::string ObsBackend::architecture() {
    utsname machine{};
    ::uname(&machine);
    return machine.machine;
}

bool ObsBackend::may_build_in_chroot() {
    const TemporaryFolder place;
    return ::geteuid() == 0 && in_child([&] {
                                   return std::string(mount_small_disk(place.path(), 1 << 20) ? "yes" : "no");
                               }) == "yes";
}

void ObsBackend::choose_ports() {
    source_port_ = free_port();
    repository_port_ = free_port();
    service_port_ = free_port();
}

void ObsBackend::prepare() {
    write_obs_files({folder(),
                     architecture(),
                     source_port_,
                     repository_port_,
                     service_port_,
                     options_.worker == Worker::Chroot});
    for (const auto& [name, text] : options_.services) {
        std::ofstream(folder() / "services" / name) << text;
        ::chmod((folder() / "services" / name).c_str(), 0755);
        std::ofstream(folder() / "services" / (name + ".service"))
            << "<service name=\"" << name << "\"><summary>test</summary><description>test</description>"
            << "<parameter name=\"text\"><description>text</description></parameter></service>\n";
    }
}

std::vector<std::string> ObsBackend::perl(const std::string& program, const std::string& argument) const {
    std::vector<std::string> command{
        "/usr/bin/perl", "-I" + (folder() / "lib").string(), "-MLoopbackOnly", (folder() / program).string()};
    if (!argument.empty()) command.push_back(argument);
    return command;
}

std::vector<ObsBackend::Server> ObsBackend::servers() const {
    const auto listens = [this](const char* name) {
        return [this, name] { return says(name, "started on port"); };
    };
    const auto runs = [this](const std::string& daemon) {
        return [this, daemon] { return reports_running("<daemon type=\"" + daemon); };
    };
    std::vector<Server> list{{"srcserver", perl("lib/bs_srcserver"), listens("srcserver")}};
    if (!options_.services.empty()) {
        list.push_back({"service", perl("lib/bs_service"), listens("service")});
        list.push_back({"servicedispatch", perl("lib/bs_servicedispatch"), nullptr});
    }
    if (options_.level == Level::Source) return list;
    list.push_back({"repserver", perl("lib/bs_repserver"), listens("repserver")});
    list.push_back({"sched", perl("lib/bs_sched", architecture()), runs("scheduler")});
    if (options_.level == Level::Sched) return list;
    list.push_back({"dispatch", perl("lib/bs_dispatch"), runs("dispatcher")});
    list.push_back({"publish", perl("lib/bs_publish"), runs("publisher")});
    if (options_.worker == Worker::None) return list;
    Server worker{"worker", perl("worker/lib/bs_worker"), [this] { return reports_running("<idle "); }};
    for (const std::string& argument : {std::string("--root"),
                                        (folder() / "worker/root").string(),
                                        std::string("--statedir"),
                                        (folder() / "worker/state").string(),
                                        std::string("--id"),
                                        std::string("test:1"),
                                        std::string("--arch"),
                                        architecture(),
                                        std::string("--jobs"),
                                        std::string("1"),
                                        std::string("--srcserver"),
                                        api_url(),
                                        std::string("--reposerver"),
                                        repository_url(),
                                        std::string("--nocodeupdate")})
        worker.command.push_back(argument);
    list.push_back(worker);
    return list;
}

bool ObsBackend::says(const std::string& name, const std::string& text) const {
    return read_all(folder() / "log" / name).find(text) != std::string::npos;
}

bool ObsBackend::reports_running(const std::string& daemon) const {
    const std::string report = exchange(repository_port_, "GET", "/workerstatus", "").body;
    const auto at = report.find(daemon);
    if (at == std::string::npos) return false;
    return daemon == "<idle " ||
           report.substr(at, report.find('>', at) - at).find("state=\"running\"") != std::string::npos;
}

bool ObsBackend::start(const Server& server) {
    const fs::path log = folder() / "log" / server.name;
    if (fs::exists(log)) fs::rename(log, log.string() + ".before");
    const int output = ::open(log.c_str(), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600);
    const pid_t process = start_program(server.command, output, Session::Own);
    ::close(output);
    sessions_.push_back(process);
    std::ofstream(folder() / "sessions", std::ios::app) << process << '\n';
    return !server.ready || wait_for(server.ready, process);
}

void ObsBackend::start() {
    for (const Server& server : servers())
        if (!start(server))
            throw std::runtime_error("obs-server: " + server.name + " does not get ready:\n" +
                                     read_all(folder() / "log" / server.name));
}

/// Sessions of their own outlive us: somebody has to end them when we are killed.
void ObsBackend::start_keeper() {
    static const std::string kScript = R"sh(
        tail --pid="$1" -f /dev/null
        [ ! -s "$2/sessions" ] || pkill -KILL -s "$(paste -sd, "$2/sessions")"
        for place in $(awk -v below="$2/" 'index($2, below) == 1 {print $2}' /proc/mounts | tac); do
            umount -l "$place"
        done
        rm -rf --one-file-system "$2")sh";
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    keeper_ =
        start_program({"/bin/sh", "-c", kScript, "keeper", std::to_string(::getpid()), folder().string()},
                      nowhere,
                      Session::Own);
    ::close(nowhere);
}

void ObsBackend::kill_hard() {
    // Whoever is just forking gets away from one round, not from the next.
    for (auto left = members(sessions_); !left.empty(); left = members(sessions_))
        for (const pid_t process : left) ::kill(process, SIGKILL);
    for (const pid_t session : sessions_) ::waitpid(session, nullptr, 0);
    sessions_.clear();
    unmount_below(folder());
    fs::remove(folder() / "sessions");
}

void ObsBackend::start_again() { start(); }

RawAnswer ObsBackend::get(const std::string& target) const {
    return exchange(source_port_, "GET", target, "");
}
RawAnswer ObsBackend::put(const std::string& target, const std::string& body) const {
    return exchange(source_port_, "PUT", target, body);
}
RawAnswer ObsBackend::post(const std::string& target, const std::string& body) const {
    return exchange(source_port_, "POST", target, body);
}
RawAnswer ObsBackend::ask_repository(const std::string& method,
                                     const std::string& target,
                                     const std::string& body,
                                     const std::string& type) const {
    return exchange(repository_port_, method, target, body, type);
}
RawAnswer ObsBackend::erase(const std::string& target) const {
    return exchange(source_port_, "DELETE", target, "");
}

}  // namespace heddle::test
