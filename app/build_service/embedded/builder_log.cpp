// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/builder_log.hpp"

#include "app/build_service/embedded/log_store.hpp"

namespace heddle {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kChunkBytes = std::size_t{64} << 10;
constexpr auto kChunkTime = std::chrono::milliseconds(500);
constexpr std::size_t kMostWaiting = std::size_t{4} << 20;  // while the database is away
constexpr auto kMostWait = std::chrono::seconds(25);        // then the lease is lost anyway
constexpr std::string_view kCutLine = "\n[heddle] the log is cut here: it has more than 16 MiB\n";

}  // namespace

BuilderLog::BuilderLog(Pool& pool, const ClaimedBuild& build)
    : pool_(pool), build_(build), due_(steady_clock::now() + kChunkTime) {
    if (!in_transaction(pool_, [&](auto& tx) { return begin_log(tx, build_.id, build_.tries); }))
        throw BuildLost();
    if (build_.tries > 1)
        say("try " + std::to_string(build_.tries) +
            ": the builder of the one before died or lost the database");
}

void BuilderLog::add(std::string_view text) {
    if (cut_) return;
    const std::size_t room = kMaxLogBytes - kCutLine.size() - written_;
    cut_ = text.size() > room;
    waiting_ += text.substr(0, room);
    if (cut_) waiting_ += kCutLine;
    written_ += std::min(text.size(), room);
    if (waiting_.size() >= kChunkBytes) flush();
}

void BuilderLog::tick() {
    if (steady_clock::now() >= due_) flush();
}

void BuilderLog::flush() {
    due_ = steady_clock::now() + kChunkTime;
    if (waiting_.empty()) wrote_ = steady_clock::now();
    try {
        write();
    } catch (const pqxx::broken_connection&) {
        // A database that restarts does not cost the build: what waits is written with the next chunk.
        if (waiting_.size() > kMostWaiting || steady_clock::now() - wrote_ > kMostWait) throw;
    }
}

void BuilderLog::write() {
    if (waiting_.empty()) return;
    const bool ours =
        in_transaction(pool_, [&](auto& tx) { return append_log(tx, build_.id, build_.tries, waiting_); });
    if (!ours) throw BuildLost();
    waiting_.clear();
    wrote_ = steady_clock::now();
}

}  // namespace heddle
