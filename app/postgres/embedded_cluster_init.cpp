// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/embedded_cluster_init.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include "app/postgres/embedded_cluster_log.hpp"
#include "app/postgres/server_programs.hpp"

namespace heddle {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

bool server_can_enter(const fs::path& directory) {
    auto command = as_server_user("KILL");
    command.insert(command.end(), {"/usr/bin/test", "-x", directory.string()});
    return wait_for_program(start_program(command, STDERR_FILENO)) == 0;
}

void check_server_can_enter(const fs::path& directory) {
    if (geteuid() != 0 || server_can_enter(directory)) return;
    fs::path first;
    for (const auto& name : directory) {
        first /= name;
        if (!server_can_enter(first)) break;
    }
    throw std::runtime_error("user `" + server_user().name +
                             "`, which PostgreSQL runs as under root, can't enter " + first.string() +
                             ": chmod o+x it, or set data_dir to another place");
}

void sync_directory(const fs::path& directory) {
    const int descriptor = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) fail("can't open " + directory.string());
    fsync(descriptor);
    close(descriptor);
}

/// A half-made cluster, removed unless it was put in its place.
class NewCluster {
public:
    explicit NewCluster(const EmbeddedClusterFiles& files) : files_(files) {
        std::string name = (files.directory / "initdb.XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) fail("can't make " + name);
        path_ = name;
        const ServerUser user = server_user();
        if (chown(name.c_str(), user.uid, user.gid) != 0) fail("can't give " + name + " to " + user.name);
    }
    ~NewCluster() {
        std::error_code ignored;  // what is left is removed by the next start
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    NewCluster(const NewCluster&) = delete;
    NewCluster& operator=(const NewCluster&) = delete;

    const fs::path& path() const { return path_; }
    void put_in_place() {
        fs::rename(path_, files_.cluster());
        path_.clear();
        sync_directory(files_.directory);
    }

private:
    const EmbeddedClusterFiles& files_;
    fs::path path_;
};

// The programs of a killed initdb may still be ending, and take away files themselves meanwhile. What stays
// for now is in nobody's way: the next start removes it.
void remove_half_made(const EmbeddedClusterFiles& files) {
    for (const auto& entry : fs::directory_iterator(files.directory)) {
        std::error_code ignored;
        if (entry.path().filename().string().starts_with("initdb.")) fs::remove_all(entry.path(), ignored);
    }
}

}  // namespace

void make_cluster(const EmbeddedClusterFiles& files) {
    check_server_can_enter(files.directory);
    if (fs::exists(files.cluster())) return;
    remove_half_made(files);
    NewCluster cluster(files);
    auto command = server_command("initdb", "KILL");
    command.insert(command.end(),
                   {"--username=heddle",
                    "--auth-local=peer",
                    "--auth-host=reject",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--no-instructions",
                    "--pgdata=" + cluster.path().string()});
    const EmbeddedClusterLog log(files);
    if (wait_for_program(start_program(command, log.descriptor())) != 0)
        throw std::runtime_error("initdb failed: " + log.error());
    cluster.put_in_place();
}

}  // namespace heddle
