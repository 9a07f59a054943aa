// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/build_service/obs/obs_build_service.hpp"
#include "app/build_service/obs/obs_client.hpp"
#include "app/config/config.hpp"
#include "app/net/http_client.hpp"
#include "app/postgres/build_service_credential_store.hpp"
#include "app/postgres/pool.hpp"
#include "workflows/ports/build_service.hpp"

namespace heddle {

class SecretBox;

/// How to reach the Open Build Service of a configuration, with its account where it names one. Throws
/// WrongUse when the password can't be read, or others can read it.
ObsAccess obs_access(const Config& config);
/// The same with a stored login. One that was given for another origin goes nowhere.
ObsAccess obs_access(const BuildServiceConfig& config, const BuildServiceCredential& stored);
/// Answers may be as large as the results of a large project.
HttpClientOptions obs_client_options();

/// The Open Build Service of a configuration (build_service.kind obs), and who asks it. Thread-safe.
class ConfiguredObs {
public:
    /// `pool` and `box` must outlive it. Throws WrongUse as obs_access() does.
    ConfiguredObs(const Config& config, Pool& pool, const SecretBox& box);

    /// In the name of that user: with his own login, where he gave one, and then the Open Build Service tells
    /// what he may; otherwise with the account of all, and he changes what was granted to him. What is true
    /// now stays true for the object, which this one must outlive.
    std::shared_ptr<BuildService> for_user(const std::string& login);

private:
    std::optional<BuildServiceCredential> stored_login(const std::string& login);
    ObsActor granted(const std::string& login);
    ObsActor with_own_login(const std::string& login);

    const BuildServiceConfig config_;
    Pool& pool_;
    const SecretBox& box_;
    HttpClient transport_;
    const ObsAccess configured_;
};

}  // namespace heddle
