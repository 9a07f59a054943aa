// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/build_service/embedded/build_store.hpp"
#include "app/build_service/embedded/embedded_build_service.hpp"
#include "tests/support/postgres_fixture.hpp"

namespace heddle::testing {

/// Git repositories that consist of names for commits.
class FakeRefs final : public RefResolver {
public:
    std::string resolve(const std::string& repository, const std::string& ref) override;
    void set(const std::string& repository, const std::string& ref, const std::string& commit);
    std::vector<std::string> asked() const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::string> commits_;  // "repository ref" -> commit
    std::vector<std::string> asked_;
};

/// A commit that is easy to tell from others: 40 times the same digit.
std::string commit_of(char digit);

/// A worker as other processes see it: its row, and its session lock on a connection of its own.
class TestWorker {
public:
    explicit TestWorker(const std::string& url);
    std::int32_t id() const { return id_; }
    /// The process is dead: its connection is gone.
    void die();

private:
    std::unique_ptr<pqxx::connection> connection_;
    std::int32_t id_ = 0;
};

/// The embedded build service of ann on a fresh database, on a machine that is x86_64.
struct ServiceWorld {
    TestDatabase db;
    Pool pool{db.url(), 8};
    FakeRefs refs;
    EmbeddedBuildService service{pool, refs, "ann", "x86_64"};

    EmbeddedBuildService service_of(const std::string& login);

    /// demo with repository "standard" for x86_64 without paths.
    void add_project(const std::string& name = "demo");
    /// A package that tracks "main" of https://forge.test/NAME, which is at commit 1111...
    void add_git_package(const PackageRef& ref);
    void add_file_package(const PackageRef& ref);

    /// All builds of a package, oldest first: "r1 standard/x86_64 scheduled".
    std::vector<std::string> builds(const PackageRef& ref);
    /// All stored build events, oldest first: "build_withdrawn demo/hello r1 standard/x86_64: reason".
    std::vector<std::string> events();
    void forget_events();
    /// What the port says about each place: "standard/x86_64 scheduled r1: details".
    std::vector<std::string> results(const PackageRef& ref);
    /// Fresh branches wait a moment: not any longer.
    void make_everything_due();

    std::optional<ClaimedBuild> claim(const TestWorker& worker);
    bool finish(const ClaimedBuild& build, BuildState state, const std::string& details = "");
    int count(const std::string& sql);
};

RepositoryConfig a_repository(const std::string& name,
                              const std::vector<RepositoryPath>& paths = {},
                              const std::vector<std::string>& architectures = {"x86_64"});

using Lines = std::vector<std::string>;

}  // namespace heddle::testing
