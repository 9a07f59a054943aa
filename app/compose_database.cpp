// SPDX-License-Identifier: Apache-2.0
#include "app/compose_database.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <system_error>

#include "app/build_service/embedded/digest.hpp"
#include "app/config/wrong_use.hpp"
#include "app/crypto/secret_box.hpp"
#include "app/forges/git/local_repository.hpp"
#include "app/postgres/connection_url.hpp"
#include "app/postgres/forge_store.hpp"
#include "app/postgres/migrate.hpp"
#include "app/postgres/secret_key_store.hpp"
#include "app/postgres/try_databases.hpp"

namespace heddle {
namespace {

namespace fs = std::filesystem;

// One database per repository: what an interrupted try left is resumed as the same owner, and by nobody else.
std::string try_database(const std::string& repository) {
    return kTryDatabasePrefix + to_hex(sha256(open_local_repository(repository).url)).substr(0, 16);
}

/// Not what the library says of a URL that is none: that quotes it, and a password with it.
std::unique_ptr<Pool> connect_by_url(const Config& config, std::size_t connections) {
    const std::string& url = *config.database.url;
    const auto given = config.places.find("database.url");
    const std::string option =
        "database.url" + (given == config.places.end() ? "" : " (" + given->second + ")") + ": ";
    if (const auto why = why_no_connection_url(url)) throw WrongUse(option + *why);
    auto pool = std::make_unique<Pool>(url, connections);
    try {
        pool->acquire();
    } catch (const pqxx::broken_connection& error) {
        const std::string why = option + "no connection to the database: " + why_no_connection(error);
        if (is_refused_unasked(url)) throw WrongUse(why);
        throw DatabaseAway(why);
    }
    return pool;
}

OpenDatabase connect(const Config& config,
                     const std::optional<std::string>& try_repository,
                     std::size_t connections) {
    OpenDatabase database;
    if (!try_repository && config.database.url) {
        database.pool = connect_by_url(config, connections);
        return database;
    }
    const std::string name = try_repository ? try_database(*try_repository) : "heddle";
    make_data_directory(config);
    database.cluster = std::make_unique<EmbeddedCluster>(config.data_dir / "postgres");
    if (try_repository) {
        database.tries = std::make_unique<FileLock>(config.data_dir / "postgres" / "tries.lock");
        database.tries->share();  // waits while a try drops databases
    }
    database.pool = std::make_unique<Pool>(database.cluster->url(name), connections);
    return database;
}

}  // namespace

void make_data_directory(const Config& config) {
    std::error_code error;
    fs::create_directories(config.data_dir, error);
    if (!error && !fs::is_directory(config.data_dir))
        error = std::make_error_code(std::errc::not_a_directory);
    if (error)
        throw WrongUse("the data directory " + config.data_dir.string() +
                       " can't be made: " + error.message());
}

OpenDatabase connect_database(const Config& config, const std::optional<std::string>& try_repository) {
    return connect(config, try_repository, 2);
}

OpenDatabase open_database(const Config& config,
                           const std::optional<std::string>& try_repository,
                           std::size_t connections) {
    OpenDatabase database = connect(config, try_repository, connections);
    const Pool::Lease lease = database.pool->acquire();
    if (database.cluster) migrate(*lease);
    check_schema(*lease);
    return database;
}

KnownForges known_forges(const Config& config, Pool& pool) {
    return [&config, &pool] {
        std::vector<ForgeConfig> forges = config.forges;
        const auto stored = in_transaction(pool, [](pqxx::work& tx) { return list_forges(tx); });
        for (const Forge& forge : stored)
            if (std::none_of(config.forges.begin(), config.forges.end(), [&](const ForgeConfig& configured) {
                    return configured.name == forge.settings.name;
                }))
                forges.push_back(forge.settings);
        return forges;
    };
}

std::unique_ptr<SecretBox> open_secrets(const Config& config, Pool& pool) {
    const auto read_or_make = [&config, &pool] {
        if (fs::exists(fs::symlink_status(config.secrets.key_file)))
            return SecretBox::read(config.secrets.key_file);
        const bool holds_secrets = in_transaction(pool, [](pqxx::work& tx) { return knows_secret_keys(tx); });
        if (holds_secrets)
            throw KeyFileError(
                "the key file " + config.secrets.key_file.string() +
                " is missing, but the database holds secrets sealed with it: put the copy back");
        if (config.secrets.key_file.parent_path() == config.data_dir) make_data_directory(config);
        try {
            return SecretBox::create(config.secrets.key_file);
        } catch (const KeyFileError&) {
            // Another process may have been quicker.
            if (fs::exists(config.secrets.key_file)) return SecretBox::read(config.secrets.key_file);
            throw;
        }
    };
    auto box = std::make_unique<SecretBox>(read_or_make());
    in_transaction(pool, [&box](pqxx::work& tx) { register_secret_key(tx, box->key_id()); });
    return box;
}

}  // namespace heddle
