// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "app/build_service/obs/obs_client.hpp"
#include "app/config/config.hpp"
#include "app/net/http_client.hpp"
#include "app/postgres/pool.hpp"
#include "workflows/ports/build_service.hpp"

namespace heddle {

/// How to reach the Open Build Service of a configuration. Throws WrongUse when the password can't be read.
ObsAccess obs_access(const BuildServiceConfig& config);
/// Answers may be as large as the results of a large project.
HttpClientOptions obs_client_options();

/// The Open Build Service of a configuration (build_service.kind obs) with Heddle's account there.
/// Thread-safe.
class ConfiguredObs {
public:
    /// `pool` must outlive it. Throws WrongUse when the password can't be read.
    ConfiguredObs(const BuildServiceConfig& config, Pool& pool);

    /// In the name of that user, who changes what was granted to him. This object must outlive it.
    std::shared_ptr<BuildService> for_user(const std::string& login);

private:
    const BuildServiceConfig config_;
    Pool& pool_;
    HttpClient transport_;
    ObsClient client_;
};

}  // namespace heddle
