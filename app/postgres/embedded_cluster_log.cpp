// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/embedded_cluster_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string_view>
#include <system_error>

namespace heddle {
namespace {

constexpr std::uintmax_t kBig = 1 << 20;
// "2026-01-01 12:00:00 UTC [42] FATAL:  could not ...", "initdb: error: could not ...", "heddle: ...".
constexpr std::string_view kMarks[] = {"FATAL:", "PANIC:", "error:", "heddle:", "setpriv:"};

}  // namespace

EmbeddedClusterLog::EmbeddedClusterLog(const EmbeddedClusterFiles& files)
    : file_(files.log()),
      descriptor_(open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600)) {
    if (descriptor_ < 0)
        throw std::system_error(errno, std::generic_category(), "can't open " + file_.string());
    from_ = std::filesystem::file_size(file_);
}

EmbeddedClusterLog::~EmbeddedClusterLog() { close(descriptor_); }

std::string EmbeddedClusterLog::error() const {
    std::ifstream log(file_);
    log.seekg(static_cast<std::streamoff>(from_));
    std::string last = "it ended without a word";
    for (std::string line; std::getline(log, line);) {
        if (!line.empty()) last = line;
        for (const std::string_view mark : kMarks) {
            const auto at = line.find(mark);
            const auto text = at == std::string::npos ? at : line.find_first_not_of(' ', at + mark.size());
            if (text != std::string::npos) return line.substr(text);
        }
    }
    return last;
}

void put_big_log_aside(const EmbeddedClusterFiles& files) {
    std::error_code missing;
    if (std::filesystem::file_size(files.log(), missing) > kBig && !missing)
        std::filesystem::rename(files.log(), files.log().string() + ".old");
}

}  // namespace heddle
