// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/build_service/embedded/ref_resolver.hpp"
#include "app/forges/git/mirror.hpp"

namespace heddle {

/// Asks the repository itself, keeping what it answers in the mirrors.
class MirrorRefs final : public RefResolver {
public:
    explicit MirrorRefs(const Mirrors& mirrors) : mirrors_(mirrors) {}

    std::string resolve(const std::string& repository, const std::string& ref) override {
        return mirrors_.resolve(repository, ref);
    }

private:
    const Mirrors& mirrors_;
};

}  // namespace heddle
