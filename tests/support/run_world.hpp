// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "app/postgres/contribution_store.hpp"
#include "app/postgres/job_store.hpp"
#include "app/postgres/pool.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "workflows/model/build_event.hpp"
#include "workflows/model/scm_event.hpp"

namespace heddle::testing {

/// A database with a plain repository, a token and what tests of runs, jobs and statuses ask again and again.
class RunWorld {
public:
    RunWorld();

    Pool& pool() { return pool_; }
    const std::string& url() const { return pool_.url(); }
    std::int64_t token_id() const { return token_id_; }
    std::int64_t forge_id() const { return forge_id_; }
    std::int64_t repository_id() const { return repository_id_; }

    /// Another token for the same repository.
    std::int64_t add_token();
    /// A pull request's event with that head.
    static ScmEvent pull_request(std::int64_t number,
                                 const std::string& commit_sha,
                                 PullRequestKind kind = PullRequestKind::Opened);
    std::int64_t start(const ScmEvent& event);

    StatusKey status_key(const std::string& commit_sha, const std::string& context) const;

    /// What a query says, as text: rows by ';', columns by '|'.
    std::string ask(const std::string& sql);
    void tell(const std::string& sql);
    /// "state text" of one status; "" when there is none.
    std::string status(const std::string& commit_sha, const std::string& context);

    /// Claims one job of that kind as a worker that has no process. Fails the test when there is none.
    Job claim(const std::string& kind);

private:
    TestDatabase database_;
    Pool pool_;
    std::int64_t token_id_ = 0;
    std::int64_t forge_id_ = 0;
    std::int64_t repository_id_ = 0;
};

/// A build's end as a build service tells it.
BuildEvent a_build_event(BuildEventType type,
                         const PackageRef& package,
                         const std::string& rev,
                         std::chrono::microseconds started = std::chrono::microseconds(0));

/// Now, as build services stamp their builds.
std::chrono::microseconds now_in_microseconds();

/// Waits until `condition` holds; false when it did not within twenty seconds.
bool eventually(const std::function<bool()>& condition);

}  // namespace heddle::testing
