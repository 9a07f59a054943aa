// SPDX-License-Identifier: Apache-2.0
// The contract of the port, over the fake that other tests use and over the real thing.
#include <functional>

#include "tests/contract/build_service/build_service_contract.hpp"
#include "tests/fakes/fake_build_service.hpp"
#include "tests/postgres/app/build_service/service_world.hpp"

namespace {

using namespace heddle;

class FakeWorld {
public:
    static constexpr const char* kName = "the fake";
    static constexpr bool kKeepsGit = true;
    static constexpr bool kHasFlavours = false;
    static constexpr bool kKeepsRequests = true;
    BuildService& service() { return fake_; }
    bool becomes(const std::function<bool()>& condition) { return condition(); }
    void add_git_package(const PackageRef& ref, const std::string& url) { fake_.add_git_package(ref, url); }
    void add_file_package(const PackageRef& ref) {
        fake_.add_package(ref);
        fake_.set_results(ref, {{"standard", "x86_64", BuildState::Scheduled, {}, ""}});
    }

private:
    test::FakeBuildService fake_;
};

class EmbeddedWorld {
public:
    static constexpr const char* kName = "the embedded one";
    static constexpr bool kKeepsGit = true;
    static constexpr bool kHasFlavours = false;
    static constexpr bool kKeepsRequests = true;
    BuildService& service() { return world_.service; }
    bool becomes(const std::function<bool()>& condition) { return condition(); }
    void add_git_package(const PackageRef& ref, const std::string& url) {
        world_.refs.set(url.substr(0, url.find('#')), "main", testing::commit_of('1'));
        world_.add_project(ref.project);
        world_.service.create_git_package(ref, url);
    }
    void add_file_package(const PackageRef& ref) {
        world_.add_project(ref.project);
        world_.add_file_package(ref);
    }

private:
    testing::ServiceWorld world_;
};

}  // namespace

HEDDLE_BUILD_SERVICE_CONTRACT(FakeWorld, EmbeddedWorld);
