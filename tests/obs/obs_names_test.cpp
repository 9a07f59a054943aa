// SPDX-License-Identifier: Apache-2.0
// Many names in one request, and never so many that it gets too long.
#include "app/build_service/obs/obs_names.hpp"

#include <doctest/doctest.h>

#include <numeric>

using namespace heddle;

namespace {

using Names = std::vector<std::string>;

std::vector<std::size_t> sizes(const std::vector<Names>& batches) {
    std::vector<std::size_t> all;
    for (const Names& batch : batches) all.push_back(batch.size());
    return all;
}

}  // namespace

TEST_CASE("names go in batches, in their order and each of them once") {
    Names names(120);
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = "p" + std::to_string(i);
    const std::vector<Names> batches = in_batches(names, 50);
    CHECK(sizes(batches) == std::vector<std::size_t>{50, 50, 20});
    CHECK(std::accumulate(batches.begin(), batches.end(), Names{}, [](Names all, const Names& batch) {
              all.insert(all.end(), batch.begin(), batch.end());
              return all;
          }) == names);
    CHECK(sizes(in_batches({"a", "b"}, 1)) == std::vector<std::size_t>{1, 1});
    CHECK(in_batches({}, 50).empty());
}

TEST_CASE("long names make short batches") {
    // "+" is three characters in an address.
    const Names names(50, std::string(200, '+'));
    for (const Names& batch : in_batches(names, 50)) {
        CHECK_FALSE(batch.empty());
        CHECK(obs_target({"build", std::string(200, 'p'), "_result"}, naming(batch, {})).size() < 8000);
    }
    CHECK(sizes(in_batches({std::string(5000, 'x'), "y"}, 50)) == std::vector<std::size_t>{1, 1});
}
