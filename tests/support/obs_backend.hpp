// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/private_servers.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/temporary_folder.hpp"

namespace heddle::test {

/// A private backend of the Open Build Service, Debian's obs-server as it is: data, configuration, logs and
/// free ports of its own, bound to 127.0.0.1 only, without an init system and as whoever runs the test. Ready
/// when the constructor returns (0.5 to 2 s); throws std::runtime_error with the end of the log when it does
/// not get ready, and with what to install when it is not there. Ends with this object, and with the test
/// program if that dies.
///
/// Repositories are built for one architecture, this machine's. Nothing here is thread-safe but the requests.
class ObsBackend {
public:
    enum class Level {
        Source,  // projects, packages, files, branches, the queue of events
        Sched,   // and the scheduler: states of builds; jobs wait to be finished by hand
        Build,   // and dispatcher, publisher and, unless Worker::None, a worker
    };
    enum class Worker {
        None,    // jobs wait to be finished by hand
        Script,  // runs what follows %build in the recipe with sh: no chroot, no root rights, about 1 s
        Chroot,  // obs-build as it is, about 2 s; where may_build_in_chroot()
    };
    struct Options {
        Level level = Level::Source;
        Worker worker = Worker::Script;  // of Level::Build
        /// Source services: name -> text of an executable that is called with `--PARAM VALUE ... --outdir
        /// DIR`. None: no service server runs.
        std::vector<std::pair<std::string, std::string>> services{};
    };

    explicit ObsBackend(const Options& options);
    ~ObsBackend();
    ObsBackend(const ObsBackend&) = delete;
    ObsBackend& operator=(const ObsBackend&) = delete;

    /// "http://127.0.0.1:PORT" of the source server, which is the API.
    std::string api_url() const { return url(source_port_); }
    /// The same of the repository server, which has the jobs.
    std::string repository_url() const { return url(repository_port_); }
    static std::string architecture();
    /// For root who may mount.
    static bool may_build_in_chroot();

    /// SIGKILL to every process at once, helpers and running builds too, as when the machine loses power.
    /// Returns when all are gone; the data stays.
    void kill_hard();
    /// As a scheduler that has much to do: it looks at nothing until it is let go on.
    void hold_scheduler(bool on);
    /// Starts all again on the same ports and data; returns when they are ready.
    void start_again() { start(); }

    /// Requests to the source server, `target` with path and query as they go over the wire.
    RawAnswer get(const std::string& target) const;
    RawAnswer put(const std::string& target, const std::string& body) const;
    RawAnswer post(const std::string& target, const std::string& body = "") const;
    RawAnswer erase(const std::string& target) const;
    /// The same to the repository server.
    RawAnswer ask_repository(const std::string& method,
                             const std::string& target,
                             const std::string& body = "",
                             const std::string& type = "application/octet-stream") const;

    /// The project that all others here build against: it has the one binary package that a job must find.
    static constexpr const char* kBase = "Base";
    /// Makes a project with that repository, for this machine's architecture, and the base project.
    void add_project(const std::string& project, const std::string& repository = "standard");
    /// Makes a package in a project that is there, and commits its recipe when one is given.
    void add_package(const std::string& project, const std::string& package, const std::string& recipe = "");
    /// Gives a package copies of these names, in the data itself, where requests would take long: for that
    /// the servers are killed and started again.
    void copy_package(const std::string& project,
                      const std::string& package,
                      const std::vector<std::string>& names);
    /// A recipe that simpleimage takes. Script mode: exit code 0 is a success, 2 unchanged, others fail.
    static std::string recipe(const std::string& script);
    /// Commits one file.
    void commit(const std::string& project,
                const std::string& package,
                const std::string& file,
                const std::string& content) const;

    /// The state of the build in "standard"; empty: there is none.
    std::string state(const std::string& project, const std::string& package) const;
    /// Waits for it; false: it did not come within a minute.
    bool reaches(const std::string& project, const std::string& package, const std::string& state) const;

    enum class Outcome { Success, Failure, Unchanged };
    /// Plays the worker: waits for the job of that package, takes it and hands in that outcome. The event is
    /// in the queue when this returns; the state follows within a second or so. Without a real worker only.
    void finish_job(const std::string& project, const std::string& package, Outcome outcome) const;
    /// The same for many, by package; costs three requests for each and one for all that are scheduled.
    void finish_jobs(const std::string& project, std::map<std::string, Outcome> outcomes) const;

    const std::filesystem::path& folder() const { return folder_.path(); }

private:
    struct Server {
        std::string name;
        std::vector<std::string> command;
        std::function<bool()> ready;
    };

    static std::string url(int port) { return "http://127.0.0.1:" + std::to_string(port); }
    void prepare();
    void choose_ports();
    std::vector<Server> list_servers() const;
    std::vector<std::string> perl(const std::string& program, const std::string& argument = "") const;
    void start();
    bool says(const std::string& name, const std::string& text) const;
    bool reports_running(const std::string& daemon) const;
    void add_base_project();
    /// The answer to the last of a worker's three questions, or to the first that was refused.
    RawAnswer hand_in(const std::string& job, const std::string& package, Outcome outcome) const;
    /// Package -> name of its job, of all that are scheduled.
    std::map<std::string, std::string> jobs_of(const std::string& project) const;

    Options options_;
    TemporaryFolder folder_;
    int source_port_ = 0;
    int repository_port_ = 0;
    int service_port_ = 0;
    bool has_base_ = false;
    PrivateServers servers_{folder()};  // last: they end first
};

}  // namespace heddle::test
