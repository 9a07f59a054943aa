// SPDX-License-Identifier: Apache-2.0
#include "app/web/embedded_files.hpp"

#include <stdexcept>

namespace heddle {

const EmbeddedFile& embedded_file(std::string_view name) {
    for (const EmbeddedFile& file : embedded_files())
        if (file.name == name) return file;
    throw std::logic_error("no file " + std::string(name) + " was built in");
}

}  // namespace heddle
