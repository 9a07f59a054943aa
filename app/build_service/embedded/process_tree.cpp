// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/process_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>

#include "app/build_service/embedded/process.hpp"

namespace heddle {
namespace {

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

std::optional<int> as_number(const char* text) {
    int number = 0;
    const char* end = text + std::strlen(text);
    const auto [stopped, error] = std::from_chars(text, end, number);
    if (error != std::errc() || stopped != end) return std::nullopt;
    return number;
}

std::string proc(pid_t pid, const std::string& file) { return "/proc/" + std::to_string(pid) + "/" + file; }

/// What stands behind `key` in a "Key:   123 kB" file, in bytes; 0 where it is not there (the process went).
std::uint64_t sum_of(const std::string& path, std::initializer_list<const char*> keys) {
    std::ifstream file(path);
    std::uint64_t bytes = 0;
    for (std::string line; std::getline(file, line);)
        for (const char* key : keys)
            if (line.starts_with(key))
                bytes += std::strtoull(line.c_str() + std::strlen(key), nullptr, 10) * 1024;
    return bytes;
}

struct Stat {
    char state = '?';
    pid_t parent = 0;
    int threads = 0;
};

std::optional<Stat> read_stat(pid_t pid) {
    std::ifstream file(proc(pid, "stat"));
    std::string text;
    if (!std::getline(file, text, '\0')) return std::nullopt;
    const auto name_end = text.rfind(')');  // the name may hold anything, ')' too
    if (name_end == std::string::npos) return std::nullopt;
    std::istringstream rest(text.substr(name_end + 1));
    Stat stat;
    rest >> stat.state >> stat.parent;
    std::string skipped;
    for (int field = 5; field < 20; ++field) rest >> skipped;
    rest >> stat.threads;
    if (!rest) return std::nullopt;
    return stat;
}

using Processes = std::unordered_map<pid_t, Stat>;

Processes all_processes() {
    Processes all;
    const Folder folder(::opendir("/proc"));
    if (!folder) return all;
    while (const dirent* entry = ::readdir(folder.get()))
        if (const auto pid = as_number(entry->d_name))
            if (const auto stat = read_stat(*pid)) all.emplace(*pid, *stat);
    return all;
}

std::vector<pid_t> below(const Processes& all, pid_t root) {
    std::unordered_map<pid_t, std::vector<pid_t>> children;
    for (const auto& [pid, process] : all) children[process.parent].push_back(pid);
    std::vector<pid_t> found = children[root];
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto more = children.find(found[i]);
        if (more != children.end()) found.insert(found.end(), more->second.begin(), more->second.end());
    }
    return found;
}

}  // namespace

std::vector<pid_t> processes_below(pid_t root) { return below(all_processes(), root); }

TreeUsage tree_usage(pid_t root, std::uint64_t memory_limit) {
    const Processes all = all_processes();
    const auto tree = below(all, root);
    TreeUsage usage;
    for (const pid_t pid : tree) {
        usage.threads += all.at(pid).threads;
        usage.memory += sum_of(proc(pid, "status"), {"RssAnon:", "RssShmem:", "VmSwap:"});
    }
    if (usage.memory <= memory_limit) return usage;
    // Children of a fork share pages with their parent: ask for proportional sizes before it is called too
    // much.
    std::uint64_t shared_once = 0;
    for (const pid_t pid : tree)
        shared_once += sum_of(proc(pid, "smaps_rollup"), {"Pss_Anon:", "Pss_Shmem:", "SwapPss:"});
    if (shared_once > 0) usage.memory = std::min(usage.memory, shared_once);
    return usage;
}

std::uint64_t bytes_in_shared_segments(pid_t pid) {
    std::uint64_t bytes = 0;
    // What is seen depends on the reading thread's namespace: so a thread that ends there.
    std::thread([pid, &bytes] {
        const Descriptor space(::open(proc(pid, "ns/ipc").c_str(), O_RDONLY | O_CLOEXEC));
        if (!space || ::setns(space.get(), CLONE_NEWIPC) < 0) return;
        std::ifstream segments("/proc/sysvipc/shm");
        std::string line;
        std::getline(segments, line);  // names of the columns; the last two are resident and swapped bytes
        while (std::getline(segments, line)) {
            std::istringstream columns(line);
            std::vector<std::uint64_t> numbers(std::istream_iterator<std::uint64_t>(columns), {});
            if (numbers.size() >= 2) bytes += numbers.back() + numbers[numbers.size() - 2];
        }
    }).join();
    return bytes;
}

std::uint64_t bytes_in_deleted_files(pid_t root) {
    std::set<std::pair<dev_t, ino_t>> seen;
    std::uint64_t bytes = 0;
    for (const pid_t pid : processes_below(root)) {
        const Folder folder(::opendir(proc(pid, "fd").c_str()));
        if (!folder) continue;
        while (const dirent* entry = ::readdir(folder.get())) {
            struct stat file = {};
            if (entry->d_name[0] == '.' || ::fstatat(::dirfd(folder.get()), entry->d_name, &file, 0) < 0)
                continue;
            if (!S_ISREG(file.st_mode) || file.st_nlink > 0 || !seen.emplace(file.st_dev, file.st_ino).second)
                continue;
            bytes += static_cast<std::uint64_t>(file.st_blocks) * 512;
        }
    }
    return bytes;
}

int threads_of(std::uint32_t uid) {
    int threads = 0;
    for (const auto& [pid, process] : all_processes()) {
        struct stat owner = {};
        if (process.state != 'Z' && ::stat(proc(pid, "").c_str(), &owner) == 0 && owner.st_uid == uid)
            threads += process.threads;
    }
    return threads;
}

bool kill_below(pid_t root, std::chrono::steady_clock::time_point deadline) {
    for (;;) {
        const Processes all = all_processes();
        bool any = false;
        for (const pid_t pid : below(all, root)) {
            if (all.at(pid).state == 'Z') continue;  // dead: waits for its parent only
            any = true;
            ::kill(pid, SIGKILL);
        }
        if (!any) return true;
        if (std::chrono::steady_clock::now() >= deadline) return false;
        std::this_thread::yield();
    }
}

}  // namespace heddle
