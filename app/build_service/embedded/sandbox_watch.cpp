// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/sandbox_watch.hpp"

#include <array>
#include <utility>

#include "app/build_service/embedded/process_tree.hpp"
#include "app/build_service/embedded/workspace.hpp"

namespace heddle {
namespace {

using std::chrono::steady_clock;

// A build that takes the last of the disk would take the database with it.
constexpr std::uint64_t kDiskReserve = std::uint64_t{64} << 20;
constexpr auto kDiskInterval = std::chrono::milliseconds(200);

}  // namespace

std::optional<std::string> SandboxWatch::look() {
    if (steady_clock::now() >= limits_.until) return "timed out after " + time_in_words(limits_.timeout);
    const TreeUsage usage = tree_usage(root_, limits_.memory);
    if (usage.memory + shared_segments() > limits_.memory)
        return "more than " + bytes_in_words(limits_.memory) + " of memory";
    if (usage.threads >= limits_.processes)
        return "more than " + std::to_string(limits_.processes) + " processes and threads";
    if (steady_clock::now() >= next_disk_look_) return look_at_disk();
    return std::nullopt;
}

std::uint64_t SandboxWatch::shared_segments() const {
    return inside_ > 0 ? bytes_in_shared_segments(inside_) : 0;
}

std::optional<std::string> SandboxWatch::look_at_disk() {
    const auto begin = steady_clock::now();
    const auto used = disk_used(workspace_);
    if (!used) return "folders nested more than 200 levels deep";
    if (*used + bytes_in_deleted_files(root_) > limits_.disk)
        return "more than " + bytes_in_words(limits_.disk) + " of disk";
    machine_is_full_ = disk_free(workspace_) < kDiskReserve;
    if (machine_is_full_) return "no space left on the disk for builds";
    const auto end = steady_clock::now();
    next_disk_look_ = end + std::max<steady_clock::duration>(kDiskInterval, (end - begin) * 4);
    return std::nullopt;
}

std::string bytes_in_words(std::uint64_t bytes) {
    constexpr std::array kUnits{std::pair{30, " GiB"}, std::pair{20, " MiB"}, std::pair{10, " KiB"}};
    for (const auto& [shift, unit] : kUnits)
        if (bytes != 0 && bytes % (std::uint64_t{1} << shift) == 0)
            return std::to_string(bytes >> shift) + unit;
    return std::to_string(bytes) + " bytes";
}

std::string time_in_words(std::chrono::seconds time) {
    if (time.count() != 0 && time.count() % 3600 == 0) return std::to_string(time.count() / 3600) + "h";
    if (time.count() != 0 && time.count() % 60 == 0) return std::to_string(time.count() / 60) + "m";
    return std::to_string(time.count()) + "s";
}

}  // namespace heddle
