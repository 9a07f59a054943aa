// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/git_fetcher.hpp"

#include <doctest/doctest.h>

#include <fstream>

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
