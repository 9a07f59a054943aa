// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_fixture.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <pqxx/pqxx>
#include <stdexcept>

#include "app/postgres/migrate.hpp"
#include "app/postgres/pool.hpp"
#include "app/postgres/server_programs.hpp"
#include "tests/support/folder_watch.hpp"

namespace heddle::testing {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

/// The server of this test process: a cluster in a temporary folder that only the server's user (and root)
/// can enter, so everybody who gets in is trusted. Nothing is synced to disk.
class Server {
public:
    Server() : folder_(make_folder()) {
        try {
            log_ = open((folder_ / "log").c_str(), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600);
            auto initdb = server_command("initdb", "KILL");
            initdb.insert(initdb.end(),
                          {"--no-sync",
                           "--no-instructions",
                           "--auth=trust",
                           "--username=heddle",
                           "--encoding=UTF8",
                           "--locale=C.UTF-8",
                           "--pgdata=" + (folder_ / "cluster").string()});
            if (wait_for_program(start_program(initdb, log_)) != 0) fail("initdb failed");
            start();
            run("postgres", "CREATE DATABASE template_heddle");
            migrate(*open_connection(url("template_heddle")));
        } catch (...) {
            stop();
            throw;
        }
    }
    ~Server() { stop(); }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::string url(const std::string& database) const {
        return "postgresql://heddle@/" + database + "?port=5432&host=" + folder_.string();
    }
    void run(const std::string& database, const std::string& sql) const {
        const auto connection = open_connection(url(database));
        pqxx::nontransaction(*connection).exec(sql);
    }
    void start() {
        auto command = server_command("postgres", "QUIT");
        command.insert(command.end(), {"-D", (folder_ / "cluster").string()});
        for (const auto& setting : {"listen_addresses="s,
                                    "unix_socket_directories=" + folder_.string(),
                                    "fsync=off"s,
                                    "full_page_writes=off"s,
                                    "max_connections=200"s,
                                    "shared_buffers=32MB"s,
                                    "jit=off"s})
            command.insert(command.end(), {"-c", setting});
        pid_ = start_program(command, log_);
        wait_until_it_answers();
    }
    void crash() {
        kill(pid_, SIGKILL);
        wait_for_program(pid_);
        pid_ = -1;
    }

private:
    static fs::path make_folder() {
        std::string folder = (fs::temp_directory_path() / "heddle-test-XXXXXX").string();
        if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("mkdtemp failed: " + folder);
        const ServerUser user = server_user();
        if (chown(folder.c_str(), user.uid, user.gid) != 0)
            throw std::runtime_error("chown failed: " + folder);
        return folder;
    }
    void wait_until_it_answers() {
        const auto answers = [&] {
            try {
                run("postgres", "SELECT 1");
                return true;
            } catch (const pqxx::failure&) {
                return false;
            }
        };
        // The server writes into its lock file when it is ready.
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        if (test::FolderWatch(folder_ / "cluster").wait(answers, deadline, pid_)) return;
        if (waitpid(pid_, nullptr, WNOHANG) != 0) pid_ = -1;
        fail("PostgreSQL does not start");
    }
    [[noreturn]] void fail(const std::string& what) const {
        std::ifstream log(folder_ / "log");
        throw std::runtime_error(what + ":\n" + std::string(std::istreambuf_iterator<char>(log), {}));
    }
    void stop() {
        if (pid_ > 0) {
            kill(pid_, SIGQUIT);  // nothing here is worth a shutdown
            wait_for_program(pid_);
        }
        if (log_ >= 0) close(log_);
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    fs::path folder_;
    int log_ = -1;
    pid_t pid_ = -1;
};

Server& server() {
    static Server the_server;
    return the_server;
}

}  // namespace

TestDatabase::TestDatabase(Content content) {
    static std::atomic<int> count{0};
    name_ = "test_" + std::to_string(++count);
    server().run(
        "postgres",
        "CREATE DATABASE " + name_ + (content == Content::Schema ? " TEMPLATE template_heddle" : ""));
}

TestDatabase::~TestDatabase() {
    try {
        server().run("postgres", "DROP DATABASE " + name_ + " WITH (FORCE)");
    } catch (const std::exception&) {
        // The test has stopped the server: the database goes with its folder.
    }
}

std::string TestDatabase::url() const { return server().url(name_); }

void crash_and_restart_server() {
    server().crash();
    server().start();
}

}  // namespace heddle::testing
