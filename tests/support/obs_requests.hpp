// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tests/support/stand_in_server.hpp"

namespace heddle::test {

/// The requests of a frontend's stand-in: made, listed, shown, ended. Written from the public API's
/// description. Thread-safe.
class ObsRequests {
public:
    using Query = std::map<std::string, std::string>;

    /// `revision_of`: what "addrevision" adds for a package.
    explicit ObsRequests(
        std::function<std::string(const std::string& project, const std::string& package)> revision_of);

    /// `user`: who asks. `path`: decoded segments, the first is "request".
    StandInAnswer answer(const StandInRequest& request,
                         const std::string& user,
                         const std::vector<std::string>& path,
                         const Query& query);

private:
    struct Made {
        std::string creator, project, package, target_project, target_package, rev, description;
        std::string state = "new";
        std::string comment;
    };

    StandInAnswer create(const std::string& user, const std::string& body);
    StandInAnswer list(const Query& query) const;
    StandInAnswer change(Made& made, const Query& query);
    std::string xml_of(std::int64_t number) const;

    const std::function<std::string(const std::string&, const std::string&)> revision_of_;
    mutable std::mutex mutex_;
    std::map<std::int64_t, Made> made_;
};

}  // namespace heddle::test
