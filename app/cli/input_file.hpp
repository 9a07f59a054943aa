// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace heddle {

/// A file that can't be read, in a sentence that begins with its name.
struct Unreadable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The bytes of a file that the command line names, at most `most` of them: ask for one more than is taken to
/// tell what is too large. Pipes and devices are read to their end. Throws Unreadable.
std::string read_input_file(const std::string& path, std::size_t most);

}  // namespace heddle
