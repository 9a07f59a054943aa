// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/build_service/embedded/builder_lease.hpp"
#include "app/build_service/embedded/process.hpp"
#include "app/build_service/embedded/source_fetcher.hpp"
#include "app/config/config.hpp"
#include "app/postgres/pool.hpp"

namespace heddle {

struct BuilderOptions {
    BuilderConfig config;
    std::filesystem::path data_dir;
    std::int32_t worker_id = 0;        // our seat in the table `workers`, held as long as we build
    std::optional<Identity> identity;  // as root: whom builds run as; absent: unused uids (config.first_uid)
};

/// The workers that build what the embedded build service has scheduled, each in a thread of its own. Give
/// the pool room for two connections per worker and one.
class Builder {
public:
    Builder(BuilderOptions options, Pool& pool, SourceFetcher& fetcher);
    ~Builder();

    /// Removes what a killed builder left on the disk and begins to build. Once.
    void start();
    /// Ends running builds, gives them back uncounted, and waits: a few seconds. Safe to call twice, or
    /// without start().
    void stop();

private:
    void listen(std::stop_token stop);
    void work(std::stop_token stop);

    BuilderOptions options_;
    Pool& pool_;
    SourceFetcher& fetcher_;
    BuilderWake wake_;
    std::vector<std::jthread> threads_;
};

/// Why builds can't run here (no sandbox, no user for them, a closed folder); nullopt: they can. With
/// `builder.sandbox: none` a missing sandbox is no reason.
std::optional<std::string> why_no_builds(const BuilderOptions& options);

}  // namespace heddle
