// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "app/forges/git/library.hpp"

namespace heddle {

// Objects that must be there. All throw DamagedRepository when they are missing or broken.

GitTreeHandle tree_of(::git_repository* repository, const git_oid& id, const std::string& doing);
GitTreeHandle tree_of_commit(::git_repository* repository, const git_oid& id, const std::string& doing);
std::uint64_t size_of_object(git_odb* objects, const git_oid& id, const std::string& doing);
std::uint64_t size_of_object(::git_repository* repository, const git_oid& id, const std::string& doing);
std::string text_of_blob(::git_repository* repository, const git_oid& id, const std::string& doing);

}  // namespace heddle
