// SPDX-License-Identifier: Apache-2.0
#include "app/compose_doctor.hpp"

#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>

#include "app/build_service/embedded/builder.hpp"
#include "app/compose_database.hpp"
#include "app/compose_doctor_accounts.hpp"
#include "app/compose_doctor_obs.hpp"
#include "app/config/wrong_use.hpp"
#include "app/crypto/secret_box.hpp"
#include "app/forges/git/library.hpp"
#include "app/forges/git/local_repository.hpp"
#include "app/postgres/migrate.hpp"
#include "app/postgres/secret_key_store.hpp"

namespace heddle {
namespace {

namespace fs = std::filesystem;

constexpr int kOldestServer = 150'000;  // as server_version_num

Finding good(std::string about, std::string text) { return {std::move(about), true, std::move(text)}; }
Finding bad(std::string about, std::string text) { return {std::move(about), false, std::move(text)}; }

// The folder itself, or the one that it will be made in.
fs::path existing(fs::path folder) {
    while (!fs::exists(folder) && folder.has_relative_path()) folder = folder.parent_path();
    return folder;
}

std::string in_mib(std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

Finding examine_configuration(const Config& config) {
    return good("configuration", config.file.empty() ? "no file, the defaults" : config.file.string());
}

Finding examine_data_directory(const Config& config) {
    const fs::path folder = existing(config.data_dir);
    if (!fs::is_directory(folder)) return bad("data directory", folder.string() + " is not a directory");
    if (access(folder.c_str(), W_OK | X_OK) != 0)
        return bad("data directory",
                   config.data_dir.string() + " can't be written (" + std::strerror(errno) +
                       "): give it to this user, or set data_dir");
    return good("data directory",
                config.data_dir.string() + (folder == config.data_dir ? "" : ", made on first use"));
}

Finding examine_disk(const Config& config) {
    struct statvfs disk {};
    if (statvfs(existing(config.data_dir).c_str(), &disk) != 0) return bad("disk", std::strerror(errno));
    const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
    const std::uint64_t needed = config.builder.disk * static_cast<std::uint64_t>(config.builder.workers);
    if (free < needed)
        return bad("disk",
                   in_mib(free) + " free, but builds may use " + in_mib(needed) +
                       ": make room, or lower builder.disk or builder.workers");
    return good("disk", in_mib(free) + " free");
}

Finding examine_builds(const Config& config) {
    BuilderOptions options;
    options.config = config.builder;
    options.data_dir = config.data_dir;
    if (!fs::exists(config.data_dir)) return good("builds", "not tried: there is no data directory yet");
    if (const auto why = why_no_builds(options)) return bad("builds", *why);
    return good("builds",
                config.builder.sandbox == BuilderConfig::Sandbox::None
                    ? "run without a sandbox (builder.sandbox: none)"
                    : "run in a sandbox");
}

Finding examine_server(pqxx::connection& connection) {
    if (connection.server_version() < kOldestServer)
        return bad("database",
                   "PostgreSQL 15 or newer is needed, this is " +
                       std::string(connection.get_variable("server_version")));
    return good("database", "PostgreSQL " + std::string(connection.get_variable("server_version")));
}

Finding examine_schema(pqxx::connection& connection) {
    try {
        check_schema(connection);
    } catch (const SchemaError& error) {
        return bad("schema", error.what());
    }
    return good("schema", "migrations up to " + std::string(migrations().back().name));
}

// The registration that a start would make is rolled back.
Finding examine_key(const Config& config, pqxx::connection& connection) {
    const fs::path& file = config.secrets.key_file;
    pqxx::work tx(connection);
    try {
        if (fs::exists(fs::symlink_status(file))) {
            register_secret_key(tx, SecretBox::read(file).key_id());
            return good("key file", file.string());
        }
    } catch (const KeyFileError& error) {
        return bad("key file", error.what());
    }
    if (knows_secret_keys(tx))
        return bad("key file",
                   file.string() + " is missing, but the database holds secrets: put the copy back");
    return good("key file", file.string() + ", made on first use");
}

void examine_database(const Config& config,
                      const std::optional<std::string>& try_repository,
                      const std::optional<std::string>& project,
                      std::vector<BuildServiceCredential>& logins,
                      std::vector<Finding>& findings) {
    const bool embedded = try_repository || !config.database.url;
    if (embedded && !fs::exists(config.data_dir / "postgres/cluster")) {
        findings.push_back(good("database", "a private cluster, made on first use"));
        return;
    }
    try {
        // A private cluster is brought up to date by every verb, so by this one.
        const OpenDatabase database =
            embedded ? open_database(config, try_repository, 1) : connect_database(config, try_repository);
        const Pool::Lease connection = database.pool->acquire();
        findings.push_back(examine_server(*connection));
        findings.push_back(examine_schema(*connection));
        if (!findings.back().ok) return;
        findings.push_back(examine_key(config, *connection));
        if (try_repository) return;  // a try has no accounts
        if (uses_obs(config) && findings.back().ok) logins = stored_logins(config, *connection);
        for (Finding& finding : examine_accounts(config, *connection)) findings.push_back(std::move(finding));
        if (uses_obs(config)) findings.push_back(examine_grants(*connection, logins, project));
    } catch (const SchemaError& error) {
        findings.push_back(bad("schema", error.what()));
    } catch (const ClusterError& error) {
        findings.push_back(bad("database", error.what()));
    } catch (const DatabaseAway& error) {
        findings.push_back(bad("database", error.what()));
    } catch (const pqxx::failure& error) {
        findings.push_back(bad("database", error.what()));
    }
}

void examine_repository(const std::string& path, std::vector<Finding>& findings) {
    try {
        const LocalRepository found = open_local_repository(path);
        findings.push_back(good("repository", found.path.string()));
        GitRepositoryHandle repository;
        GitSignatureHandle signature;
        if (make_handle(repository, git_repository_open, found.path.c_str()) == 0 &&
            make_handle(signature, git_signature_default, repository.get()) == 0)
            findings.push_back(
                good("git identity",
                     std::string("notes are signed ") + signature->name + " <" + signature->email + ">"));
        else
            findings.push_back(good("git identity",
                                    "none in the repository's own configuration: notes are signed "
                                    "Heddle <heddle@localhost>"));
    } catch (const WrongUse& error) {
        findings.push_back(bad("repository", error.what()));
    }
}

}  // namespace

std::vector<Finding> examine(const Config& config,
                             const std::optional<std::string>& try_repository,
                             const std::optional<std::string>& project) {
    const bool asks_obs = !try_repository && uses_obs(config);
    if (project && !asks_obs)
        throw WrongUse(
            "--project: the build service is Heddle's own; heddle project show tells of its projects");
    std::vector<Finding> findings{
        examine_configuration(config), examine_data_directory(config), examine_disk(config)};
    if (try_repository) examine_repository(*try_repository, findings);
    std::vector<BuildServiceCredential> logins;
    if (!try_repository || findings.back().ok)
        examine_database(config, try_repository, project, logins, findings);
    if (!asks_obs)
        findings.push_back(examine_builds(config));
    else
        for (Finding& finding : examine_obs(config, logins, project)) findings.push_back(std::move(finding));
    if (!try_repository)
        for (Finding& finding : examine_bus(config)) findings.push_back(std::move(finding));
    return findings;
}

}  // namespace heddle
