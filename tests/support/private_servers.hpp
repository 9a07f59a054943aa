// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace heddle::test {

/// A port of 127.0.0.1 that nobody listens on; below those that outgoing connections get, so that nobody
/// takes it while the server is down.
int free_port();

std::string text_of_file(const std::filesystem::path& file);

/// Other people's servers, each in a session of its own with all that it starts. They end with this object,
/// and with the test program if that dies.
class PrivateServers {
public:
    /// `folder` is removed, too, when the test program dies.
    explicit PrivateServers(std::filesystem::path folder);
    ~PrivateServers();
    PrivateServers(const PrivateServers&) = delete;
    PrivateServers& operator=(const PrivateServers&) = delete;

    /// Starts one, whose output goes to `log` (what was there becomes LOG.before), and waits until it is
    /// ready. False: it ended, or was not within a minute.
    bool start(const std::vector<std::string>& command,
               const std::filesystem::path& log,
               const std::function<bool()>& ready);
    /// The n-th that was started and all that it started: stopped, or going on.
    void hold(std::size_t server, bool on) const;
    /// SIGKILL to every process at once, as when the machine loses power. Returns when all are gone.
    void kill_hard();

private:
    const std::filesystem::path folder_;
    std::vector<pid_t> sessions_;
    pid_t keeper_ = -1;
};

}  // namespace heddle::test
