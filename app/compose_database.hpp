// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "app/config/config.hpp"
#include "app/forges/git/configured_access.hpp"
#include "app/postgres/embedded_cluster.hpp"
#include "app/postgres/file_lock.hpp"
#include "app/postgres/pool.hpp"

namespace heddle {

class SecretBox;

/// A server by URL can't be reached, or lets us not in: one sentence that names the option.
struct DatabaseAway : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The database of a verb. The embedded cluster runs at least as long as this object lives.
struct OpenDatabase {
    std::unique_ptr<EmbeddedCluster> cluster;  // null: a server by URL
    std::unique_ptr<FileLock> tries;           // of a try: shared, so that nobody drops its database
    std::unique_ptr<Pool> pool;
};

/// Opens the configured database, or with `try_repository` that of `heddle try` for this repository (always
/// in the embedded cluster), for at most `connections` at a time. Missing migrations are applied to the
/// embedded cluster; a server by URL must be migrated (`heddle migrate`). Throws ClusterError, SchemaError,
/// WrongUse, and DatabaseAway when a server by URL can't be reached.
OpenDatabase open_database(const Config& config,
                           const std::optional<std::string>& try_repository,
                           std::size_t connections);

/// The same without a look at the schema: for `migrate` and `doctor`.
OpenDatabase connect_database(const Config& config, const std::optional<std::string>& try_repository);

/// The forges of the configuration and those that the database knows beside them, looked up whenever they are
/// asked for: one that is made while the program runs counts at once. Both must outlive it.
KnownForges known_forges(const Config& config, Pool& pool);

/// The box for this database's secrets. The key file is made on first use, but never once the database holds
/// secrets. Throws KeyFileError.
std::unique_ptr<SecretBox> open_secrets(const Config& config, Pool& pool);

/// Makes the data directory (others may pass through it: build users must reach their workspaces). Throws
/// WrongUse.
void make_data_directory(const Config& config);

}  // namespace heddle
