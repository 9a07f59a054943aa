// SPDX-License-Identifier: Apache-2.0
#include "tests/flow/builder/build_world.hpp"

#include <doctest/doctest.h>
#include <poll.h>

#include <fstream>
#include <iterator>

#include "app/build_service/embedded/log_store.hpp"
#include "app/build_service/embedded/schedule.hpp"
#include "tests/support/source_root.hpp"

namespace heddle::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

std::string whole_log(pqxx::transaction_base& tx, std::int64_t id) {
    std::string log;
    for (LogPart part = read_log(tx, id, 0); !part.text.empty(); part = read_log(tx, id, part.next_seq))
        log += part.text;
    return log;
}

}  // namespace

std::optional<FetchedTree> FakeFetcher::fetch(const WantedTree&, const fs::path& directory, std::uint64_t) {
    if (!write) return std::nullopt;
    write(directory);
    return FetchedTree{{}, found_in};
}

BuildWorld::BuildWorld()
    : url_(database_.url()),
      pool_(std::make_unique<Pool>(url_, 12)),
      service_(std::make_unique<EmbeddedBuildService>(*pool_, refs_, "tester")) {
    config.timeout = std::chrono::seconds(60);
    config.memory = std::uint64_t{512} << 20;
    config.disk = std::uint64_t{128} << 20;
    config.processes = 128;
    service_->create_project({"demo", "", "", ""});
    service_->configure_repositories("demo", {{"here", {}, {host_architecture()}, "", ""}});
}

BuilderOptions BuildWorld::options() {
    seats_.push_back(take_seat(url_));
    return {config, folder_.path() / "data", seats_.back().id, std::nullopt};
}

Builder& BuildWorld::start_builder() {
    builders_.push_back(std::make_unique<Builder>(options(), *pool_, fetcher));
    builders_.back()->start();
    return *builders_.back();
}

void BuildWorld::stop_builders() { builders_.clear(); }

std::int64_t BuildWorld::newest_build(const std::string& package) {
    return in_transaction(*pool_, [&](auto& tx) {
        return tx
            .exec_params1(
                "SELECT max(b.id) FROM bs_builds b JOIN bs_packages k ON k.id = b.package_id WHERE k.name = "
                "$1",
                package)[0]
            .template as<std::int64_t>();
    });
}

std::int64_t BuildWorld::build_files(const std::vector<SourceFile>& files, const std::string& package) {
    service_->create_file_package({"demo", package}, files);
    return newest_build(package);
}

std::int64_t BuildWorld::build_script(const std::string& script, const std::string& package) {
    return build_files({{".obs/build", "#!/bin/sh\n" + script + "\n", true}}, package);
}

std::int64_t BuildWorld::build_fixture(const std::string& name) { return build_files(fixture_files(name)); }

std::int64_t BuildWorld::build_commit(const std::string& url, const std::string& package) {
    service_->create_git_package({"demo", package}, url);
    return newest_build(package);
}

EndedBuild BuildWorld::look(std::int64_t id) {
    return in_transaction(*pool_, [&](auto& tx) {
        const auto row = tx.exec_params1("SELECT state, details, tries FROM bs_builds WHERE id = $1", id);
        EndedBuild build{row[0].c_str(), row[1].c_str(), row[2].template as<int>(), whole_log(tx, id), {}};
        const auto events = tx.exec("SELECT type FROM build_events ORDER BY id DESC LIMIT 1");
        if (!events.empty()) build.event = events[0][0].c_str();
        return build;
    });
}

EndedBuild BuildWorld::wait_until(std::int64_t id, const std::function<bool(const EndedBuild&)>& holds) {
    const auto deadline = steady_clock::now() + std::chrono::minutes(1);
    for (;;) {
        EndedBuild build = look(id);
        if (holds(build)) return build;
        INFO("build ", id, " is ", build.state, ": ", build.details, "\n", build.log);
        REQUIRE(steady_clock::now() < deadline);
        ::poll(nullptr, 0, 20);
    }
}

EndedBuild BuildWorld::ended(std::int64_t id) {
    return wait_until(
        id, [](const EndedBuild& build) { return build.state != "scheduled" && build.state != "building"; });
}

std::vector<SourceFile> fixture_files(const std::string& name) {
    const fs::path folder = source_root() / "tests/fixtures/recipes" / name;
    std::vector<SourceFile> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        files.push_back({fs::relative(entry.path(), folder),
                         std::string(std::istreambuf_iterator<char>(in), {}),
                         (entry.status().permissions() & fs::perms::owner_exec) != fs::perms::none});
    }
    REQUIRE_FALSE(files.empty());
    return files;
}

}  // namespace heddle::test
