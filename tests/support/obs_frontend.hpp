// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/obs_backend.hpp"
#include "tests/support/stand_in_server.hpp"

namespace heddle::test {

/// Stands for the frontend of an Open Build Service in front of a real backend: a login, the public API's own
/// commands (branch to a target, set_flag), its words for errors; everything else is the backend's. Written
/// from the public API's description: a real frontend may differ.
class ObsFrontend {
public:
    static constexpr const char* kUser = "heddle";
    static constexpr const char* kPassword = "obs-password-1";

    /// `backend` must outlive it.
    explicit ObsFrontend(ObsBackend& backend);

    std::string url() const { return server_.url(); }
    /// All requests so far.
    std::vector<StandInRequest> requests() const { return server_.requests(); }

private:
    struct Asked {
        StandInRequest request;
        std::vector<std::string> path;  // decoded segments
        std::map<std::string, std::string> query;
    };

    StandInAnswer answer(const StandInRequest& request);
    StandInAnswer branch(const Asked& asked);
    StandInAnswer set_flag(const Asked& asked);
    StandInAnswer pass_on(const Asked& asked);
    bool has_sources(const std::string& project, const std::string& package);

    ObsBackend& backend_;
    StandInServer server_;  // last: it ends first
};

}  // namespace heddle::test
