// SPDX-License-Identifier: Apache-2.0
// The matrix of nine events, all steps and three forges as a forge sees it: which file is fetched from where,
// which statuses are posted where, and that nothing else is asked.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <set>

#include "app/build_service/embedded/embedded_build_service.hpp"
#include "app/build_service/embedded/schedule.hpp"
#include "tests/flow/serve/watched_world.hpp"
#include "tests/flow/serve/wire_cell.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

std::string in_line(const Words& words) {
    std::string line;
    for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
    return line;
}

/// A branch that points where it is told to.
struct Branch : RefResolver {
    std::string commit;
    std::string resolve(const std::string&, const std::string&) override { return commit; }
};

/// One server and three forges.
class WireWorld : WatchedWorld {
public:
    WireWorld() {
        environment["HEDDLE_BUILDER_WORKERS"] = "2";
        make_commits();
        start();
        for (const auto& [kind, forge] : forges) tokens_.emplace(kind, make_token(kind));
    }

    const Commits& commits() const { return commits_; }
    using WatchedWorld::forge;

    /// The base projects, each with hello built once.
    void make_packages(const std::vector<Cell>& cells) {
        Branch refs;
        refs.commit = commits_.first;
        EmbeddedBuildService service(pool, refs, "admin");
        for (const Cell& cell : cells) {
            service.create_project({cell.base(), "", "", ""});
            service.create_project({cell.base() + ".linked", "", "", ""});
            service.configure_repositories(cell.base(), {{"local", {}, {host_architecture()}, "", ""}});
            service.create_git_package({cell.base(), "hello"}, repository.path().string() + "#main");
        }
    }

    void send(const Cell& cell, const std::string& what, const std::string& commit, const std::string& file) {
        ForgeStandIn& stand_in = forge(cell.forge);
        stand_in.set_file_of(cell.target(), cell.ref(commits_), file);
        const HttpReply reply = deliver(cell.forge,
                                        tokens_.at(cell.forge),
                                        cell.happening(what, commit),
                                        cell.name() + "." + what + "." + commit);
        REQUIRE_MESSAGE(reply.status == 200, cell.name() << ": " << reply.body);
        REQUIRE_MESSAGE(reply.body.find("<data name=\"run\">") != std::string::npos,
                        cell.name() << ": " << reply.body);
    }

    /// Somebody pushes to the branch that the packages follow.
    void move_branch() {
        repository.write(".obs/build", "#!/bin/sh\nexit 0 # moved\n", true);
        repository.commit("Mend the build");
    }

    void settle() {
        WatchedWorld::settle();
        CHECK(ask("SELECT count(*) FROM commit_statuses WHERE sent_version < version") == "0");
        CHECK(ask("SELECT count(*) FROM workflow_runs WHERE status <> 'success'") == "0");
    }

private:
    void make_commits() {
        const auto commit = [&](const std::string& ends) {
            repository.write(".obs/build", "#!/bin/sh\nexit " + ends + "\n", true);
            return repository.commit("End with " + ends);
        };
        commits_.first = commit("1");
        repository.branch("feature");
        commits_.past = commit("0 # past");
        commits_.now = commit("0 # now");
        repository.check_out("main");
    }

    Commits commits_;
    std::map<ForgeKind, MadeToken> tokens_;
};

/// Everything that one forge was asked for after a moment, beside what it should have been asked for.
class Wire {
public:
    Wire(WireWorld& world, ForgeKind kind) : world_(world), kind_(kind) {
        files_before_ = stand_in().asked_files().size();
        posts_before_ = stand_in().posted().size();
    }

    void check(const std::vector<Cell>& cells) const {
        const std::string forge = to_string(kind_);
        CAPTURE(forge);
        std::multiset<Place> files;
        std::map<Place, Words> lives;
        for (const Cell& cell : cells)
            if (cell.forge == kind_) {
                files.insert({cell.target(), ".obs/workflows.yml", cell.ref(world_.commits())});
                lives.merge(expected_statuses(cell, world_.commits()));
            }
        CHECK(asked_files() == files);
        CHECK(stand_in().asked_otherwise() == Words{});
        std::map<Place, Words> said = statuses();
        for (const auto& [place, life] : lives)
            CHECK_MESSAGE(is_life(said[place], life),
                          in_line(place) << ": " << in_line(said[place]) << ", not " << in_line(life));
        int pending = 0;
        for (const auto& [place, states] : said) {
            pending += static_cast<int>(std::count(states.begin(), states.end(), "pending"));
            CHECK_MESSAGE(lives.contains(place), in_line(place) << ": " << in_line(states));
        }
        CHECK(pending > 0);  // that the next state overtakes each of them is too much of a chance
    }

private:
    ForgeStandIn& stand_in() const { return world_.forge(kind_); }

    std::multiset<Place> asked_files() const {
        const auto all = stand_in().asked_files();
        std::multiset<Place> files;
        for (auto file = all.begin() + static_cast<std::ptrdiff_t>(files_before_); file != all.end(); ++file)
            files.insert({file->repository, file->path, file->ref});
        return files;
    }

    std::map<Place, Words> statuses() const {
        const auto all = stand_in().posted();
        std::map<Place, Words> said;
        for (auto post = all.begin() + static_cast<std::ptrdiff_t>(posts_before_); post != all.end(); ++post)
            said[{post->repository, post->commit, post->context}].push_back(post->state);
        return said;
    }

    WireWorld& world_;
    ForgeKind kind_;
    std::size_t files_before_;
    std::size_t posts_before_;
};

}  // namespace

TEST_CASE("every step tells every forge of every kind of event what the matrix says, and nothing else") {
    const auto begun = std::chrono::steady_clock::now();
    const std::vector<Cell> cells = all_cells();
    CHECK(cells.size() == 189);
    WireWorld world;
    world.make_packages(cells);
    for (const std::size_t nth : {0, 1}) {
        for (const Cell& cell : cells)
            if (cell.past().size() > nth)
                world.send(cell, cell.past()[nth], world.commits().past, cell.past_file());
        world.settle();
    }
    world.move_branch();

    std::vector<Wire> wires;
    for (const ForgeKind kind : {ForgeKind::Github, ForgeKind::Gitlab, ForgeKind::Gitea})
        wires.emplace_back(world, kind);
    for (const Cell& cell : cells) world.send(cell, cell.event, world.commits().now, cell.file());
    world.settle();
    for (const Wire& wire : wires) wire.check(cells);
    std::cout
        << "NOTE: " << cells.size() << " cells on the wire in "
        << std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begun).count()
        << " s" << std::endl;
}
