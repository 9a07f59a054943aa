// SPDX-License-Identifier: Apache-2.0
#include "app/cli/package_name.hpp"

#include "app/config/wrong_use.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {

void check_name(NameKind kind, const std::string& name) {
    if (const auto reason = why_refused(kind, name)) throw WrongUse(*reason);
}

PackageRef read_package_name(const std::string& text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string::npos || text.find('/', slash + 1) != std::string::npos)
        throw WrongUse(heddle::quoted(text) + " does not name a package: write PROJECT/PACKAGE");
    const PackageRef ref{text.substr(0, slash), text.substr(slash + 1)};
    check_name(NameKind::Project, ref.project);
    check_name(NameKind::Package, ref.package);
    return ref;
}

}  // namespace heddle
