// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <stdexcept>
#include <string>

#include "app/cli/verbs.hpp"
#include "workflows/definition/definition.hpp"

namespace heddle {
namespace {

// A byte more than a workflow file may have: enough for the parser to say that it is too large.
constexpr std::size_t kMostRead = 128 * 1024 + 1;

/// A file that can't be read, in a sentence that begins with its name.
struct Unreadable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

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

std::string read_file(const std::string& path) {
    const OpenFile file(path);
    if (file.descriptor() < 0) refuse(path);
    std::string text(kMostRead, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t got = ::read(file.descriptor(), text.data() + size, text.size() - size);
        if (got == 0) break;
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) refuse(path);
        size += static_cast<std::size_t>(got);
    }
    text.resize(size);
    return text;
}

void print(const std::string& path, const Problems& problems, const char* kind) {
    for (const Problem& problem : problems) {
        std::cout << path << ':';
        if (problem.line > 0) std::cout << problem.line << ':' << problem.column << ':';
        std::cout << ' ' << kind << problem.message << '\n';
    }
}

std::string count(std::size_t number, const std::string& noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

bool validate(const std::string& path) {
    const ParsedDefinition parsed = check_definition(read_file(path));
    print(path, parsed.problems, "");
    print(path, parsed.warnings, "warning: ");
    if (!parsed.definition) return false;
    std::size_t steps = 0;
    for (const Workflow& workflow : parsed.definition->workflows) steps += workflow.steps.size();
    std::cout << path << ": ok, " << count(parsed.definition->workflows.size(), "workflow") << ", "
              << count(steps, "step") << '\n';
    return true;
}

}  // namespace

int run_validate(const GlobalArguments&, const ValidateArguments& arguments) {
    bool all_good = true;
    for (const std::string& path : arguments.files) {
        try {
            all_good = validate(path) && all_good;
        } catch (const Unreadable& reason) {
            std::cerr << reason.what() << '\n';
            all_good = false;
        }
    }
    std::cout.flush();
    if (!std::cout) throw std::runtime_error("the result can't be written to the standard output");
    return all_good ? 0 : 2;
}

}  // namespace heddle
