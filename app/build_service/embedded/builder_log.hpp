// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "app/build_service/embedded/build_store.hpp"
#include "app/postgres/pool.hpp"

namespace heddle {

/// Writes one build's log while the build runs. Belongs to the build's thread.
class BuilderLog {
public:
    /// Drops what an earlier try wrote, and says so in the first line.
    BuilderLog(Pool& pool, const ClaimedBuild& build);

    /// Keeps `text` for the next chunk; writes it when there is enough of it. Past 16 MiB the log is cut: one
    /// last line says so, the rest is dropped.
    void add(std::string_view text);
    /// Writes what waits, if it has waited for half a second. Call now and then.
    void tick();
    /// Writes what waits.
    void flush();
    /// A line of ours between those of the build.
    void say(const std::string& line) { add("[heddle] " + line + "\n"); }

private:
    void write();

    Pool& pool_;
    ClaimedBuild build_;
    std::string waiting_;
    std::size_t written_ = 0;  // with what waits
    bool cut_ = false;
    std::chrono::steady_clock::time_point due_;
    std::chrono::steady_clock::time_point wrote_ = std::chrono::steady_clock::now();  // or nothing to write
};

/// The build was taken away; nothing more may be written about it.
struct BuildLost {};

}  // namespace heddle
