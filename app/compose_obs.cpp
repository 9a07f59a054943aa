// SPDX-License-Identifier: Apache-2.0
#include "app/compose_obs.hpp"

#include "app/build_service/obs/obs_build_service.hpp"
#include "app/cli/secret_file.hpp"
#include "app/postgres/project_grant_store.hpp"

namespace heddle {
namespace {

constexpr std::size_t kMostBytes = 16 << 20;  // results of a large project

}  // namespace

HttpClientOptions obs_client_options() {
    HttpClientOptions options;
    options.most_bytes = kMostBytes;
    return options;
}

ObsAccess obs_access(const BuildServiceConfig& config) {
    ObsAccess access{config.api_url, config.user, "", config.private_network};
    if (!config.password_file.empty())
        access.password = read_secret("build_service.password_file", config.password_file);
    return access;
}

ConfiguredObs::ConfiguredObs(const BuildServiceConfig& config, Pool& pool)
    : config_(config),
      pool_(pool),
      transport_(obs_client_options()),
      client_(transport_, obs_access(config)) {}

std::shared_ptr<BuildService> ConfiguredObs::for_user(const std::string& login) {
    const auto may_write = [this, login](const std::string& project) {
        return in_transaction(pool_, [&](pqxx::work& tx) { return has_project_grant(tx, login, project); });
    };
    return std::make_shared<ObsBuildService>(
        client_, config_.dialect, config_.user, ObsActor{login, may_write});
}

}  // namespace heddle
