// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace heddle {

/// A template or static file, as it was when the program was built.
struct EmbeddedFile {
    std::string name;  // without its folder
    std::string text;
    std::string digest;  // changes with the text
};

/// All of them; written by embed.py.
const std::vector<EmbeddedFile>& embedded_files();

/// The file of that name. Throws std::logic_error: there is none.
const EmbeddedFile& embedded_file(std::string_view name);

}  // namespace heddle
