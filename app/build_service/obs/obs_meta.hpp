// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pugixml.hpp>
#include <string>
#include <vector>

#include "workflows/model/package_ref.hpp"
#include "workflows/ports/build_service.hpp"

namespace heddle {

// The documents in which OBS keeps what it knows of projects and packages ("meta"): read, and changed in
// place, so that what we do not know stays as it is. The server puts elements in its own order. No I/O.

/// `maintainer`: a login there; empty: nobody is named.
pugi::xml_document project_meta(const NewProject& project, const std::string& maintainer);
/// With the title and description of `source`.
pugi::xml_document package_meta(const PackageRef& package, pugi::xml_node source);

/// Every repository of `source`, built against that very repository, for the same architectures.
void copy_repositories(pugi::xml_node source, pugi::xml_node target);
/// What a branch takes over: all flags but those that say what is built, and locks.
void copy_project_flags(pugi::xml_node source, pugi::xml_node target);
/// All flags but locks.
void copy_package_flags(pugi::xml_node source, pugi::xml_node target);

/// Adds the repository or changes it: paths that it lacks are appended, architectures replaced, `rebuild` and
/// `linkedbuild` set (empty: taken away).
void put_repository(pugi::xml_node project, const RepositoryConfig& repository);
/// Sets one flag of a project or package; the earlier word for the same repository and architecture goes.
void put_flag(pugi::xml_node owner, const FlagSetting& flag);

/// Puts a link to `linked` behind the others. False: it stands already.
bool add_project_link(pugi::xml_node project, const std::string& linked);
/// False: there was none.
bool remove_project_link(pugi::xml_node project, const std::string& linked);

/// A word about no particular repository or architecture: of the package where it has one, else of the
/// project.
bool is_locked(pugi::xml_node project, pugi::xml_node package = {});
/// Every repository and architecture of a project.
std::vector<BuildResult> build_places(pugi::xml_node project);
/// Where a package will be built: every repository and architecture of its project whose `build` flag is not
/// off. Of the words about a place the most particular one counts, of equal ones the one that is off; a
/// package's go before its project's (BSUtil.pm of obs-server, `enabled`). Its flavours (those of a
/// multibuild package; "" is the package itself) are built where it is.
std::vector<BuildResult> promised_builds(pugi::xml_node project,
                                         pugi::xml_node package,
                                         const std::vector<std::string>& flavours = {""});
/// Is the project itself for its maintainers only, binaries and all?
bool is_secret(pugi::xml_node project);
/// Are its sources for its maintainers only?
bool is_hidden(pugi::xml_node project, pugi::xml_node package);

}  // namespace heddle
