// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace heddle {

class Pool;
class SecretBox;

/// A key of scope build-events.
struct BuildEventKey {
    std::int64_t id = 0;
    std::string project;  // prefix; empty: every project
};

struct IntakeAnswer {
    int status = 200;     // HTTP
    std::string problem;  // of a refusal: one sentence that names the element ("[3].package is missing")
    int accepted = 0;     // stored now
    int duplicates = 0;   // their ids were known already
};

/// Takes the build events that a build backend emits (design 6.3): one or an array, all or nothing, in one
/// transaction. Thread-safe.
class BuildEventIntake {
public:
    BuildEventIntake(Pool& pool, const SecretBox& box);

    /// nullopt: no such key. `key`: what stood behind "Bearer ".
    std::optional<BuildEventKey> find_key(const std::string& key);
    IntakeAnswer accept(const BuildEventKey& key, std::string_view body);

private:
    Pool& pool_;
    const SecretBox& box_;
};

}  // namespace heddle
