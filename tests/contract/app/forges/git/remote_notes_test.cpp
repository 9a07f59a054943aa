// SPDX-License-Identifier: Apache-2.0
// Statuses as git notes in a repository behind HTTP.
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <set>
#include <thread>
#include <vector>

#include "app/forges/git/forge_notes.hpp"
#include "tests/contract/app/forges/git/http_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

using Kind = RemoteError::Kind;

struct RemoteNotesWorld : GitHttpWorld {
    std::string commit = repository.commit("first", {{"a", "text"}});
    ForgeNotes notes{client, folder.path() / "mirrors", limits};

    RemoteNotesWorld() { repository.git({"config", "http.receivepack", "true"}); }

    void append(const std::string& line) {
        notes.update(url(), commit, forge, [&](const std::string& present) { return present + line + "\n"; });
    }
    std::optional<std::string> read() { return notes.read(url(), commit, forge); }
    std::string shown_by_git(const std::string& id) const {
        return repository.git({"notes", "--ref=heddle", "show", id});
    }
    /// As another program would.
    void note_by_git(const std::string& id, const std::string& text) const {
        repository.git({"notes", "--ref=heddle", "append", "-m", text, id});
    }
    std::size_t pushes() const {
        const auto requests = server.requests();
        return static_cast<std::size_t>(
            std::count_if(requests.begin(), requests.end(), [](const StandInRequest& request) {
                return request.path().ends_with("/git-receive-pack");
            }));
    }
};

}  // namespace

TEST_CASE("a note that is pushed is what git shows at the server") {
    RemoteNotesWorld w;
    CHECK(w.read() == std::nullopt);
    w.append("success\tOBS: ü\tbuilt\t");
    CHECK(w.shown_by_git(w.commit) == "success\tOBS: ü\tbuilt\t");
    CHECK(w.read() == "success\tOBS: ü\tbuilt\t\n");
    w.append("second");
    CHECK(w.read() == "success\tOBS: ü\tbuilt\t\nsecond\n");
    CHECK(w.repository.git({"fsck", "--strict"}).find("error") == std::string::npos);
}

TEST_CASE("an unchanged note is not pushed") {
    RemoteNotesWorld w;
    w.append("line");
    const std::size_t before = w.pushes();
    w.notes.update(w.url(), w.commit, w.forge, [](const std::string& present) { return present; });
    CHECK(w.pushes() == before);
}

TEST_CASE("what others push in between stays") {
    RemoteNotesWorld w;
    const std::string other = w.repository.commit("second", {{"a", "other"}});
    w.append("before");
    SUBCASE("before we push") {
        bool done = false;
        w.notes.update(w.url(), w.commit, w.forge, [&](const std::string& present) {
            if (!std::exchange(done, true)) w.note_by_git(other, "theirs");
            return present + "ours\n";
        });
    }
    SUBCASE("while we push") {
        std::atomic<bool> done = false;
        w.server.answer_all([&](const StandInRequest& request) {
            if (request.path().ends_with("/git-receive-pack") && !done.exchange(true))
                w.note_by_git(other, "theirs");
            return w.answer(request);
        });
        w.append("ours");
        CHECK(w.pushes() == 3);
    }
    SUBCASE("to the same note") {
        bool done = false;
        w.notes.update(w.url(), w.commit, w.forge, [&](const std::string& present) {
            if (!std::exchange(done, true)) w.note_by_git(w.commit, "theirs");
            return present + "ours\n";
        });
        CHECK(w.read() == "before\n\ntheirs\nours\n");
        return;
    }
    CHECK(w.read() == "before\nours\n");
    CHECK(w.shown_by_git(other) == "theirs");
}

TEST_CASE("threads that write at once lose nothing") {
    RemoteNotesWorld w;
    std::vector<std::thread> writers;
    for (const std::string name : {"a", "b", "c"})
        writers.emplace_back([&w, name] {
            for (int i = 0; i < 4; ++i) w.append(name + std::to_string(i));
        });
    for (std::thread& writer : writers) writer.join();
    std::set<std::string> lines;
    std::istringstream note(w.read().value_or(""));
    for (std::string line; std::getline(note, line);) lines.insert(line);
    CHECK(lines.size() == 12);
}

TEST_CASE("notes that were taken away at the server begin anew") {
    RemoteNotesWorld w;
    w.append("old");
    w.repository.git({"update-ref", "-d", "refs/notes/heddle"});
    CHECK(w.read() == std::nullopt);
    w.append("new");
    CHECK(w.read() == "new\n");
}

TEST_CASE("a damaged copy is made anew") {
    RemoteNotesWorld w;
    w.append("first");
    for (const auto& entry : fs::directory_iterator(w.folder.path() / "mirrors"))
        if (entry.path().extension() == ".git") fs::remove_all(entry.path() / "objects");
    w.append("second");
    CHECK(w.read() == "first\nsecond\n");
}

TEST_CASE("notes are pushed with the forge's credential") {
    RemoteNotesWorld w;
    w.needed = "Basic YWRhOnMzY3JldA==";
    CHECK_FALSE(refusal(Kind::BadCredentials, [&] { w.append("line"); }).empty());
    w.forge.credential = "ada:s3cret";
    w.append("line");
    CHECK(w.read() == "line\n");
}

TEST_CASE("a server that takes no notes is told by its own words") {
    RemoteNotesWorld w;
    SUBCASE("a hook") {
        const fs::path hook = w.repository.path() / ".git" / "hooks" / "pre-receive";
        fs::create_directories(hook.parent_path());
        std::ofstream(hook) << "#!/bin/sh\nexit 1\n";
        REQUIRE(::chmod(hook.c_str(), 0755) == 0);
        CHECK(contains(refusal(Kind::Retry, [&] { w.append("line"); }), "pre-receive hook declined"));
    }
    SUBCASE("nobody may push") {
        w.repository.git({"config", "http.receivepack", "false"});
        CHECK_FALSE(refusal([&] { w.append("line"); }).empty());
    }
    CHECK(w.read() == std::nullopt);
}

TEST_CASE("a mute server is left at the deadline") {
    RemoteNotesWorld w;
    w.limits.deadline = std::chrono::seconds(1);
    ForgeNotes notes(w.client, w.folder.path() / "mirrors", w.limits);
    w.server.answer_all([&](const StandInRequest& request) {
        if (!request.path().ends_with("/git-receive-pack")) return w.answer(request);
        StandInAnswer answer;
        answer.manner = StandInAnswer::Manner::Hang;
        return answer;
    });
    const auto begin = std::chrono::steady_clock::now();
    CHECK_FALSE(refusal(Kind::Retry, [&] {
                    notes.update(w.url(), w.commit, w.forge, [](auto&) { return std::string("line\n"); });
                }).empty());
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
}
