// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/build_service/embedded/build_store.hpp"
#include "app/build_service/embedded/builder.hpp"
#include "app/build_service/embedded/embedded_build_service.hpp"
#include "app/postgres/pool.hpp"
#include "app/postgres/worker_store.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace heddle::test {

/// Commits that a test made up.
class FakeFetcher : public SourceFetcher {
public:
    std::optional<FetchedTree> fetch(const WantedTree& wanted,
                                     const std::filesystem::path& directory,
                                     std::uint64_t max_bytes) override;

    std::function<void(const std::filesystem::path&)> write;  // the commit's files; unset: no such commit
    std::string found_in;                                     // the other place that had it
};

class FakeRefs : public RefResolver {
public:
    std::string resolve(const std::string&, const std::string&) override { return std::string(40, 'a'); }
};

/// How a build ended, as the database says.
struct EndedBuild {
    std::string state;
    std::string details;
    int tries = 0;
    std::string log;
    std::string event;  // type of the build event that was stored with the end
};

/// A database with an embedded build service, a project whose repository is built here, and builders.
class BuildWorld {
public:
    BuildWorld();

    /// Small limits; change them before builder().
    BuilderConfig config;
    FakeFetcher fetcher;

    BuilderOptions options();
    /// A builder, started. Several are several processes, as far as the database can tell.
    Builder& start_builder();
    void stop_builders();

    /// Makes a package of these files and so a build. Returns its id.
    std::int64_t build_files(const std::vector<SourceFile>& files, const std::string& package = "greeting");
    /// A package whose .obs/build is that shell script.
    std::int64_t build_script(const std::string& script, const std::string& package = "greeting");
    /// tests/fixtures/recipes/NAME.
    std::int64_t build_fixture(const std::string& name);
    /// A package that is kept in git.
    std::int64_t build_commit(const std::string& url, const std::string& package = "greeting");

    /// Waits until the build has ended.
    EndedBuild ended(std::int64_t id);
    EndedBuild look(std::int64_t id);
    /// Waits until `holds` says so of the build, a minute at most.
    EndedBuild wait_until(std::int64_t id, const std::function<bool(const EndedBuild&)>& holds);

    Pool& pool() { return *pool_; }
    const std::string& url() const { return url_; }
    const std::filesystem::path& folder() const { return folder_.path(); }
    std::filesystem::path builds() const { return folder_.path() / "data/builds"; }
    EmbeddedBuildService& service() { return *service_; }

private:
    std::int64_t newest_build(const std::string& package);

    TemporaryFolder folder_;
    testing::TestDatabase database_;
    std::string url_;
    std::unique_ptr<Pool> pool_;
    FakeRefs refs_;
    std::unique_ptr<EmbeddedBuildService> service_;
    std::vector<WorkerSeat> seats_;
    std::vector<std::unique_ptr<Builder>> builders_;  // go first
};

std::vector<SourceFile> fixture_files(const std::string& name);

}  // namespace heddle::test
