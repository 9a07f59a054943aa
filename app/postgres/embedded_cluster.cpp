// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/embedded_cluster.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <optional>
#include <pqxx/pqxx>
#include <thread>

#include "app/postgres/embedded_cluster_files.hpp"
#include "app/postgres/embedded_cluster_init.hpp"
#include "app/postgres/embedded_cluster_log.hpp"
#include "app/postgres/file_lock.hpp"
#include "app/postgres/pool.hpp"
#include "app/postgres/server_programs.hpp"

namespace heddle {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// Recovery after a crash may have much to read; the server says no earlier than that whether it can.
constexpr auto kPatience = std::chrono::minutes(5);
constexpr auto kPause = std::chrono::milliseconds(5);

bool keeper_lives(const EmbeddedClusterFiles& files) { return !FileLock(files.keeper_lock()).try_take(); }

/// The socket directory, or nothing while the server does not answer.
std::string answering_socket(const EmbeddedClusterFiles& files) {
    const std::string socket = read_line(files.ready());
    if (socket.empty()) return {};
    try {
        open_connection(cluster_url(socket, "postgres"));
        return socket;
    } catch (const pqxx::failure&) {
        return {};  // killed a moment ago: its keeper brings it back, or ends
    }
}

/// A keeper that we started. It lives on without us.
class NewKeeper {
public:
    NewKeeper(const EmbeddedClusterFiles& files, const fs::path& program) : log_(files) {
        fs::remove(files.ready());  // of the keeper before
        std::error_code gone;       // upgraded under our feet: the kernel still knows it
        const fs::path path = fs::is_symlink(program) ? fs::canonical(program, gone) : program;
        pid_ = start_program(
            {gone ? program : path, "keep-cluster", files.directory}, log_.descriptor(), Session::Own);
    }
    /// Throws what the log says if it has ended.
    void check() const {
        if (waitpid(pid_, nullptr, WNOHANG) != 0) throw std::runtime_error(log_.error());
    }

private:
    EmbeddedClusterLog log_;
    pid_t pid_ = -1;
};

std::string start_or_join(const EmbeddedClusterFiles& files, const fs::path& program) {
    FileLock start(files.start_lock());
    start.take();
    std::optional<NewKeeper> keeper;
    const auto deadline = Clock::now() + kPatience;
    while (Clock::now() < deadline) {
        if (keeper) {
            keeper->check();
        } else if (!keeper_lives(files)) {
            make_cluster(files);
            put_big_log_aside(files);
            keeper.emplace(files, program);
        }
        if (auto socket = answering_socket(files); !socket.empty()) return socket;
        std::this_thread::sleep_for(kPause);
    }
    throw std::runtime_error("it does not answer; " + files.log().string() + " may say why");
}

void create_database(pqxx::connection& connection, const std::string& name) {
    static const std::string kExists = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)";
    pqxx::nontransaction tx(connection);
    if (tx.exec_params1(kExists, name)[0].as<bool>()) return;
    try {
        tx.exec("CREATE DATABASE " + connection.quote_name(name));
    } catch (const pqxx::sql_error& error) {
        // duplicate_database, or unique_violation in pg_database: another process was faster.
        if (error.sqlstate() != "42P04" && error.sqlstate() != "23505") throw;
    }
}

[[noreturn]] void fail(const fs::path& directory, const std::exception& why) {
    throw ClusterError("the private PostgreSQL in " + directory.string() + " can't be used: " + why.what());
}

}  // namespace

EmbeddedCluster::EmbeddedCluster(const fs::path& directory, const fs::path& program)
    : directory_(directory), program_(program) {
    try {
        const EmbeddedClusterFiles files = prepare_directory(directory);
        directory_ = files.directory;
        holders_ = std::make_unique<FileLock>(files.holders_lock());
        holders_->share();  // waits while a keeper is stopping the server
        socket_directory_ = start_or_join(files, program);
    } catch (const std::exception& why) {
        fail(directory_, why);
    }
}

EmbeddedCluster::~EmbeddedCluster() = default;

bool EmbeddedCluster::keep() const {
    try {
        const EmbeddedClusterFiles files{directory_};
        {
            FileLock start(files.start_lock());  // a keeper that starts must not meet our look at its lock
            start.take();
            if (keeper_lives(files)) return false;
        }
        start_or_join(files, program_);
        return true;
    } catch (const std::exception& why) {
        fail(directory_, why);
    }
}

std::string EmbeddedCluster::url(const std::string& database) const {
    try {
        create_database(*open_connection(cluster_url(socket_directory_, "postgres")), database);
        return cluster_url(socket_directory_, database);
    } catch (const std::exception& why) {
        fail(directory_, why);
    }
}

}  // namespace heddle
