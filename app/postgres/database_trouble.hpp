// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <exception>
#include <pqxx/pqxx>
#include <string>

namespace heddle {

/// The database has no disk left to write on (PostgreSQL, appendix A: code 53100).
bool is_disk_full(const std::exception& error);

/// The connection is gone or silent: nobody knows what the database would have said.
bool is_unreachable(const std::exception& error);

/// From now on every statement of this transaction is given up after `time`, waiting for locks included.
void limit_statements(pqxx::transaction_base& tx, std::chrono::milliseconds time);

/// A statement was given up, by that limit or by an administrator (code 57014).
bool is_cut_off(const std::exception& error);

/// The database is away, stopping, starting, busy or out of something: the same may go well later
/// (PostgreSQL, appendix A: classes 08, 40, 53, 57, 58 and 25006, the read-only transaction of a standby).
bool may_pass(const std::exception& error);

/// What went wrong, on one line, for logs and rows: PostgreSQL answers in several lines, with hints.
std::string in_one_sentence(const std::exception& error);

}  // namespace heddle
