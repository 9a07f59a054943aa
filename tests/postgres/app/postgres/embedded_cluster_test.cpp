// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/embedded_cluster.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <optional>
#include <pqxx/pqxx>
#include <sstream>
#include <thread>
#include <vector>

#include "app/postgres/file_lock.hpp"
#include "app/postgres/pool.hpp"
#include "app/postgres/server_programs.hpp"
#include "tests/support/folder_watch.hpp"

using namespace heddle;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

const fs::path kKeeper = HEDDLE_TEST_KEEPER;

constexpr auto kPatience = std::chrono::seconds(30);

/// Also one that nobody has reaped has ended.
bool ends(pid_t process, Clock::time_point deadline) {
    const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, process, 0));
    if (descriptor < 0) return true;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    pollfd end{descriptor, POLLIN, 0};
    const bool ended = poll(&end, 1, std::max(0, static_cast<int>(left.count()))) == 1;
    close(descriptor);
    return ended;
}

/// The processes whose command line has `part`.
std::vector<pid_t> processes_with(const std::string& part) {
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ostringstream command;
        command << std::ifstream(entry.path() / "cmdline").rdbuf();  // nothing if it just ended
        if (command.str().find(part) != std::string::npos) found.push_back(std::stoi(name));
    }
    return found;
}

/// A directory below /tmp that is removed when its cluster has stopped.
class Folder {
public:
    explicit Folder(const std::string& below = "") {
        std::string name = "/tmp/heddle-cluster-XXXXXX";
        REQUIRE(mkdtemp(name.data()) != nullptr);
        top_ = name;
        chmod(name.c_str(), 0755);
        path_ = below.empty() ? top_ / "pg" : top_ / below;
    }
    ~Folder() {
        if (inside_a_test_) CHECK(stops());  // whatever the test did, nothing lives on
        fs::remove_all(top_);
    }
    /// It outlives the tests, which can't be told anything then.
    void keep_for_all_tests() { inside_a_test_ = false; }
    const fs::path& top() const { return top_; }
    const fs::path& path() const { return path_; }
    bool stops() const {
        const auto deadline = Clock::now() + kPatience;
        for (auto left = processes_with(path_); !left.empty(); left = processes_with(path_))
            for (const pid_t process : left)
                if (!ends(process, deadline)) return false;
        return true;
    }
    pid_t postgres() const {
        std::ifstream in(path_ / "cluster/postmaster.pid");
        pid_t process = 0;
        in >> process;
        return process;
    }
    pid_t keeper() const {
        for (const pid_t process : processes_with("keep-cluster"))
            for (const pid_t ours : processes_with(path_.string()))
                if (process == ours) return process;
        return 0;
    }

private:
    fs::path top_, path_;
    bool inside_a_test_ = true;
};

/// The same with a cluster in it, copied from one that was made once.
class MadeFolder : public Folder {
public:
    explicit MadeFolder(const std::string& below = "") : Folder(below) {
        static Folder original;
        if (!fs::exists(original.path())) {
            original.keep_for_all_tests();
            { const EmbeddedCluster made(original.path(), kKeeper); }
            REQUIRE(original.stops());
        }
        fs::create_directories(path());
        const int copy = start_program({"/usr/bin/cp", "-a", original.path() / "cluster", path() / "cluster"},
                                       STDERR_FILENO);
        REQUIRE(wait_for_program(copy) == 0);
    }
};

/// A process of its own that holds the cluster.
class Holder {
public:
    explicit Holder(const Folder& folder) {
        int ends[2];
        REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
        process_ = start_program({kKeeper, "hold", folder.path()}, ends[1]);
        close(ends[1]);
        char text[4096];
        ssize_t got = 0;
        while ((got = read(ends[0], text, sizeof text)) > 0) {
            url_.append(text, static_cast<std::size_t>(got));
            if (url_.ends_with("\n")) break;
        }
        close(ends[0]);
        REQUIRE_MESSAGE(url_.starts_with("postgresql://"), url_);
        url_.pop_back();
    }
    ~Holder() { end(); }
    void end() {
        if (process_ <= 0) return;
        kill(process_, SIGKILL);
        wait_for_program(process_);
        process_ = -1;
    }
    const std::string& url() const { return url_; }
    pid_t process() const { return process_; }

private:
    pid_t process_ = -1;
    std::string url_;
};

std::string query(const std::string& url, const std::string& sql) {
    const auto connection = open_connection(url);
    pqxx::work tx(*connection);
    const auto rows = tx.exec(sql);
    tx.commit();
    return rows.empty() ? "" : rows[0][0].as<std::string>();
}

std::string error_of(const fs::path& directory) {
    try {
        EmbeddedCluster(directory, kKeeper).url("x");
    } catch (const ClusterError& why) {
        return why.what();
    }
    return {};
}

}  // namespace

TEST_CASE("a cluster is made on first use, joined after, stopped by the last holder, and keeps its data") {
    const Folder folder;
    {
        const EmbeddedCluster first(folder.path(), kKeeper);
        query(first.url("heddle"), "CREATE TABLE t AS SELECT 42 AS x");
        std::optional<EmbeddedCluster> second;
        const auto before = Clock::now();
        second.emplace(folder.path(), kKeeper);
        MESSAGE("joining took " << std::chrono::duration<double, std::milli>(Clock::now() - before).count()
                                << " ms");
        CHECK(query(second->url("heddle"), "SELECT x FROM t") == "42");
        second.reset();
        CHECK(query(first.url("heddle"), "SELECT x FROM t") == "42");
    }
    REQUIRE(folder.stops());
    const auto before = Clock::now();
    const EmbeddedCluster again(folder.path(), kKeeper);
    MESSAGE("a start took " << std::chrono::duration<double, std::milli>(Clock::now() - before).count()
                            << " ms");
    CHECK(query(again.url("heddle"), "SELECT x FROM t") == "42");
}

TEST_CASE("processes share a cluster; the last one stops it, though it was killed") {
    const MadeFolder folder;
    Holder one(folder), two(folder);
    const pid_t server = folder.postgres();
    CHECK(query(one.url(), "SELECT 1") == "1");
    one.end();
    CHECK(query(two.url(), "SELECT 1") == "1");
    CHECK(folder.postgres() == server);
    two.end();
    CHECK(folder.stops());
}

TEST_CASE("processes that start at once start one server") {
    const Folder folder;
    std::vector<std::thread> threads;
    std::vector<std::string> answers(6);
    for (auto& answer : answers)
        threads.emplace_back([&] {
            const EmbeddedCluster cluster(folder.path(), kKeeper);
            answer = query(cluster.url("heddle"), "SELECT system_identifier FROM pg_control_system()");
        });
    for (auto& thread : threads) thread.join();
    CHECK_FALSE(answers[0].empty());
    for (const auto& answer : answers) CHECK(answer == answers[0]);
}

TEST_CASE("after kill -9 of holder, keeper and server together nothing that was committed is lost") {
    const MadeFolder folder;
    for (int round = 0; round < 5; ++round) {
        Holder holder(folder);
        query(holder.url(), "CREATE TABLE IF NOT EXISTS t (x int)");
        query(holder.url(), "INSERT INTO t VALUES (1)");
        CHECK(query(holder.url(), "SELECT count(*) FROM t") == std::to_string(round + 1));
        const auto all = processes_with(folder.path());
        CHECK(all.size() >= 3);
        for (const pid_t process : all) kill(process, SIGKILL);
    }
}

TEST_CASE(
    "after kill -9 of the keeper whoever holds or starts the cluster brings it back, at the same place") {
    const MadeFolder folder(std::string(100, 'x') + "/pg");  // too long for the socket, which is elsewhere
    const EmbeddedCluster holder(folder.path(), kKeeper);
    const std::string url = holder.url("heddle");
    query(url, "CREATE TABLE t AS SELECT 42 AS x");
    CHECK_FALSE(holder.keep());
    for (const bool by_holder : {true, false}) {
        const pid_t keeper = folder.keeper();
        kill(keeper, SIGKILL);
        REQUIRE(ends(keeper, Clock::now() + kPatience));
        if (by_holder) CHECK(holder.keep());
        const Holder after(folder);
        CHECK(query(url, "SELECT x FROM t") == "42");
    }
}

TEST_CASE("after kill -9 of the server the keeper brings it back") {
    const MadeFolder folder;
    Holder holder(folder);
    query(holder.url(), "CREATE TABLE t AS SELECT 42 AS x");
    for (int round = 0; round < 2; ++round) {
        const pid_t server = folder.postgres();
        kill(server, SIGKILL);
        REQUIRE(ends(server, Clock::now() + kPatience));
        Holder after(folder);
        CHECK(query(after.url(), "SELECT x FROM t") == "42");
    }
}

TEST_CASE("a start waits for processes of a killed server that hold its memory") {
    const MadeFolder folder;
    Holder before(folder);
    query(before.url(), "CREATE TABLE t AS SELECT 42 AS x");
    const pid_t keeper = folder.keeper();
    const std::string server = std::to_string(folder.postgres());
    pid_t held = 0;  // one that does not notice the end until it is let
    std::ifstream("/proc/" + server + "/task/" + server + "/children") >> held;
    REQUIRE(held > 1);
    test::FolderWatch watch(folder.path());
    kill(held, SIGSTOP);
    kill(folder.postgres(), SIGKILL);
    const auto is_told = [&] {
        std::ostringstream log;
        log << std::ifstream(folder.path() / "log").rdbuf();
        return log.str().find("is still in use") != std::string::npos;
    };
    CHECK(watch.wait(is_told, Clock::now() + kPatience));
    kill(held, SIGCONT);
    Holder after(folder);
    CHECK(query(after.url(), "SELECT x FROM t") == "42");
    CHECK(folder.keeper() == keeper);  // it did not give up
}

TEST_CASE("a kill -9 in the middle of making the cluster leaves nothing that blocks the next start") {
    const Folder folder;
    fs::create_directory(folder.path());
    test::FolderWatch watch(folder.path());
    const pid_t first = start_program({kKeeper, "hold", folder.path()}, STDERR_FILENO);
    const auto is_made = [&] { return !processes_with("--pgdata=" + folder.path().string()).empty(); };
    REQUIRE(watch.wait(is_made, Clock::now() + kPatience, first));
    kill(first, SIGKILL);
    wait_for_program(first);
    CHECK_FALSE(fs::exists(folder.path() / "cluster"));
    const Holder holder(folder);
    CHECK(query(holder.url(), "SELECT 1") == "1");
}

TEST_CASE("a path too long or too odd for a socket gets a private directory elsewhere") {
    std::string name;
    SUBCASE("long") { name = std::string(100, 'x') + "/pg"; }
    SUBCASE("odd") { name = "a folder, \"of\" ünïcode's/pg"; }
    const MadeFolder folder(name);
    Holder holder(folder);
    CHECK(query(holder.url(), "SELECT 1") == "1");
    std::ifstream in(folder.path() / "ready");
    std::string socket;
    std::getline(in, socket);
    struct stat found {};
    REQUIRE(stat(socket.c_str(), &found) == 0);
    CHECK((found.st_mode & 07777) == 0700);
    holder.end();
    CHECK(folder.stops());
    CHECK_FALSE(fs::exists(socket));
}

TEST_CASE("only the user who made the cluster gets in, and the server has no TCP port") {
    const MadeFolder folder;
    const EmbeddedCluster cluster(folder.path(), kKeeper);
    const std::string url = cluster.url("heddle");
    CHECK(query(url, "SHOW listen_addresses").empty());
    CHECK(query(url, "SELECT string_agg(type || ' ' || auth_method, ',') FROM pg_hba_file_rules") ==
          "local peer");
    CHECK(url.find("requirepeer=" + server_user().name) != std::string::npos);
    struct stat found {};
    REQUIRE(stat((folder.path() / "socket").c_str(), &found) == 0);
    CHECK((found.st_mode & 07777) == 0700);
    if (geteuid() != 0) return;  // the rest needs another user to try with
    // The server's own user can reach the socket, but is nobody there.
    auto psql = as_server_user("KILL");
    psql.insert(psql.end(), {"/usr/bin/psql", "-w", "-c", "SELECT 1", url});
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    CHECK(wait_for_program(start_program(psql, nowhere)) != 0);
    close(nowhere);
}

TEST_CASE("the environment's PG variables don't lead elsewhere") {
    const MadeFolder folder;
    setenv("PGHOSTADDR", "127.0.0.1", 1);
    setenv("PGPORT", "9", 1);
    setenv("PGUSER", "nobody", 1);
    const EmbeddedCluster cluster(folder.path(), kKeeper);
    CHECK(query(cluster.url("heddle"), "SELECT current_user") == "heddle");
    for (const char* name : {"PGHOSTADDR", "PGPORT", "PGUSER"}) unsetenv(name);
}

TEST_CASE("a directory that can't be used is one sentence") {
    const Folder folder;
    const std::string start = "the private PostgreSQL in " + folder.path().string() + " can't be used: ";
    SUBCASE("a file in its place") {
        std::ofstream(folder.path()) << "x";
        CHECK(error_of(folder.path()) == start + folder.path().string() + " is not a directory");
    }
    SUBCASE("something else where the cluster should be") {
        fs::create_directories(folder.path() / "cluster");
        CHECK(error_of(folder.path()) ==
              start + folder.path().string() + "/cluster holds no PostgreSQL cluster");
    }
    SUBCASE("a cluster of a version that is not installed") {
        fs::create_directories(folder.path() / "cluster");
        std::ofstream(folder.path() / "cluster/PG_VERSION") << "11\n";
        CHECK(error_of(folder.path()) ==
              start +
                  "PostgreSQL 11, which made this cluster, is not installed: apt-get install postgresql-11");
    }
    SUBCASE("a place that nothing can be made in") {
        CHECK(error_of("/proc/heddle/pg") ==
              "the private PostgreSQL in /proc/heddle/pg can't be used: can't make /proc/heddle: No such "
              "file or directory");
    }
    SUBCASE("a damaged cluster says what the server says") {
        const MadeFolder damaged;
        fs::remove(damaged.path() / "cluster/global/pg_control");
        const std::string error = error_of(damaged.path());
        CHECK(error.find("pg_control") != std::string::npos);
        CHECK(error.find('\n') == std::string::npos);
    }
}

TEST_CASE("a directory that the server's user can't enter is named") {
    if (geteuid() != 0) return;  // as an ordinary user the server is that user
    const Folder folder("closed/pg");
    fs::create_directory(folder.top() / "closed");
    chmod((folder.top() / "closed").c_str(), 0700);
    CHECK(error_of(folder.path()) ==
          "the private PostgreSQL in " + folder.path().string() +
              " can't be used: user `postgres`, which PostgreSQL runs as under root, can't enter " +
              (folder.top() / "closed").string() + ": chmod o+x it, or set data_dir to another place");
}

TEST_CASE("a directory of another user is refused") {
    if (geteuid() != 0) return;  // an ordinary user can't give one away
    const Folder folder;
    fs::create_directory(folder.path());
    REQUIRE(chown(folder.path().c_str(), server_user().uid, server_user().gid) == 0);
    CHECK(error_of(folder.path()).find("belongs to another user") != std::string::npos);
}
