// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>

namespace heddle {

/// The database has no disk left to write on (PostgreSQL, appendix A: code 53100).
bool is_disk_full(const std::exception& error);

/// What went wrong, on one line, for logs and rows: PostgreSQL answers in several lines, with hints.
std::string in_one_sentence(const std::exception& error);

}  // namespace heddle
