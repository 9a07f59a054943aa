// SPDX-License-Identifier: Apache-2.0
#include "reporters/git/git_reporter.hpp"

#include <doctest/doctest.h>

#include <map>
#include <utility>

#include "workflows/model/remote_error.hpp"

using namespace heddle;

namespace {

/// Notes in memory. `before_write` may write in between, as another writer would.
class NotesInMemory : public NoteStore {
public:
    std::map<std::pair<std::string, std::string>, std::string> notes;
    std::function<void()> before_write;
    std::string forbidden;  // no forge opens it

    std::optional<std::string> read(const std::string& repository,
                                    const std::string& commit_sha,
                                    const ForgeAccess&) override {
        if (repository == forbidden)
            throw RemoteError(RemoteError::Kind::GiveUp, "write notes", "it does not lie below the forge's");
        const auto found = notes.find({repository, commit_sha});
        if (found == notes.end()) return std::nullopt;
        return found->second;
    }

    void update(const std::string& repository,
                const std::string& commit_sha,
                const ForgeAccess& access,
                const std::function<std::string(const std::string& present)>& change) override {
        for (;;) {
            const std::string present = read(repository, commit_sha, access).value_or("");
            const std::string changed = change(present);
            if (before_write) std::exchange(before_write, nullptr)();
            if (read(repository, commit_sha, access).value_or("") != present) continue;
            notes[{repository, commit_sha}] = changed;
            return;
        }
    }
};

CommitStatus status_of(const std::string& context, StatusState state, const std::string& text) {
    return {"/srv/hello", "c0ffee", context, state, text, ""};
}

}  // namespace

TEST_CASE("a note has one line per context, sorted by context") {
    std::string note = put_status("", status_of("OBS: b", StatusState::Pending, "building"));
    CHECK(note == "pending\tOBS: b\tbuilding\t\n");
    note = put_status(note, status_of("OBS: a", StatusState::Failure, "make failed"));
    CHECK(note == "failure\tOBS: a\tmake failed\t\npending\tOBS: b\tbuilding\t\n");
    CommitStatus done = status_of("OBS: b", StatusState::Success, "built");
    done.url = "https://heddle.example.org/runs/1";
    CHECK(put_status(note, done) ==
          "failure\tOBS: a\tmake failed\t\nsuccess\tOBS: b\tbuilt\thttps://heddle.example.org/runs/1\n");
}

TEST_CASE("putting a status twice changes nothing") {
    const CommitStatus status = status_of("OBS: a", StatusState::Error, "withdrawn");
    const std::string note = put_status("foreign\n\nlines\n", status);
    CHECK(put_status(note, status) == note);
}

TEST_CASE("lines of others stay as they are") {
    const std::string others = "Reviewed-by: somebody\n\nunknown\tstate\tof\tus\nsuccess\ttoo few\n\t\t\t\n";
    const std::string note = put_status(others, status_of("OBS", StatusState::Success, "ok"));
    CHECK(note == "success\tOBS\tok\t\n" + others);
    CHECK(put_status("no line end", status_of("OBS", StatusState::Success, "ok")) ==
          "success\tOBS\tok\t\nno line end\n");
}

TEST_CASE("values can't break a line or steer a terminal") {
    CommitStatus status = status_of("OBS:\ta\nb", StatusState::Failure, "x\x1b[31m\r\ny\xff");
    status.url = "https://example.org/\t\nz";
    const std::string note = put_status("", status);
    CHECK(note == "failure\tOBS: a b\tx [31m  y\uFFFD\thttps://example.org/  z\n");
    CHECK(find_status(note, "OBS:\ta\nb")->state == StatusState::Failure);
    CHECK(put_status(note, status) == note);
}

TEST_CASE("a note tells no path of this machine") {
    const CommitStatus status = status_of("OBS: a", StatusState::Failure, "read file:///srv/git/hello: gone");
    const std::string note = put_status("", status);
    CHECK(note == "failure\tOBS: a\tread \u2026/hello: gone\t\n");
    NotesInMemory notes;
    CHECK(GitReporter(notes).shows(*find_status(note, "OBS: a"), status));
}

TEST_CASE("a status without a context is a bug") {
    CHECK_THROWS_AS(put_status("", status_of(" \n", StatusState::Success, "ok")), std::logic_error);
}

TEST_CASE("a status is read back from its line") {
    const std::string note = "failure\tOBS: a\tmake failed\thttps://x\nsuccess\tOBS: b\tok\n";
    CHECK(find_status(note, "OBS: a") ==
          CommitStatus{"", "", "OBS: a", StatusState::Failure, "make failed", "https://x"});
    CHECK(find_status(note, "OBS: b") == CommitStatus{"", "", "OBS: b", StatusState::Success, "ok", ""});
    CHECK_FALSE(find_status(note, "OBS"));
    CHECK_FALSE(find_status("", "OBS: a"));
}

TEST_CASE("the reporter for git writes the note of the status's commit and reads it back") {
    NotesInMemory notes;
    GitReporter reporter(notes);
    const CommitStatus status = status_of("OBS: a", StatusState::Success, "ok");
    CHECK_FALSE(reporter.shown({"/srv/hello", "c0ffee", "OBS: a"}, {}));
    reporter.report(status, {});
    CHECK(notes.notes.at({"/srv/hello", "c0ffee"}) == "success\tOBS: a\tok\t\n");
    CHECK(reporter.shown({"/srv/hello", "c0ffee", "OBS: a"}, {}) == status);
    CHECK_FALSE(reporter.shown({"/srv/hello", "c0ffee", "OBS: b"}, {}));
    CHECK_FALSE(reporter.shown({"/srv/hello", "decaf", "OBS: a"}, {}));
}

TEST_CASE("a line that somebody wrote in between is kept") {
    NotesInMemory notes;
    GitReporter reporter(notes);
    notes.before_write = [&] { reporter.report(status_of("OBS: b", StatusState::Failure, "no"), {}); };
    reporter.report(status_of("OBS: a", StatusState::Success, "ok"), {});
    CHECK(notes.notes.at({"/srv/hello", "c0ffee"}) == "success\tOBS: a\tok\t\nfailure\tOBS: b\tno\t\n");
}

TEST_CASE("what a note shows is compared as one line") {
    NotesInMemory notes;
    GitReporter reporter(notes);
    CommitStatus status = status_of("OBS: a", StatusState::Failure, "two\nlines");
    reporter.report(status, {});
    CHECK(reporter.shows(*reporter.shown({"/srv/hello", "c0ffee", "OBS: a"}, {}), status));
    status.text = "two";
    CHECK_FALSE(reporter.shows(*reporter.shown({"/srv/hello", "c0ffee", "OBS: a"}, {}), status));
}

TEST_CASE("a repository that its forge does not open is neither written to nor read") {
    NotesInMemory notes;
    notes.forbidden = "/srv/hello";
    GitReporter reporter(notes);
    CHECK_THROWS_AS(reporter.report(status_of("a", StatusState::Success, ""), {}), RemoteError);
    CHECK_THROWS_AS(reporter.shown({"/srv/hello", "c0ffee", "a"}, {}), RemoteError);
    CHECK(notes.notes.empty());
}
