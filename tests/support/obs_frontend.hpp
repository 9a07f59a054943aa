// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/support/obs_backend.hpp"
#include "tests/support/obs_requests.hpp"
#include "tests/support/stand_in_server.hpp"

namespace heddle::test {

/// Stands for the frontend of an Open Build Service in front of a real backend: logins and what they may
/// change (every command is a change, as in older ones, even one that waits), the public API's own commands
/// (branch to a target, set_flag), requests, its words for errors; everything else is the backend's. Written
/// from the public API's description: a real frontend may differ.
class ObsFrontend {
public:
    static constexpr const char* kUser = "heddle";
    static constexpr const char* kPassword = "obs-password-1";

    /// `backend` must outlive it.
    explicit ObsFrontend(ObsBackend& backend);

    /// Another account, which may change that project and all below it; kUser may change everything. Before
    /// the first request.
    void add_account(const std::string& name, const std::string& password, const std::string& project);
    /// Called before each answer; set before the first request.
    std::function<void(const StandInRequest&)> before;

    std::string url() const { return server_.url(); }
    /// Who shows that login; empty: nobody does.
    std::string who(const StandInRequest& request) const;
    /// All requests so far.
    std::vector<StandInRequest> requests() const { return server_.requests(); }

private:
    struct Account {
        std::string name;
        std::string project;  // empty: all
    };
    struct Asked {
        StandInRequest request;
        std::string user;
        std::vector<std::string> path;  // decoded segments
        std::map<std::string, std::string> query;
    };

    StandInAnswer answer(const StandInRequest& request);
    StandInAnswer branch(const Asked& asked);
    StandInAnswer set_flag(const Asked& asked);
    StandInAnswer pass_on(const Asked& asked);
    bool may_write(const Asked& asked) const;
    bool has_sources(const std::string& project, const std::string& package);

    ObsBackend& backend_;
    std::map<std::string, Account> accounts_;  // by what the header Authorization says
    ObsRequests requests_;
    StandInServer server_;  // last: it ends first
};

}  // namespace heddle::test
