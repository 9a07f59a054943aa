// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heddle {

/// The user that PostgreSQL's server programs run as: `postgres` where we are root (they refuse root), else
/// we.
struct ServerUser {
    uid_t uid;
    gid_t gid;
    std::string name;
};
/// Throws std::runtime_error with a sentence when there is no such user.
ServerUser server_user();

/// The user name of a uid, for peer authentication. Throws std::runtime_error when it has none.
std::string user_name(uid_t uid);

/// The beginning of a command line that runs something as the server's user; it gets `death_signal` (a name
/// that setpriv knows) when the thread that started it ends.
std::vector<std::string> as_server_user(std::string_view death_signal);

/// The same with `program` (initdb, postgres) of PostgreSQL `version`, or of the newest here, at least 15.
/// Throws std::runtime_error with a sentence when it is not installed.
std::vector<std::string> server_command(std::string_view program,
                                        std::string_view death_signal,
                                        std::optional<int> version = std::nullopt);

/// Where a started program lives.
enum class Session { Ours, Own };

/// Starts a program with nothing on stdin, stdout and stderr into `output`, default signal dispositions and
/// no other descriptor of ours than the standard ones (all ours are close-on-exec). Throws std::system_error.
pid_t start_program(const std::vector<std::string>& command, int output, Session session = Session::Ours);

/// Waits until the child has ended; its exit code, or 128 and the signal.
int wait_for_program(pid_t child);

}  // namespace heddle
