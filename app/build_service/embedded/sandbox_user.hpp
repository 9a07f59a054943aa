// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "app/build_service/embedded/process.hpp"

namespace heddle {

/// A user for builds, which no other process on this machine uses while this lives. For root only.
class BuildUser {
public:
    /// The first free one of `first_uid` and the numbers above it. Or one sentence: a number that is root's,
    /// our own, or has an entry in the password database is refused, not skipped.
    static std::variant<BuildUser, std::string> acquire(std::uint32_t first_uid);

    Identity identity() const { return {uid_, uid_, true}; }

private:
    BuildUser(std::uint32_t uid, Descriptor lock) : uid_(uid), lock_(std::move(lock)) {}

    std::uint32_t uid_;
    Descriptor lock_;
};

/// Why nobody's builds may run as that user: root's or (for root) nobody in particular. nullopt: they may.
std::optional<std::string> refuse_identity(const Identity& identity);

}  // namespace heddle
