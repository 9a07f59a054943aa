// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heddle {

enum class NameKind { Project, Package, Repository, Architecture };

/// "project name", "package name", "repository name", "architecture".
std::string_view to_string(NameKind kind);

/// Why `name` is refused as a name of that kind, in one sentence without a final full stop
/// (`"a/b" is no project name: it contains "/"`); nothing when it is a good name. The rules for projects and
/// packages are OBS's (reference 5.6); a multibuild flavour ("pkg:flavour") is no part of a package name.
std::optional<std::string> why_refused(NameKind kind, std::string_view name);

bool is_project_name(std::string_view name);
bool is_package_name(std::string_view name);
/// Letters, digits and other printable ASCII without ':' and '/', not beginning with '_' or '.'.
bool is_repository_name(std::string_view name);
/// One of those that OBS knows, "local" included.
bool is_architecture(std::string_view name);

const std::vector<std::string_view>& architectures();

}  // namespace heddle
