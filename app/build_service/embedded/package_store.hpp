// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "workflows/model/package_ref.hpp"

namespace heddle {

struct StoredPackage {
    std::int64_t id = 0;
    std::int64_t project_id = 0;
    PackageRef ref;
    std::optional<std::string> scmsync;  // git URL with fragment; absent: files are kept here
    std::optional<PackageRef> link;      // builds the sources of that package
    bool automatic = false;              // made because a step named it, by nobody's hand
};

/// A package of a living project.
std::optional<StoredPackage> find_package(pqxx::transaction_base& tx, const PackageRef& ref);

/// The same by id, with its builds kept from other schedulers and its project from deletion until the
/// transaction ends.
std::optional<StoredPackage> lock_package(pqxx::transaction_base& tx, std::int64_t id);

/// Creates one that is not there yet; its project is locked.
std::int64_t insert_package(pqxx::transaction_base& tx, const StoredPackage& package);

void set_scmsync_of(pqxx::transaction_base& tx, std::int64_t package_id, const std::string& url);
void set_link_of(pqxx::transaction_base& tx, std::int64_t package_id, const PackageRef& source);

/// With all revisions, builds and logs.
void remove_package(pqxx::transaction_base& tx, std::int64_t package_id);

/// The packages of one project by name.
std::vector<StoredPackage> packages_of(pqxx::transaction_base& tx, std::int64_t project_id);

/// The packages of living projects that link to `ref`, directly or over other links.
std::vector<std::int64_t> packages_linking_to(pqxx::transaction_base& tx, const PackageRef& ref);

}  // namespace heddle
