// SPDX-License-Identifier: Apache-2.0
#include "app/compose_obs.hpp"

#include "app/cli/secret_file.hpp"
#include "app/postgres/credential_store.hpp"
#include "app/postgres/project_grant_store.hpp"
#include "app/postgres/user_store.hpp"

namespace heddle {
namespace {

constexpr std::size_t kMostBytes = 16 << 20;  // results of a large project

/// One login's requests.
struct AskedObs {
    AskedObs(HttpTransport& transport,
             const ObsAccess& access,
             BuildServiceConfig::Dialect dialect,
             const ObsActor& actor)
        : client(transport, access), service(client, dialect, access.user, actor) {}

    ObsClient client;
    ObsBuildService service;
};

/// "the login that ann gave"
std::string told(const BuildServiceCredential& stored) {
    return "the login that " + (stored.executor ? *stored.executor + " gave" : "was given for the instance");
}

/// How another one is given.
std::string verb_for(const BuildServiceCredential& stored) {
    return "`heddle obs login" + (stored.executor ? " --executor " + *stored.executor : "") + "`";
}

}  // namespace

HttpClientOptions obs_client_options() {
    HttpClientOptions options;
    options.most_bytes = kMostBytes;
    return options;
}

ObsAccess obs_access(const Config& config) {
    const BuildServiceConfig& service = config.build_service;
    ObsAccess access{service.api_url, service.user, "", service.private_network};
    const std::filesystem::path& file = service.password_file;
    if (!file.empty())
        access.password =
            read_foreign_password(require_own_file(config, "build_service.password_file", file), file);
    return access;
}

ObsAccess obs_access(const BuildServiceConfig& config, const BuildServiceCredential& stored) {
    ObsAccess access{config.api_url, stored.account, "", config.private_network};
    const std::string origin = credential_origin(config.api_url);
    if (stored.origin == origin)
        access.password = stored.password;
    else
        access.why_unused = told(stored) + " was for " + stored.origin + ", and is not sent to " + origin +
                            ": give it again by " + verb_for(stored);
    access.if_refused = "the build service refuses " + told(stored) + "; " + verb_for(stored);
    return access;
}

ConfiguredObs::ConfiguredObs(const Config& config, Pool& pool, const SecretBox& box)
    : config_(config.build_service),
      pool_(pool),
      box_(box),
      transport_(obs_client_options()),
      configured_(obs_access(config)) {}

std::optional<BuildServiceCredential> ConfiguredObs::stored_login(const std::string& login) {
    if (config_.dialect == BuildServiceConfig::Dialect::Backend) return std::nullopt;
    return in_transaction(pool_, [&](pqxx::work& tx) {
        auto own = find_build_service_credential(tx, box_, login);
        if (own || !config_.user.empty()) return own;
        return find_build_service_credential(tx, box_, std::nullopt);
    });
}

ObsActor ConfiguredObs::granted(const std::string& login) {
    return {login, [this, login](const std::string& project) -> std::optional<std::string> {
                const auto may = [&](pqxx::work& tx) { return has_project_grant(tx, login, project); };
                if (in_transaction(pool_, may)) return std::nullopt;
                return login + " has no grant for project " + project + " (heddle user edit " + login +
                       " --grant-project PREFIX)";
            }};
}

// The Open Build Service knows nothing of who was sent away from Heddle in the middle of a run.
ObsActor ConfiguredObs::with_own_login(const std::string& login) {
    return {login, [this, login](const std::string&) -> std::optional<std::string> {
                const auto user = in_transaction(pool_, [&](pqxx::work& tx) { return find_user(tx, login); });
                if (user && user->active) return std::nullopt;
                return login + " is not active (heddle user edit " + login + " --active)";
            }};
}

std::shared_ptr<BuildService> ConfiguredObs::for_user(const std::string& login) {
    const auto stored = stored_login(login);
    const bool own = stored && stored->executor;
    const auto asked = std::make_shared<AskedObs>(transport_,
                                                  stored ? obs_access(config_, *stored) : configured_,
                                                  config_.dialect,
                                                  own ? with_own_login(login) : granted(login));
    return {asked, &asked->service};
}

}  // namespace heddle
