// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <pqxx/pqxx>
#include <string>
#include <string_view>

namespace heddle {

/// A build's log keeps at most so many bytes (unpacked); what comes after is cut, and its last line says so.
inline constexpr std::size_t kMaxLogBytes = std::size_t{16} << 20;

/// A piece of a build's log, as the build wrote it: any bytes, control characters and broken UTF-8 included.
struct LogPart {
    std::string text;  // empty: nothing behind `from_seq` (yet)
    int next_seq = 0;  // ask with this for what comes next
};

/// What the log has from chunk `from_seq` (0: its begin) on, about 1 MiB at a time: call again with
/// next_seq until the text is empty; for a live build later again. A build that another worker had to begin
/// again drops its old chunks, but numbers go on, so a follower sees the new log from its first line.
LogPart read_log(pqxx::transaction_base& tx, std::int64_t build_id, int from_seq);

/// Appends one chunk. False, and nothing stored: the build is no longer at its try `tries` (its lease ran
/// out and another worker has it, or it was withdrawn).
bool append_log(pqxx::transaction_base& tx, std::int64_t build_id, int tries, std::string_view text);

/// Drops what earlier tries of the build wrote. Guarded as append_log.
bool begin_log(pqxx::transaction_base& tx, std::int64_t build_id, int tries);

}  // namespace heddle
