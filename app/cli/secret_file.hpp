// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace heddle {

/// The secret that an option's file holds ("-": standard input): one line of printable ASCII, without its
/// line end. Secrets never stand on a command line: everybody on the machine can read it there. Throws
/// WrongUse with the file's name, never with what is in it.
std::string read_secret(const std::string& option, const std::string& file);

/// The same for a password, which may be any printable UTF-8.
std::string read_password(const std::string& option, const std::string& file);

}  // namespace heddle
