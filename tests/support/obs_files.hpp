// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace heddle::test {

/// What the configuration of a private backend says.
struct ObsPlaces {
    std::filesystem::path folder;
    std::string architecture;
    int source_port = 0;
    int repository_port = 0;
    int service_port = 0;
    bool chroot = false;  // builds are made by obs-build itself, which needs root
};

/// Lays out `places.folder`: "lib" (links to the installed servers beside our BSConfig.pm, and the module
/// that binds to loopback only), "worker" (a worker's state, with a build program that runs the recipe with
/// sh), "data", "log", "services". Throws std::runtime_error when obs-server or obs-build is not installed.
void write_obs_files(const ObsPlaces& places);

/// A small .deb, as the base project's one binary package. `with_shell`: it makes a build root in which sh
/// runs (busybox-static).
std::string make_obs_base_package(const std::filesystem::path& folder, bool with_shell);

/// Unmounts what a killed build has left mounted below `folder`.
void unmount_below(const std::filesystem::path& folder);

/// What a worker hands in: a cpio archive of the "newc" kind.
class CpioArchive {
public:
    void add(const std::string& name, const std::string& content);
    std::string finish() &&;

private:
    std::string bytes_;
};

}  // namespace heddle::test
