// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/package_hold.hpp"

namespace heddle {
namespace {

class PackageHold final : public RunLog::Hold {
public:
    explicit PackageHold(const std::string& url) : connection_(open_connection(url)) {
        pqxx::nontransaction(*connection_).exec("SET lock_timeout = '1s'");
    }

    /// False: somebody else has it, after a second.
    bool try_for_a_second(const PackageRef& package) {
        static const std::string kHold = "SELECT pg_advisory_lock(hashtextextended($1, 1214599251))";
        try {
            pqxx::nontransaction(*connection_).exec_params1(kHold, to_string(package));
            return true;
        } catch (const pqxx::sql_error& error) {
            if (error.sqlstate() != "55P03") throw;  // lock_not_available
            return false;
        }
    }

private:
    std::unique_ptr<pqxx::connection> connection_;  // the lock goes with it
};

}  // namespace

std::unique_ptr<RunLog::Hold> hold_package(JobGuard& guard, const PackageRef& package) {
    auto hold = std::make_unique<PackageHold>(guard.pool().url());
    while (!hold->try_for_a_second(package)) {
        guard.give_way();
        guard.record([](pqxx::work&) {});
    }
    return hold;
}

}  // namespace heddle
