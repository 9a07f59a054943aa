// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/git_fetcher.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/child.hpp"
#include "tests/support/git_repository.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::test;
namespace fs = std::filesystem;

namespace {

struct Fetched {
    TemporaryFolder folder;
    Mirrors mirrors{folder.path() / "mirrors"};
    GitRepository repository;
    fs::path target = folder.path() / "source";

    std::optional<FetchedTree> fetch(const std::string& commit, const std::string& subdir) {
        fs::remove_all(target);
        fs::create_directory(target);
        return GitFetcher(mirrors).fetch(repository.path(), commit, subdir, target, 1'000'000);
    }
};

}  // namespace

TEST_CASE("the files of a commit, or of a folder in it, come onto the disk") {
    Fetched git;
    const std::string commit =
        git.repository.commit("first", {{"Makefile", "all:\n"}, {"sub/deep/x", "in sub"}});
    REQUIRE(git.fetch(commit, ""));
    CHECK(fs::exists(git.target / "Makefile"));
    CHECK_FALSE(fs::exists(git.target / ".git"));
    REQUIRE(git.fetch(commit, "sub/deep"));
    CHECK(fs::exists(git.target / "x"));
    CHECK_FALSE(fs::exists(git.target / "Makefile"));
    CHECK(std::distance(fs::directory_iterator(git.folder.path()), {}) == 2);  // nothing is left beside them
}

TEST_CASE("a commit or a folder that is not there is no error of the repository") {
    Fetched git;
    const std::string commit = git.repository.commit("first", {{"sub/x", "x"}});
    CHECK_FALSE(git.fetch(std::string(40, 'a'), ""));
    CHECK_FALSE(git.fetch(commit, "elsewhere"));
    CHECK_FALSE(git.fetch(commit, "sub/x"));
    CHECK_FALSE(git.fetch(commit, "sub/../sub"));
    fs::create_symlink("/", git.repository.path() / "link");
    CHECK_FALSE(git.fetch(git.repository.commit("a link"), "link/usr"));
}

TEST_CASE("a commit that is too large is refused") {
    Fetched git;
    const std::string commit = git.repository.commit("big", {{"x", std::string(2'000'000, 'x')}});
    CHECK_THROWS_AS(git.fetch(commit, ""), RemoteError);
}

namespace {

constexpr uid_t kAda = 54'321;

std::string outcome(Fetched& git, const std::string& commit) {
    try {
        return git.fetch(commit, "") ? "fetched" : "gone";
    } catch (const RemoteError& error) {
        return error.kind == RemoteError::Kind::Retry ? "try again" : std::string("refused: ") + error.what();
    } catch (const std::system_error& error) {
        return "this machine: " + error.code().message();
    }
}

}  // namespace

TEST_CASE("trouble of our own disk is told as this machine's, never as the repository's") {
    Fetched git;
    const std::string commit = git.repository.commit("first", {{"x", std::string(200'000, 'x')}});
    SUBCASE("a file where the mirrors should be") {
        std::ofstream(git.folder.path() / "mirrors") << "x";
        CHECK(outcome(git, commit) == "this machine: Not a directory");
    }
    SUBCASE("mirrors that we may not enter") {
        const fs::path mirrors = git.folder.path() / "mirrors";
        fs::create_directory(mirrors);
        fs::permissions(mirrors, fs::perms::none);
        fs::permissions(git.folder.path(), fs::perms::all);
        const std::string told = in_child([&] {
            if (::geteuid() == 0) give_to(git.repository.path(), kAda);
            become_user(kAda);
            return outcome(git, commit);
        });
        fs::permissions(mirrors, fs::perms::owner_all);
        CHECK(told == "this machine: Permission denied");
    }
    SUBCASE("no room for the files") {
        REQUIRE(outcome(git, commit) == "fetched");  // so the mirror has the commit
        const fs::path disk = git.folder.path() / "disk";
        fs::create_directory(disk);
        const std::string told = in_child([&] {
            if (!mount_small_disk(disk, 64 << 10)) return std::string("no mount");
            git.target = disk / "source";
            return outcome(git, commit);
        });
        if (told == "no mount") return note("a small disk can't be mounted here");
        CHECK(told == "this machine: No space left on device");
    }
}

TEST_CASE("names that no disk can hold are the commit's fault") {
    Fetched git;
    const std::string name(300, 'x');
    const std::string commit = git.repository.commit("first", {{"x", "x"}});
    CHECK_FALSE(git.fetch(commit, name));
    git.repository.git(
        {"update-index", "--add", "--cacheinfo", "100644," + git.repository.id_of("HEAD:x") + "," + name});
    const std::string tree = git.repository.git({"write-tree"});
    const std::string told = outcome(git, git.repository.git({"commit-tree", tree, "-m", "a long name"}));
    CHECK_MESSAGE(told.starts_with("refused: "), told);
    CHECK_MESSAGE(told.ends_with(": File name too long"), told);
}
