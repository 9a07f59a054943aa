// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/mirror.hpp"

#include "tests/contract/app/forges/git/mirror_world.hpp"

using namespace heddle;
using namespace heddle::test;

TEST_CASE("branches, tags and ids lead to their commit") {
    MirrorWorld w;
    const std::string first = w.repository.commit("first");
    w.repository.git({"tag", "v1.0"});
    w.repository.git({"tag", "-a", "v1.1", "-m", "annotated"});
    w.repository.branch("feature/ü\"x");
    const std::string second = w.repository.commit("second");
    w.repository.git({"update-ref", "refs/heads/--upload-pack=x", second});
    w.repository.git({"update-ref", "refs/pull/1/head", second});
    w.repository.git({"update-ref", "refs/remotes/origin/main", first});

    CHECK(w.mirrors.resolve(w.url(), "main") == first);
    CHECK(w.mirrors.resolve(w.url(), "v1.0") == first);
    CHECK(w.mirrors.resolve(w.url(), "v1.1") == first);
    CHECK(w.mirrors.resolve(w.url(), w.repository.id_of("v1.1")) == first);
    CHECK(w.mirrors.resolve(w.url(), "feature/ü\"x") == second);
    CHECK(w.mirrors.resolve(w.url(), "--upload-pack=x") == second);
    CHECK(w.mirrors.resolve(w.url(), "refs/pull/1/head") == second);
    CHECK(w.mirrors.resolve(w.url(), "origin/main") == first);
    CHECK(w.mirrors.resolve(w.url(), second) == second);
    CHECK(w.mirrors.resolve(w.url(), second.substr(0, 10)) == second);
    CHECK(w.mirrors.resolve(w.url(), "") == second);
    CHECK(w.mirrors.resolve("file://" + w.url(), "main") == first);
    CHECK(w.mirrors.resolve("file://localhost" + w.url(), "main") == first);
}

TEST_CASE("a name is data: no revision syntax is understood") {
    MirrorWorld w;
    w.repository.commit("first");
    w.repository.commit("second");
    for (const std::string name :
         {"HEAD~1", "main^", "main@{0}", ":/first", "main:README", "../main", "nothing", "--all", "fffffff"})
        CHECK(contains(refusal([&] { w.mirrors.resolve(w.url(), name); }),
                       "there is no branch, tag or commit"));
    CHECK(contains(refusal([&] { w.mirrors.resolve(w.url(), std::string("main\0x", 6)); }), "\\x00"));
    CHECK(contains(refusal([&] { w.mirrors.resolve(w.url(), std::string(40, '1')); }),
                   "commit is no longer in the repository"));
}

TEST_CASE("a tag that names no commit is refused") {
    MirrorWorld w;
    w.repository.commit("first", {{"a", "text"}});
    w.repository.git({"tag", "blob", w.repository.id_of("HEAD:a")});
    CHECK(contains(refusal([&] { w.mirrors.resolve(w.url(), "blob"); }), "does not lead to a commit"));
}

TEST_CASE("a fetched commit outlives its branch and its repository") {
    MirrorWorld w;
    w.repository.commit("first", {{"a", "1"}});
    w.repository.branch("topic");
    const std::string topic = w.repository.commit("topic", {{"a", "2"}});
    w.check_out(topic);
    w.repository.check_out("main");
    w.repository.git({"branch", "-D", "topic"});
    w.repository.git({"reflog", "expire", "--expire=now", "--all"});
    w.repository.git({"gc", "-q", "--prune=now"});
    CHECK_THROWS(w.repository.git({"cat-file", "-e", topic}));

    fs::remove_all(w.target);
    w.check_out(topic);
    CHECK(text_of(w.target / "a") == "2");
    fs::remove_all(w.repository.path());
    fs::remove_all(w.target);
    w.check_out(topic);
    CHECK(text_of(w.target / "a") == "2");
    CHECK(w.mirrors.resolve(w.url(), topic) == topic);
    CHECK(w.mirrors.has_commit(w.url(), topic));
    CHECK(w.mirrors.read_file(w.url(), topic, "a", 10) == "2");
    CHECK(contains(refusal([&] { w.mirrors.resolve(w.url(), "main"); }), "there is no such folder"));
}

TEST_CASE("a commit that nobody has is no longer in the repository") {
    MirrorWorld w;
    w.repository.commit("first");
    const std::string unknown(40, 'a');
    const std::string sentence = "commit is no longer in the repository";
    CHECK(contains(refusal([&] { w.check_out(unknown); }), sentence));
    CHECK(contains(refusal([&] { w.mirrors.read_file(w.url(), unknown, "a", 10); }), sentence));
    CHECK_FALSE(w.mirrors.has_commit(w.url(), unknown));
    CHECK_FALSE(fs::exists(w.target));
    CHECK(contains(refusal([&] { w.check_out("main"); }), "\"main\" is no full commit id"));
}

TEST_CASE("one file is read up to a limit") {
    MirrorWorld w;
    const std::string commit = w.repository.commit("file", {{".obs/workflows.yml", "workflows:\n"}});
    CHECK(w.mirrors.read_file(w.url(), "main", ".obs/workflows.yml", 11) == "workflows:\n");
    CHECK(w.mirrors.read_file(w.url(), commit, ".obs/workflows.yml", 11) == "workflows:\n");
    CHECK(contains(refusal([&] { w.mirrors.read_file(w.url(), "main", ".obs/workflows.yml", 10); }),
                   "\".obs/workflows.yml\" has 11 bytes, more than the 10 allowed"));
    for (const std::string path :
         {".obs/other", "nowhere/x", ".obs/workflows.yml/x", "../.obs/workflows.yml", ""})
        CHECK(w.mirrors.read_file(w.url(), "main", path, 10) == std::nullopt);
    CHECK(contains(refusal([&] { w.mirrors.read_file(w.url(), "main", ".obs", 10); }), "is a folder"));
}

TEST_CASE("without a client only repositories of this machine are reached") {
    MirrorWorld w;
    for (const std::string url :
         {"https://example.org/x.git", "HTTP://127.0.0.1/x", "ssh://example.org/x", "git@example.org:x.git"})
        CHECK(contains(refusal([&] { w.mirrors.resolve(url, "main"); }),
                       "nothing is fetched through the network here"));
    for (const std::string url : {"relative/path", "--upload-pack=x", "", "ext::sh -c x"})
        CHECK(contains(refusal([&] { w.mirrors.resolve(url, "main"); }), "neither an absolute path nor"));
    CHECK(contains(refusal([&] { w.mirrors.resolve("file://elsewhere/x", "main"); }),
                   "names no other machine"));
    CHECK(contains(refusal([&] { w.mirrors.resolve("/nonexistent/x", "main"); }), "there is no such folder"));
    CHECK(contains(refusal([&] { w.mirrors.resolve(w.folder.path(), "main"); }), "it is no git repository"));
    CHECK(contains(refusal([&] { w.mirrors.resolve(w.url(), ""); }), "the repository has no commit yet"));
}

TEST_CASE("spaces, percent signs and unicode in a path are no hindrance") {
    const GitRepository repository("ein % Haus #1 ü?");
    const std::string commit = repository.commit("file", {{"a", "text"}});
    const TemporaryFolder folder;
    const Mirrors mirrors(folder.path() / "mirrors");
    CHECK(mirrors.resolve(repository.path(), "main") == commit);
    const std::string encoded =
        "file://" + repository.path().parent_path().string() + "/ein%20%25%20Haus%20%231%20%C3%BC%3F";
    CHECK(mirrors.resolve(encoded, "main") == commit);
    mirrors.check_out(encoded, commit, folder.path() / "ü %20");
    CHECK(text_of(folder.path() / "ü %20" / "a") == "text");
}
