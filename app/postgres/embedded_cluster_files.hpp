// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace heddle {

/// What lies in the directory of an embedded cluster. The directory is ours, 0700, or 0711 where we are root,
/// since the server's user has to pass.
struct EmbeddedClusterFiles {
    std::filesystem::path directory;  // absolute

    std::filesystem::path cluster() const { return directory / "cluster"; }
    std::filesystem::path log() const { return directory / "log"; }  // of keeper and server
    std::filesystem::path rules() const { return directory / "pg_hba.conf"; }
    std::filesystem::path users() const { return directory / "pg_ident.conf"; }
    /// Shared by everybody who uses the cluster; taken by the keeper when nobody is left.
    std::filesystem::path holders_lock() const { return directory / "holders.lock"; }
    /// Taken while somebody makes the cluster or starts the keeper.
    std::filesystem::path start_lock() const { return directory / "start.lock"; }
    /// Taken by the keeper for as long as it lives.
    std::filesystem::path keeper_lock() const { return directory / "keeper.lock"; }
    /// The socket directory, written by the keeper when the server answers.
    std::filesystem::path ready() const { return directory / "ready"; }
    /// The socket directory where it can't be below `directory` (107 bytes).
    std::filesystem::path short_socket() const { return directory / "short_socket"; }
};

/// Makes the directory or checks that it is ours, and that the server's user can enter it. Throws
/// std::runtime_error with a sentence.
EmbeddedClusterFiles prepare_directory(const std::filesystem::path& directory);

/// Connection URL; the server on the socket must run as the server's user, or libpq refuses it.
std::string cluster_url(const std::filesystem::path& socket_directory, const std::string& database);

/// The content without the line end; empty when there is no such file.
std::string read_line(const std::filesystem::path& file);
/// Replaces the file in one go. Throws std::system_error.
void write_file(const std::filesystem::path& file, std::string_view content, unsigned mode);

}  // namespace heddle
