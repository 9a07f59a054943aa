// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace heddle {

/// What is wrong with a command line, in one sentence that names the word at fault and where to read on.
/// `program` is what refused to parse it.
std::string describe_trouble(const CLI::App& program, const CLI::ParseError& error);

}  // namespace heddle
