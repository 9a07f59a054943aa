// SPDX-License-Identifier: Apache-2.0
#include "app/cli/input_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace heddle {
namespace {

constexpr std::size_t kPiece = 64 * 1024;

/// Closes the file that it holds.
class OpenFile {
public:
    explicit OpenFile(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~OpenFile() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    int descriptor() const { return descriptor_; }

private:
    int descriptor_;
};

[[noreturn]] void refuse(const std::string& path) {
    if (errno == ENOENT) throw Unreadable(path + ": there is no such file");
    if (errno == EISDIR) throw Unreadable(path + ": this is a directory, not a file");
    throw Unreadable(path + ": can't be read: " + std::strerror(errno));
}

}  // namespace

std::string read_input_file(const std::string& path, std::size_t most) {
    const OpenFile file(path);
    if (file.descriptor() < 0) refuse(path);
    std::string text;
    while (text.size() < most) {
        const std::size_t size = text.size();
        text.resize(std::min(most, size + kPiece));
        const ssize_t got = ::read(file.descriptor(), text.data() + size, text.size() - size);
        text.resize(size + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (got == 0) break;
        if (got < 0 && errno != EINTR) refuse(path);
    }
    return text;
}

}  // namespace heddle
