// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/config/config.hpp"

namespace heddle {

/// What became of a delivery that was taken in once more.
struct Replayed {
    std::string verdict;  // empty: it was refused, and nothing was stored
    std::string why;      // it was refused, rejected or ignored; else empty
    std::optional<std::int64_t> delivery;
    std::optional<std::int64_t> run;
};

/// Takes a stored delivery through the inbox again, as a new one. One that a later delivery made an old one
/// is refused unless `force`. nullopt: there is no such delivery. Throws what open_database and open_secrets
/// throw.
std::optional<Replayed> replay_delivery(const Config& config,
                                        const std::optional<std::string>& try_repository,
                                        std::int64_t delivery,
                                        bool force);

}  // namespace heddle
