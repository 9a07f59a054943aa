// SPDX-License-Identifier: Apache-2.0
// Statuses as git notes in a repository behind ssh.
#include <sys/stat.h>

#include <fstream>

#include "tests/contract/app/forges/git/ssh_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

using Kind = RemoteError::Kind;

std::string shown_by_git(const SshWorld& w, const std::string& id) {
    return w.repository.git({"notes", "--ref=heddle", "show", id});
}

void make_hook(const SshWorld& w, const std::string& name, const std::string& script) {
    const fs::path hook = w.repository.path() / ".git" / "hooks" / name;
    fs::create_directories(hook.parent_path());
    std::ofstream(hook) << "#!/bin/sh\n" << script << "\n";
    REQUIRE(::chmod(hook.c_str(), 0755) == 0);
}

}  // namespace

TEST_CASE("a note that is pushed by ssh is what git shows at the server") {
    SshWorld w;
    const std::string commit = w.repository.commit("first", {{"a", "text"}});
    CHECK(w.notes().read(w.url(), commit, w.forge) == std::nullopt);
    w.append(commit, "success\tOBS: \xC3\xBC\tbuilt\t");
    CHECK(shown_by_git(w, commit) == "success\tOBS: \xC3\xBC\tbuilt\t");
    w.append(commit, "second");
    CHECK(w.notes().read(w.url(), commit, w.forge) == "success\tOBS: \xC3\xBC\tbuilt\t\nsecond\n");
    CHECK(w.repository.git({"fsck", "--strict"}).find("error") == std::string::npos);
    CHECK(children_named("ssh") == 0);
}

TEST_CASE("what others push in between by ssh stays") {
    SshWorld w;
    const std::string commit = w.repository.commit("first", {{"a", "text"}});
    const std::string other = w.repository.commit("second", {{"a", "other"}});
    w.append(commit, "before");
    bool done = false;
    w.notes().update(w.url(), commit, w.forge, [&](const std::string& present) {
        if (!std::exchange(done, true))
            w.repository.git({"notes", "--ref=heddle", "append", "-m", "theirs", other});
        return present + "ours\n";
    });
    CHECK(shown_by_git(w, commit) == "before\nours");
    CHECK(shown_by_git(w, other) == "theirs");
}

TEST_CASE("an ssh server that takes no notes is told by its own words, and its hooks are waited for") {
    SshWorld w;
    const std::string commit = w.repository.commit("first", {{"a", "text"}});
    SUBCASE("refused") {
        make_hook(w, "pre-receive", "exit 1");
        CHECK(contains(refusal(Kind::Retry, [&] { w.append(commit, "line"); }), "pre-receive hook declined"));
        CHECK(w.notes().read(w.url(), commit, w.forge) == std::nullopt);
    }
    SUBCASE("followed") {
        const fs::path seen = w.folder.path() / "seen";
        make_hook(w, "post-receive", "sleep 0.5; cat > '" + seen.string() + "'");
        w.append(commit, "line");
        CHECK(contains(text_of(seen), "refs/notes/heddle"));
    }
}

TEST_CASE("an ssh server that falls silent while notes are pushed is left at the deadline") {
    SshWorld w;
    const std::string commit = w.repository.commit("first", {{"a", "text"}});
    make_hook(w, "pre-receive", "sleep 1000");
    w.limits.deadline = std::chrono::seconds(3);
    const auto begin = std::chrono::steady_clock::now();
    CHECK(contains(refusal(Kind::Retry, [&] { w.append(commit, "line"); }), "within the time allowed"));
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
    CHECK(children_named("ssh") == 0);
}
