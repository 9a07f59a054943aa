// SPDX-License-Identifier: Apache-2.0
// Repositories that belong to somebody: who may use them, and whose the files are afterwards.
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <vector>

#include "app/forges/git/acting_as.hpp"
#include "app/forges/git/local_repository.hpp"
#include "app/forges/git/notes.hpp"
#include "tests/contract/app/forges/git/mirror_world.hpp"
#include "tests/support/child.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

constexpr uid_t kAda = 54'321;
constexpr uid_t kBob = 54'322;

bool is_root(const char* what) {
    if (geteuid() == 0) return true;
    note(std::string(what) + ": not tested, needs root");
    return false;
}

std::vector<std::string> not_of(uid_t uid, const fs::path& folder) {
    std::vector<std::string> others;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        struct stat found {};
        if (lstat(entry.path().c_str(), &found) == 0 && (found.st_uid != uid || found.st_gid != uid))
            others.push_back(entry.path());
    }
    return others;
}

void put_note(const fs::path& repository, const std::string& commit) {
    GitNotes().update(repository, commit, [](const std::string& present) { return present + "line\n"; });
}

/// What `act` is refused with, as "retry: ..." or "gives up: ...".
std::string outcome(const std::function<void()>& act) {
    try {
        act();
    } catch (const RemoteError& error) {
        return std::string(error.kind == RemoteError::Kind::Retry ? "retry: " : "gives up: ") + error.what();
    } catch (const WrongUse& error) {
        return std::string("wrong use: ") + error.what();
    }
    return "done";
}

}  // namespace

TEST_CASE("what root writes into a user's repository belongs to that user") {
    if (!is_root("root in a user's repository")) return;
    MirrorWorld w;
    const std::string commit = w.repository.commit("file", {{"a", "text"}});
    w.repository.git({"config", "core.logAllRefUpdates", "always"});
    give_to(w.repository.path(), kAda);
    const LocalRepository found = open_local_repository(w.repository.path());
    CHECK(found.owner == kAda);
    CHECK(found.group == kAda);
    put_note(w.repository.path(), commit);
    put_note(w.repository.path(), commit);
    w.check_out(commit);
    CHECK(text_of(w.target / "a") == "text");
    CHECK(not_of(kAda, w.repository.path()).empty());
    CHECK(fs::exists(w.repository.path() / ".git/logs/refs/notes/heddle"));
    CHECK(not_of(0, w.folder.path() / "mirrors").empty());
    CHECK(not_of(0, w.target).empty());
    CHECK(in_child([&] {
              become_user(kAda);
              w.repository.git({"notes", "--ref=heddle", "append", "-m", "mine"});
              return std::string("appended");
          }) == "appended");
}

TEST_CASE("root reads no more of a user's repository than that user may") {
    if (!is_root("the permissions of a repository's owner")) return;
    MirrorWorld w;
    GitRepository secret("secret");
    const std::string hidden = secret.commit("hidden", {{"password", "1234"}});
    fs::permissions(secret.path(), fs::perms(0700));
    w.repository.commit("mine");
    fs::create_directories(w.repository.path() / ".git/objects/info");
    std::ofstream(w.repository.path() / ".git/objects/info/alternates")
        << (secret.path() / ".git/objects").string() << "\n";
    std::ofstream(w.repository.path() / ".git/refs/heads/stolen") << hidden << "\n";
    give_to(w.repository.path(), kAda);
    CHECK(contains(outcome([&] { w.check_out(hidden); }), "commit is no longer in the repository"));
    CHECK(contains(outcome([&] { w.mirrors.read_file(w.url(), hidden, "password", 10); }),
                   "commit is no longer in the repository"));
    CHECK_FALSE(fs::exists(w.target));
}

TEST_CASE("a .git file that leads into another user's repository is refused") {
    if (!is_root("a .git file that leads elsewhere")) return;
    MirrorWorld w;
    const std::string commit = w.repository.commit("bob's", {{"a", "text"}});
    give_to(w.repository.path(), kBob);
    const fs::path trap = w.folder.path() / "trap";
    fs::create_directories(trap);
    std::ofstream(trap / ".git") << "gitdir: " << (w.repository.path() / ".git").string() << "\n";
    give_to(trap, kAda);
    CHECK(contains(outcome([&] { w.mirrors.check_out(trap, commit, w.target); }),
                   "does not belong to user " + std::to_string(kAda)));
    CHECK(contains(outcome([&] { open_local_repository(trap); }), "does not belong to user"));
}

TEST_CASE("a repository of another user is refused to everybody but root") {
    if (!is_root("a repository of another user")) return;
    GitRepository repository;
    const std::string commit = repository.commit("file", {{"a", "text"}});
    give_to(repository.path(), kAda);
    const std::string sentence =
        "it belongs to user " + std::to_string(kAda) + ", and we run as user " + std::to_string(kBob);
    const auto as_bob = [&](const std::function<void()>& act) {
        return in_child([&] {
            become_user(kBob);
            return outcome(act);
        });
    };
    CHECK(as_bob([&] { open_local_repository(repository.path()); }) ==
          "wrong use: " + repository.path().string() + ": " + sentence);
    CHECK(contains(as_bob([&] { put_note(repository.path(), commit); }), sentence));
    CHECK(contains(as_bob([&] { Mirrors("/nonexistent/mirrors").resolve(repository.path(), "main"); }),
                   sentence));
    CHECK(in_child([&] {
              become_user(kAda);
              return outcome([&] { put_note(repository.path(), commit); });
          }) == "done");
}

TEST_CASE("without permission to write there is one sentence and no trace") {
    GitRepository repository;
    const std::string commit = repository.commit("file", {{"a", "text"}});
    if (geteuid() == 0) give_to(repository.path(), kAda);
    const auto as_owner = [&](const std::function<void()>& act) {
        return in_child([&] {
            become_user(kAda);
            return outcome(act);
        });
    };
    const fs::path git = repository.path() / ".git";
    fs::permissions(git / "objects", fs::perms(0555));
    CHECK(contains(as_owner([&] { put_note(repository.path(), commit); }), "no permission"));
    fs::permissions(git / "objects", fs::perms(0755));
    fs::permissions(git / "refs", fs::perms(0555));
    const std::string refused = as_owner([&] { put_note(repository.path(), commit); });
    CHECK(refused.starts_with("gives up: "));
    CHECK(contains(refused, "no permission"));
    CHECK_FALSE(fs::exists(git / "refs/notes"));
    fs::permissions(git / "refs", fs::perms(0755));
    CHECK(as_owner([&] { put_note(repository.path(), commit); }) == "done");

    fs::permissions(git, fs::perms(0));
    CHECK(contains(as_owner([&] { open_local_repository(repository.path()); }),
                   "has no permission to read it"));
    fs::permissions(git, fs::perms(0755));
}

TEST_CASE("notes on a read-only or full disk end in one sentence") {
    const TemporaryFolder folder;
    const fs::path disk = folder.path() / "disk";
    fs::create_directories(disk);
    const std::string told = in_child([&]() -> std::string {
        if (!mount_small_disk(disk, 1 << 20)) return "no mount";
        run_git(folder.path(), {"init", "-q", "--template=", disk});
        run_git(disk, {"commit", "-q", "--allow-empty", "-m", "first"});
        const std::string commit = run_git(disk, {"rev-parse", "HEAD"});
        put_note(disk, commit);
        std::ofstream(disk / "filler") << std::string(2 << 20, 'x');
        std::string all = outcome([&] { put_note(disk, commit); }) + "\n";
        fs::remove(disk / "filler");
        all += outcome([&] { put_note(disk, commit); }) + "\n";
        if (!make_disk_read_only(disk)) return "no mount";
        all += outcome([&] { put_note(disk, commit); }) + "\n";
        return all + GitNotes().read(disk, commit).value_or("");
    });
    if (told == "no mount") return note("notes on a full disk were not tested: no mount namespaces here");
    std::istringstream lines(told);
    std::string full;
    std::string again;
    std::string read_only;
    std::getline(lines, full);
    std::getline(lines, again);
    std::getline(lines, read_only);
    CHECK_MESSAGE(full.starts_with("retry: "), full);
    CHECK_MESSAGE(contains(full, "there is no space left on the disk"), full);
    CHECK(again == "done");
    CHECK_MESSAGE(read_only.starts_with("gives up: "), read_only);
    CHECK_MESSAGE(contains(read_only, "the file system is read-only"), read_only);
    CHECK(contains(told, "\nline\nline\n"));
}

TEST_CASE("acting as a user ends with its scope") {
    if (!is_root("acting as another user")) return;
    const TemporaryFolder folder;
    const auto owner_of_new_file = [&](const std::string& name) {
        std::ofstream(folder.path() / name) << "";
        struct stat found {};
        REQUIRE(stat((folder.path() / name).c_str(), &found) == 0);
        return found.st_uid;
    };
    fs::permissions(folder.path(), fs::perms(0777));
    {
        const ActingAs ada({kAda, kAda, {}, "ada"}, "test");
        CHECK(owner_of_new_file("ada") == kAda);
        {
            const ActingAs us(ourselves(), "test");
            CHECK(owner_of_new_file("us") == 0);
        }
        CHECK(owner_of_new_file("ada again") == kAda);
    }
    CHECK(owner_of_new_file("after") == 0);
}
