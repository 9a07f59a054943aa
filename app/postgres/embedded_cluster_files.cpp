// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/embedded_cluster_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "app/postgres/server_programs.hpp"

namespace heddle {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

void write_all(int descriptor, std::string_view content, const std::string& name) {
    while (!content.empty()) {
        const ssize_t written = write(descriptor, content.data(), content.size());
        if (written < 0 && errno != EINTR) fail("can't write " + name);
        if (written > 0) content.remove_prefix(static_cast<std::size_t>(written));
    }
}

// Parents that we make can be passed by the server's user, whatever the umask; what must not be read below
// them has a mode of its own.
void make_parents(const fs::path& directory) {
    if (fs::exists(directory)) return;
    make_parents(directory.parent_path());
    if (mkdir(directory.c_str(), 0755) != 0 && errno != EEXIST) fail("can't make " + directory.string());
    if (geteuid() == 0 && chmod(directory.c_str(), 0755) != 0)
        fail("can't set the mode of " + directory.string());
}

std::string percent_encoded(std::string_view text) {
    static constexpr std::string_view kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (kPlain.find(c) != std::string_view::npos)
            encoded += c;
        else
            encoded.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
    return encoded;
}

}  // namespace

EmbeddedClusterFiles prepare_directory(const fs::path& directory) {
    EmbeddedClusterFiles files{fs::absolute(directory).lexically_normal()};
    if (!files.directory.has_filename()) files.directory = files.directory.parent_path();  // "x/"
    make_parents(files.directory.parent_path());
    const bool made = mkdir(files.directory.c_str(), 0700) == 0;
    if (!made && errno != EEXIST) fail("can't make " + files.directory.string());
    struct stat found {};
    if (stat(files.directory.c_str(), &found) != 0) fail("can't read " + files.directory.string());
    if (!S_ISDIR(found.st_mode)) throw std::runtime_error(files.directory.string() + " is not a directory");
    if (found.st_uid != geteuid())
        throw std::runtime_error(files.directory.string() + " belongs to another user, not to " +
                                 user_name(geteuid()) + ": run heddle as its owner, or set data_dir");
    const mode_t mode = geteuid() == 0 ? 0711 : 0700;
    if ((found.st_mode & 07777) != mode && chmod(files.directory.c_str(), mode) != 0)
        fail("can't set the mode of " + files.directory.string());
    return files;
}

std::string cluster_url(const fs::path& socket_directory, const std::string& database) {
    // Everything that libpq would otherwise take from the environment (PGHOSTADDR, PGPORT ...) is said here.
    return "postgresql://heddle@/" + percent_encoded(database) +
           "?host=" + percent_encoded(socket_directory.string()) +
           "&port=5432&hostaddr=&requirepeer=" + percent_encoded(server_user().name);
}

std::string read_line(const fs::path& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return line;
}

void write_file(const fs::path& file, std::string_view content, unsigned mode) {
    const std::string name = file.string() + ".new";
    unlink(name.c_str());
    const int descriptor = open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (descriptor < 0) fail("can't make " + name);
    try {
        write_all(descriptor, content, name);
        if (fchmod(descriptor, mode) != 0) fail("can't set the mode of " + name);
    } catch (...) {
        close(descriptor);
        throw;
    }
    close(descriptor);
    fs::rename(name, file);
}

}  // namespace heddle
