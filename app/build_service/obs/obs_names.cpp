// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/obs/obs_names.hpp"

#include "app/net/url.hpp"

namespace heddle {
namespace {

constexpr std::size_t kMostBytes = 4000;

std::size_t bytes_of(const std::string& package) { return ("&package=" + url_encoded(package)).size(); }

}  // namespace

std::vector<std::vector<std::string>> in_batches(const std::vector<std::string>& names, std::size_t most) {
    std::vector<std::vector<std::string>> batches;
    std::size_t bytes = 0;
    for (const std::string& name : names) {
        bytes += bytes_of(name);
        if (batches.empty() || batches.back().size() == most || bytes > kMostBytes) {
            batches.emplace_back();
            bytes = bytes_of(name);
        }
        batches.back().push_back(name);
    }
    return batches;
}

ObsQuery naming(const std::vector<std::string>& packages, ObsQuery query) {
    for (const std::string& package : packages) query.emplace_back("package", package);
    return query;
}

}  // namespace heddle
