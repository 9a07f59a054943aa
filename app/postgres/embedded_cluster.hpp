// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace heddle {

class FileLock;

/// The private cluster can't be made or started; one sentence that says why and what to mend.
struct ClusterError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Heddle's own PostgreSQL below the data directory: peer authentication on a socket in a 0700 directory, no
/// TCP. As long as any object of any process holds it, it runs; a keeper process (this program again) stops
/// it when the last holder is gone, however it went. Made on first use.
class EmbeddedCluster {
public:
    /// Makes, starts or joins the cluster in `directory`. Blocks until it answers. Throws ClusterError.
    /// `program`: what to run as the keeper, with the arguments `keep-cluster DIRECTORY`.
    explicit EmbeddedCluster(const std::filesystem::path& directory,
                             const std::filesystem::path& program = "/proc/self/exe");
    ~EmbeddedCluster();
    EmbeddedCluster(const EmbeddedCluster&) = delete;
    EmbeddedCluster& operator=(const EmbeddedCluster&) = delete;

    /// Starts the keeper again where it was killed: nobody else would as long as we hold the cluster. True:
    /// it was, and the server answers again, at the same URL. Throws ClusterError. Asks no server where all
    /// is well.
    bool keep() const;

    /// Connection URL of one of its databases, which is created when missing. Throws ClusterError.
    std::string url(const std::string& database) const;

private:
    std::filesystem::path directory_;
    std::filesystem::path program_;
    std::filesystem::path socket_directory_;
    std::unique_ptr<FileLock> holders_;  // shared for as long as we live
};

/// The body of the keeper process (verb `keep-cluster`): starts PostgreSQL, waits until nobody holds the
/// cluster, stops it. Returns the exit code; ends the process with 1 where the server can't be started, the
/// log in the directory says why. Call it on the main thread.
int keep_cluster(const std::filesystem::path& directory);

}  // namespace heddle
