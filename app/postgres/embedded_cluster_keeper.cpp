// SPDX-License-Identifier: Apache-2.0
// The keeper process. Its main thread starts the server and waits for its end (the server gets SIGINT when
// that thread ends, however it ends); a second thread waits until nobody holds the cluster and then stops the
// server.
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <pqxx/pqxx>
#include <thread>

#include "app/postgres/embedded_cluster.hpp"
#include "app/postgres/embedded_cluster_files.hpp"
#include "app/postgres/embedded_cluster_log.hpp"
#include "app/postgres/embedded_cluster_socket.hpp"
#include "app/postgres/file_lock.hpp"
#include "app/postgres/leftover_server.hpp"
#include "app/postgres/pool.hpp"
#include "app/postgres/server_programs.hpp"

namespace heddle {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kPause = 5ms;
constexpr auto kStopPatience = 30s;   // then without waiting for what clients do: recovery at the next start
constexpr auto kCrashPatience = 15s;  // processes of a killed server end when they notice
constexpr int kMostRestarts = 5;      // of a server that answered and then died

// The thread that waits for the holders can't be woken, and nothing is left to clean up.
[[noreturn]] void give_up(const std::string& why) {
    std::cerr << "heddle: " << why << std::endl;
    std::_Exit(1);
}

class Keeper {
public:
    explicit Keeper(EmbeddedClusterFiles files) : files_(std::move(files)), holders_(files_.holders_lock()) {}

    int run() {
        stop_leftover_server(files_.cluster());
        socket_ = prepare_socket_directory(files_);
        write_access_rules();
        std::jthread waiter([this] { stop_when_unused(); });
        try {
            serve();
        } catch (const std::exception& why) {
            give_up(why.what());
        }
        waiter.join();
        remove_short_socket_directory(files_);
        return 0;
    }

private:
    void write_access_rules() const {
        const std::string us = "\"" + user_name(geteuid()) + "\"";
        write_file(files_.rules(), "local all heddle peer map=heddle\n", 0644);
        write_file(files_.users(), "heddle " + us + " heddle\n", 0644);
    }

    std::vector<std::string> command() const {
        const int version = std::atoi(read_line(files_.cluster() / "PG_VERSION").c_str());
        if (version == 0)
            throw std::runtime_error(files_.cluster().string() + " holds no PostgreSQL cluster");
        auto command = server_command("postgres", "INT", version);
        command.insert(command.end(), {"-D", files_.cluster().string()});
        for (const std::string& setting : {std::string("listen_addresses="),
                                           "unix_socket_directories=" + socket_.string(),
                                           std::string("unix_socket_permissions=0700"),
                                           std::string("port=5432"),
                                           "hba_file=" + files_.rules().string(),
                                           "ident_file=" + files_.users().string(),
                                           std::string("max_connections=200"),
                                           std::string("jit=off"),
                                           std::string("log_checkpoints=off")})
            command.insert(command.end(), {"-c", setting});
        return command;
    }

    /// Until nobody holds the cluster any more.
    void serve() {
        int restarts = 0;
        auto patience = Clock::now() + kCrashPatience;
        for (;;) {
            const EmbeddedClusterLog log(files_);  // before the start, or the server's first words are missed
            if (!start()) return;
            const bool answered = wait_until_it_answers();
            if (answered) write_file(files_.ready(), socket_.string() + "\n", 0600);
            const bool stopped = wait_for_end();
            std::filesystem::remove(files_.ready());
            if (stopped) return;
            if (answered ? ++restarts > kMostRestarts : !is_held_by_the_dead(log, patience))
                give_up(log.error());
            if (answered) patience = Clock::now() + kCrashPatience;
        }
    }

    /// False: nobody holds the cluster any more.
    bool start() {
        const std::lock_guard lock(mutex_);
        if (!stopping_) server_ = start_program(command(), STDERR_FILENO);
        return !stopping_;
    }

    // Not reaped here: until the end is noted below, the process id stays ours.
    bool has_ended(int options) const {
        siginfo_t ended{};
        while (waitid(P_PID, static_cast<id_t>(server_), &ended, WEXITED | WNOWAIT | options) != 0)
            if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitid");
        return ended.si_pid != 0;
    }

    bool wait_until_it_answers() const {
        while (!has_ended(WNOHANG)) {
            try {
                open_connection(cluster_url(socket_, "postgres"));
                return true;
            } catch (const pqxx::failure&) {
                std::this_thread::sleep_for(kPause);  // between two looks, bounded by the server's life
            }
        }
        return false;
    }

    /// True: we have stopped it.
    bool wait_for_end() {
        has_ended(0);
        const std::lock_guard lock(mutex_);
        wait_for_program(server_);
        server_ = -1;
        changed_.notify_all();
        return stopping_;
    }

    void stop_when_unused() {
        holders_.take();  // newcomers wait for it, and so for our end
        std::unique_lock lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
        const auto ended = [this] { return server_ < 0; };
        for (const int signal : {SIGINT, SIGQUIT, SIGKILL}) {
            if (ended()) return;
            kill(server_, signal);
            changed_.wait_for(lock, kStopPatience, ended);
        }
    }

    /// True, after a pause: the start failed because processes of a killed server have not ended yet.
    bool is_held_by_the_dead(const EmbeddedClusterLog& log, Clock::time_point patience) {
        if (log.error().find("is still in use") == std::string::npos || Clock::now() > patience) return false;
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, 50ms, [this] { return stopping_; });
        return true;
    }

    const EmbeddedClusterFiles files_;
    FileLock holders_;
    std::filesystem::path socket_;
    std::mutex mutex_;
    std::condition_variable changed_;
    pid_t server_ = -1;  // changed under the mutex
    bool stopping_ = false;
};

}  // namespace

int keep_cluster(const std::filesystem::path& directory) {
    try {
        const EmbeddedClusterFiles files = prepare_directory(directory);
        FileLock only(files.keeper_lock());
        if (!only.try_take()) return 0;  // there is one
        std::filesystem::current_path("/");
        return Keeper(files).run();
    } catch (const std::exception& why) {
        give_up(why.what());
    }
}

}  // namespace heddle
