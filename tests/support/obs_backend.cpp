// SPDX-License-Identifier: Apache-2.0
#include "tests/support/obs_backend.hpp"

#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "tests/support/child.hpp"
#include "tests/support/obs_files.hpp"

namespace heddle::test {
namespace {

namespace fs = std::filesystem;

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
    // Somebody may take a port between the look and the bind: then others are tried.
    for (int tries = 1;; ++tries) {
        choose_ports();
        try {
            prepare();
            start();
            return;
        } catch (const std::exception&) {
            kill_hard();
            if (tries == 3) throw;
        }
    }
}

ObsBackend::~ObsBackend() { kill_hard(); }

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

std::vector<ObsBackend::Server> ObsBackend::list_servers() const {
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
    return text_of_file(folder() / "log" / name).find(text) != std::string::npos;
}

bool ObsBackend::reports_running(const std::string& daemon) const {
    const std::string report = exchange(repository_port_, "GET", "/workerstatus", "").body;
    const auto at = report.find(daemon);
    if (at == std::string::npos) return false;
    return daemon == "<idle " ||
           report.substr(at, report.find('>', at) - at).find("state=\"running\"") != std::string::npos;
}

void ObsBackend::start() {
    for (const Server& server : list_servers())
        if (!servers_.start(server.command, folder() / "log" / server.name, server.ready))
            throw std::runtime_error("obs-server: " + server.name + " does not get ready:\n" +
                                     text_of_file(folder() / "log" / server.name));
}

void ObsBackend::hold_scheduler(bool on) {
    const std::vector<Server> servers = list_servers();
    const auto found = std::find_if(
        servers.begin(), servers.end(), [](const Server& server) { return server.name == "sched"; });
    servers_.hold(static_cast<std::size_t>(found - servers.begin()), on);
}

void ObsBackend::kill_hard() {
    servers_.kill_hard();
    unmount_below(folder());
}

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
