// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "workflows/model/package_ref.hpp"

namespace heddle {

/// Who speaks about one build: the build itself, whichever run asked for it.
inline std::string build_producer(const PackageRef& package,
                                  const std::string& repository,
                                  const std::string& architecture) {
    return "build/" + to_string(package) + "/" + repository + "/" + architecture;
}

/// Who speaks about a request: the request itself.
inline std::string request_producer(std::int64_t number) { return "request/" + std::to_string(number); }

/// Who speaks about the runs of one pull request (or branch, or tag) for a token: a later run replaces the
/// word of an earlier one.
inline std::string run_producer(std::int64_t token_id, const std::string& queue_key) {
    return "run/" + std::to_string(token_id) + "/" + queue_key;
}

}  // namespace heddle
