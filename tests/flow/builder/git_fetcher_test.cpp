// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/git_fetcher.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

#include "app/net/http_client.hpp"
#include "tests/support/child.hpp"
#include "tests/support/git_repository.hpp"
#include "tests/support/stand_in_server.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::test;
namespace fs = std::filesystem;

namespace {

constexpr uid_t kAda = 54'321;

struct Fetched {
    TemporaryFolder folder;
    Mirrors mirrors{folder.path() / "mirrors"};
    GitRepository repository;
    fs::path target = folder.path() / "source";

    std::optional<FetchedTree> fetch(const std::string& commit, const std::string& subdir) {
        fs::remove_all(target);
        fs::create_directory(target);
        return GitFetcher(mirrors, others)
            .fetch({repository.path(), commit, subdir, "heddle run 7"}, target, 1'000'000);
    }
    OtherPlaces others;
};

/// "fetched", "gone", or whose trouble it is.
std::string outcome(Fetched& git, const std::string& commit, const std::string& subdir = "") {
    try {
        return git.fetch(commit, subdir) ? "fetched" : "gone";
    } catch (const RemoteError& error) {
        return error.kind == RemoteError::Kind::Retry ? "try again" : std::string("refused: ") + error.what();
    } catch (const std::system_error& error) {
        return "this machine: " + error.code().message();
    }
}

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

TEST_CASE("a commit that is nowhere is told apart from a folder that a commit has not got") {
    Fetched git;
    const std::string first = git.repository.commit("first", {{"sub/x", "x"}});
    fs::create_symlink("/", git.repository.path() / "link");
    const std::string second = git.repository.commit("a link");
    CHECK(outcome(git, std::string(40, 'a')) == "gone");
    for (const auto& [commit, folder] : {std::pair(first, "elsewhere"),
                                         std::pair(first, "sub/x"),
                                         std::pair(first, "sub/../sub"),
                                         std::pair(second, "link/usr")})
        CHECK(outcome(git, commit, folder) ==
              "refused: look into commit " + commit + ": it has no folder \"" + folder + "\"");
}

TEST_CASE("a commit that the package's own source lacks is looked for elsewhere, in order") {
    Fetched git;
    GitRepository second("second");
    GitRepository third("third");
    const std::string own = git.repository.commit("own", {{"x", "own"}});
    const std::string in_both = second.commit("both", {{"x", "both"}});
    third.git({"fetch", second.path().string(), "main"});
    third.git({"reset", "--hard", "FETCH_HEAD"});
    const std::string in_third = third.commit("third", {{"x", "third"}});
    std::string asked;
    git.others = [&](const std::string& run) {
        asked = run;
        return std::vector<CommitPlace>{
            {"/nowhere/fork", {}, ""}, {second.path(), {}, "refs/x"}, {third.path(), {}, ""}};
    };
    CHECK(git.fetch(own, "").value().found_in.empty());
    CHECK(asked.empty());
    CHECK(git.fetch(in_both, "").value().found_in == second.path());
    CHECK(asked == "heddle run 7");
    CHECK(git.fetch(in_third, "").value().found_in == third.path());
    CHECK(fs::exists(git.target / "x"));
    CHECK(outcome(git, std::string(40, 'a')) == "gone");  // a fork that is deleted is no trouble

    fs::remove_all(git.repository.path());
    CHECK(outcome(git, in_third) == "fetched");
    CHECK(outcome(git, std::string(40, 'a')).starts_with("refused: look for aaaa"));
}

TEST_CASE("a place that does not answer may have the commit") {
    Fetched git;
    const std::string own = git.repository.commit("own", {{"x", "own"}});
    StandInServer server([](const StandInRequest&) { return StandInAnswer{503, "later"}; });
    HttpClient client;
    git.mirrors = Mirrors(git.folder.path() / "mirrors", GitOverNetwork{&client, {}, {}, {}});
    const ForgeAccess access{"here", "git", "", server.url(), true, ""};
    git.others = [&](const std::string&) {
        return std::vector<CommitPlace>{{server.url() + "/x", access, ""}};
    };
    CHECK(outcome(git, std::string(40, 'a')) == "try again");
    CHECK(outcome(git, own) == "fetched");
}

TEST_CASE("a commit that is too large is refused") {
    Fetched git;
    const std::string commit = git.repository.commit("big", {{"x", std::string(2'000'000, 'x')}});
    CHECK_THROWS_AS(git.fetch(commit, ""), RemoteError);
}

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
    CHECK(outcome(git, commit, name).starts_with("refused: look into commit "));
    git.repository.git(
        {"update-index", "--add", "--cacheinfo", "100644," + git.repository.id_of("HEAD:x") + "," + name});
    const std::string tree = git.repository.git({"write-tree"});
    const std::string told = outcome(git, git.repository.git({"commit-tree", tree, "-m", "a long name"}));
    CHECK_MESSAGE(told.starts_with("refused: "), told);
    CHECK_MESSAGE(told.ends_with(": File name too long"), told);
}
