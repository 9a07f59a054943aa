// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/notes.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <thread>
#include <vector>

#include "tests/contract/app/forges/git/mirror_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

struct NotesWorld {
    GitRepository repository;
    std::string commit = repository.commit("first", {{"a", "text"}});
    GitNotes notes;

    std::string url() const { return repository.path().string(); }
    void put(const std::string& text) {
        notes.update(url(), commit, [&](const std::string&) { return text; });
    }
    void append(const std::string& line) {
        notes.update(url(), commit, [&](const std::string& present) { return present + line + "\n"; });
    }
    std::string shown_by_git(const std::string& id) const {
        return repository.git({"notes", "--ref=heddle", "show", id});
    }
};

std::set<std::string> lines_of(const std::string& text) {
    std::set<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.insert(line);
    return lines;
}

/// Appends `count` lines, again when the reference stayed locked for long.
void append_lines(NotesWorld& w, const std::string& writer, int count) {
    GitNotes notes;
    for (int i = 0; i < count;) try {
            notes.update(w.url(), w.commit, [&](const std::string& present) {
                return present + writer + std::to_string(i) + "\n";
            });
            ++i;
        } catch (const RemoteError& error) {
            if (error.kind != RemoteError::Kind::Retry) throw;
        }
}

}  // namespace

TEST_CASE("a note is what git shows under refs/notes/heddle") {
    NotesWorld w;
    CHECK(w.notes.read(w.url(), w.commit) == std::nullopt);
    w.put("success\tOBS: ü\tbuilt\t\n");
    CHECK(w.shown_by_git("HEAD") == "success\tOBS: ü\tbuilt\t");
    CHECK(w.notes.read(w.url(), w.commit) == "success\tOBS: ü\tbuilt\t\n");
    CHECK(w.notes.read("file://" + w.url(), w.commit) == "success\tOBS: ü\tbuilt\t\n");
    w.repository.git({"notes", "--ref=heddle", "append", "-m", "from git"});
    w.append("more");
    CHECK(w.notes.read(w.url(), w.commit) == "success\tOBS: ü\tbuilt\t\n\nfrom git\nmore\n");
    CHECK(w.repository.git({"fsck", "--strict"}).find("error") == std::string::npos);
}

TEST_CASE("an unchanged note makes no new commit") {
    NotesWorld w;
    w.put("text\n");
    const std::string before = w.repository.id_of("refs/notes/heddle");
    w.put("text\n");
    CHECK(w.repository.id_of("refs/notes/heddle") == before);
}

TEST_CASE("notes of other commits stay, also where git spreads them over folders") {
    NotesWorld w;
    constexpr int kCommits = 300;
    std::ofstream stream(w.repository.path() / ".git" / "stream");
    const std::string who = "committer A <a@example.org> 1700000000 +0000\ndata 1\nx\n";
    for (int i = 1; i <= kCommits; ++i) stream << "commit refs/heads/many\nmark :" << i << "\n" << who;
    stream << "commit refs/notes/heddle\n" << who;
    for (int i = 1; i <= kCommits; ++i) stream << "N inline :" << i << "\ndata 6\nby git\n";
    stream.close();
    w.repository.git({"-c", "alias.import=!git fast-import --quiet < .git/stream", "import"});
    REQUIRE(contains(w.repository.git({"ls-tree", "refs/notes/heddle"}), "040000 tree"));

    w.append("first");
    std::istringstream ids(w.repository.git({"log", "--format=%H", "many"}));
    std::vector<std::string> commits;
    for (std::string id; std::getline(ids, id);) commits.push_back(id);
    REQUIRE(commits.size() == kCommits);
    for (int i = 0; i < kCommits; i += 10)
        w.notes.update(
            w.url(), commits[i], [&](const std::string& present) { return present + "\nagain\n"; });
    const std::string all =
        w.repository.git({"log", "--format=%H %N", "--notes=heddle", "--no-standard-notes", "many"});
    for (int i = 0; i < kCommits; ++i)
        CHECK(contains(all, commits[i] + (i % 10 == 0 ? " by git\nagain\n" : " by git\n")));
    CHECK(w.shown_by_git(w.commit) == "first");
}

TEST_CASE("writers in threads and processes lose no line") {
    NotesWorld w;
    constexpr int kLines = 25;
    std::vector<pid_t> children;
    for (const std::string name : {"p", "q"}) {
        const pid_t child = fork();
        if (child == 0) {
            int failed = 1;
            try {
                append_lines(w, name, kLines);
                failed = 0;
            } catch (const std::exception&) {
            }
            _exit(failed);
        }
        children.push_back(child);
    }
    std::vector<std::thread> threads;
    for (const std::string name : {"s", "t"})
        threads.emplace_back([&w, name] { append_lines(w, name, kLines); });
    for (std::thread& thread : threads) thread.join();
    for (const pid_t child : children) {
        int status = -1;
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }
    const auto lines = lines_of(w.notes.read(w.url(), w.commit).value_or(""));
    for (const std::string name : {"p", "q", "s", "t"})
        for (int i = 0; i < kLines; ++i) CHECK(lines.contains(name + std::to_string(i)));
}

TEST_CASE("a writer that was overtaken sees the other's text and keeps it") {
    NotesWorld w;
    int calls = 0;
    w.notes.update(w.url(), w.commit, [&](const std::string& present) {
        if (++calls == 1) w.append("other");
        return present + "mine\n";
    });
    CHECK(calls == 2);
    CHECK(w.notes.read(w.url(), w.commit) == "other\nmine\n");
    calls = 0;
    w.notes.update(w.url(), w.commit, [&](const std::string& present) {
        if (++calls == 1) w.append("third");
        return present + "last\n";
    });
    CHECK(calls == 2);
    CHECK(w.notes.read(w.url(), w.commit) == "other\nmine\nthird\nlast\n");
}

TEST_CASE("a reference that stays locked is tried again later") {
    NotesWorld w;
    w.put("before\n");
    std::ofstream(w.repository.path() / ".git/refs/notes/heddle.lock") << "";
    const std::string sentence = refusal(RemoteError::Kind::Retry, [&] { w.put("after\n"); });
    CHECK(contains(sentence, "somebody else is writing there"));
    CHECK(w.notes.read(w.url(), w.commit) == "before\n");
    fs::remove(w.repository.path() / ".git/refs/notes/heddle.lock");
    w.put("after\n");
    CHECK(w.notes.read(w.url(), w.commit) == "after\n");
}

TEST_CASE("a packed reference is replaced, too") {
    NotesWorld w;
    w.put("one\n");
    w.repository.git({"pack-refs", "--all", "--prune"});
    w.append("two");
    CHECK(w.shown_by_git("HEAD") == "one\ntwo");
}

TEST_CASE("the author of a note is the repository's user, else Heddle") {
    NotesWorld w;
    w.put("one\n");
    CHECK(w.repository.git({"log", "-1", "--format=%an <%ae>", "refs/notes/heddle"}) ==
          "Heddle <heddle@localhost>");
    w.repository.git({"config", "user.name", "Grace"});
    w.repository.git({"config", "user.email", "grace@example.org"});
    w.put("two\n");
    CHECK(w.repository.git({"log", "-1", "--format=%an <%ae>", "refs/notes/heddle"}) ==
          "Grace <grace@example.org>");
    w.repository.git({"config", "user.name", " <> "});
    w.put("three\n");
    CHECK(w.repository.git({"log", "-1", "--format=%an", "refs/notes/heddle"}) == "Heddle");
}

TEST_CASE("what has no note is told apart from what can't be asked") {
    NotesWorld w;
    const auto read = [&](const std::string& url, const std::string& id) {
        return refusal([&] { w.notes.read(url, id); });
    };
    CHECK(contains(read(w.url(), std::string(40, '1')), "commit is no longer in the repository"));
    CHECK(contains(read(w.url(), "HEAD"), "is no full commit id"));
    CHECK(contains(read(w.url() + "/nowhere", w.commit), "there is no such folder"));
    CHECK(contains(read("https://example.org/x", w.commit), "it is not on this machine"));
    w.repository.git({"update-ref", "refs/notes/heddle", w.repository.id_of("HEAD:a")});
    CHECK(contains(read(w.url(), w.commit), "damaged"));
}

TEST_CASE("bare repositories take notes") {
    NotesWorld w;
    const fs::path bare = w.repository.path().parent_path() / "bare.git";
    w.repository.git({"clone", "-q", "--bare", ".", bare.string()});
    w.notes.update(bare, w.commit, [](const std::string&) { return std::string("ok\n"); });
    CHECK(run_git(bare, {"notes", "--ref=heddle", "show", w.commit}) == "ok");
}
