// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "app/cli/configuration.hpp"
#include "app/cli/signals.hpp"
#include "app/cli/verbs.hpp"
#include "app/compose_serve.hpp"
#include "app/config/wrong_use.hpp"

namespace heddle {
namespace {

/// A log is no place for a password: without a terminal it goes into a file that only we may read.
std::filesystem::path write_password(const std::filesystem::path& file, const std::string& password) {
    const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    const std::string line = password + "\n";
    const bool written = out >= 0 && ::fchmod(out, 0600) == 0 &&
                         ::write(out, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                         ::fsync(out) == 0;
    const int why = errno;
    if (out >= 0) ::close(out);
    if (!written)
        throw WrongUse(file.string() + ": the first password can't be written: " + std::strerror(why));
    return file;
}

void tell_password(const Config& config, const std::string& password) {
    if (::isatty(STDOUT_FILENO) != 0)
        std::cout
            << "The first administrator is admin, the password for the first sign-in (shown this once): "
            << password << '\n';
    else
        std::cout << "The first administrator is admin, the password for the first sign-in stands in "
                  << write_password(first_password_file(config), password).string() << '\n';
}

/// glibc takes the first large block that is freed as a sign that large blocks are usual here, and keeps
/// them, up to 32 MiB each, from then on (mallopt(3), M_MMAP_THRESHOLD). To us they are the rare payload:
/// given back at once.
void give_large_blocks_back() {
    constexpr int kLarge = 512 << 10;
    ::mallopt(M_MMAP_THRESHOLD, kLarge);
}

}  // namespace

int run_serve(const GlobalArguments& global, const ServeArguments&) {
    refuse_json(global, "serve");
    refuse_try(global, "serve");
    give_large_blocks_back();
    const Config config = read_configuration(global);
    const sigset_t signals = block_signals();
    ServeSession session(config);
    if (session.first_password()) tell_password(config, *session.first_password());
    if (session.no_builds()) std::cout << "Nothing can be built here: " << *session.no_builds() << '\n';
    session.start();
    std::cout << "Heddle listens on " << session.url() << std::endl;
    wait_for_signal(signals);
    std::cout << "Stopping" << std::endl;
    session.stop();
    return 0;
}

}  // namespace heddle
