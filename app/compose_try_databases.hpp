// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/compose_database.hpp"
#include "app/config/config.hpp"
#include "app/forges/git/local_repository.hpp"

namespace heddle {

/// Marks the database of this try as used, and drops those of repositories that are gone or that were not
/// tried for longer than `retention.runs`; none while any other try of this cluster goes on. Returns one line
/// that says what was dropped, or could not be; empty: nothing.
std::string tidy_try_databases(OpenDatabase& database,
                               const LocalRepository& repository,
                               const RetentionConfig& retention);

}  // namespace heddle
