// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include "tests/contract/app/forges/git/mirror_world.hpp"

using namespace heddle;
using namespace heddle::test;

TEST_CASE("a check-out writes the files of a commit and nothing else") {
    MirrorWorld w;
    w.repository.write("run me.sh", "#!/bin/sh\n", true);
    w.repository.write("sub/deep/ünïcode", std::string("a\0b\r\n", 5));
    w.repository.write("empty", "");
    w.repository.write("plain", "one\ntwo $Id$\n");
    const fs::path hook = w.repository.path() / ".git/hooks/post-checkout";
    fs::create_directories(hook.parent_path());
    std::ofstream(hook) << "#!/bin/sh\ntouch " << (w.folder.path() / "ran").string() << "\n";
    fs::permissions(hook, fs::perms(0755));
    w.repository.commit("files");
    w.repository.write(".gitattributes", "* text=auto eol=crlf filter=evil ident export-ignore\n");
    w.repository.git({"add", ".gitattributes"});
    w.repository.git({"commit", "-q", "-m", "attributes"});
    w.repository.git({"config", "filter.evil.smudge", "touch " + (w.folder.path() / "ran").string()});

    const CheckedOut made = w.check_out(w.repository.id_of("HEAD"));
    CHECK(made.files == 7);  // the two folders counted
    CHECK(made.submodules.empty());
    CHECK(text_of(w.target / "run me.sh") == "#!/bin/sh\n");
    CHECK(fs::status(w.target / "run me.sh").permissions() == fs::perms(0755));
    CHECK(fs::status(w.target / "plain").permissions() == fs::perms(0644));
    CHECK(text_of(w.target / "sub/deep/ünïcode") == std::string("a\0b\r\n", 5));
    CHECK(text_of(w.target / "plain") == "one\ntwo $Id$\n");
    CHECK(fs::exists(w.target / "empty"));
    CHECK_FALSE(fs::exists(w.target / ".git"));
    CHECK_FALSE(fs::exists(w.folder.path() / "ran"));
}

TEST_CASE("the umask has no say in what a check-out makes") {
    MirrorWorld w;
    const std::string commit = w.repository.commit("file", {{"d/a", "text"}});
    const mode_t before = umask(0077);
    w.check_out(commit);
    umask(before);
    CHECK(fs::status(w.target / "d").permissions() == fs::perms(0755));
    CHECK(fs::status(w.target / "d/a").permissions() == fs::perms(0644));
}

TEST_CASE("a symlink is written as it is and never followed") {
    MirrorWorld w;
    const fs::path outside = w.folder.path() / "outside";
    fs::create_directories(outside);
    fs::create_symlink(outside, w.repository.path() / "link");
    fs::create_symlink("../../../etc/passwd", w.repository.path() / "passwd");
    const std::string good = w.repository.commit("links");
    w.check_out(good);
    CHECK(fs::read_symlink(w.target / "link") == outside);
    CHECK(fs::read_symlink(w.target / "passwd") == "../../../etc/passwd");

    // A tree with the same name twice: the symlink first, then a folder to be written through it.
    w.repository.commit("folder", {{"inner/file", "text"}});
    const std::string link = w.repository.id_of(good + ":link");
    const std::string inner = w.repository.id_of("HEAD:inner");
    const std::string bad =
        commit_of_tree(w.repository, "120000 blob " + link + "\ta\n040000 tree " + inner + "\ta\n");
    fs::remove_all(w.target);
    CHECK(contains(refusal([&] { w.check_out(bad); }), "has the path \"a\" twice"));
    CHECK_FALSE(fs::exists(w.target));
    CHECK(fs::is_empty(outside));
}

TEST_CASE("paths that lead out of the folder are refused") {
    MirrorWorld w;
    w.repository.commit("folder", {{"inner/file", "text"}});
    const std::string inner = w.repository.id_of("HEAD:inner");
    for (const std::string name : {"..", ".", ".git", ".GIT"}) {
        const std::string bad = commit_of_tree(w.repository, "040000 tree " + inner + "\t" + name + "\n");
        CHECK(contains(refusal([&] { w.check_out(bad); }), "may not contain the path \"" + name + "\""));
        CHECK_FALSE(fs::exists(w.target));
    }
}

TEST_CASE("submodules become empty folders and are named") {
    MirrorWorld w;
    w.repository.commit("file", {{"a", "text"}});
    w.repository.git(
        {"update-index", "--add", "--cacheinfo", "160000," + std::string(40, '5') + ",lib/other"});
    w.repository.git({"commit", "-q", "-m", "submodule"});
    const CheckedOut made = w.check_out(w.repository.id_of("HEAD"));
    CHECK(made.submodules == std::vector<std::string>{"lib/other"});
    CHECK(fs::is_empty(w.target / "lib/other"));
    CHECK(text_of(w.target / "a") == "text");
}

TEST_CASE("a target that holds something stays as it is") {
    MirrorWorld w;
    const std::string commit = w.repository.commit("file", {{"a", "text"}});
    fs::create_directories(w.target);
    std::ofstream(w.target / "mine") << "mine";
    CHECK(contains(refusal([&] { w.check_out(commit); }), "is not empty"));
    CHECK(text_of(w.target / "mine") == "mine");
}

TEST_CASE("a commit that is too large leaves nothing behind") {
    MirrorWorld w;
    const std::string commit = w.repository.commit("files", {{"a", std::string(600, 'a')}, {"b", "b"}});
    fs::create_directories(w.target);
    CHECK(contains(refusal([&] { w.mirrors.check_out(w.url(), commit, w.target, 500); }),
                   "more than 500 bytes, the limit is met at \"a\""));
    CHECK(fs::is_empty(w.target));
    CHECK(w.mirrors.check_out(w.url(), commit, w.target, 601).bytes == 601);
}

TEST_CASE("a few folders that hold each other many times are refused before anything is written") {
    MirrorWorld w;
    w.repository.commit("file", {{"d/file", "text"}});
    std::string tree = w.repository.id_of("HEAD:d");
    std::string commit;
    for (int level = 0; level < 8; ++level) {  // 10^8 files in eight small objects
        std::string lines;
        for (char name = 'a'; name < 'k'; ++name) lines += "040000 tree " + tree + "\t" + name + "\n";
        commit = commit_of_tree(w.repository, lines);
        tree = w.repository.id_of(commit + "^{tree}");
    }
    CHECK(contains(refusal([&] { w.check_out(commit); }), "more than 1000000 files"));
    CHECK_FALSE(fs::exists(w.target));
    CHECK(w.mirrors.read_file(w.url(), commit, "a/b/c/d/e/f/g/h/file", 10) == "text");
}

TEST_CASE("folders nested too deep are refused") {
    MirrorWorld w;
    w.repository.commit("file", {{"d/file", "text"}});
    std::string path = "file";
    for (int level = 0; level < 260; ++level) path = "d/" + path;
    w.repository.git(
        {"update-index", "--add", "--cacheinfo", "100644," + w.repository.id_of("HEAD:d/file") + "," + path});
    w.repository.git({"commit", "-q", "-m", "deep"});
    CHECK(contains(refusal([&] { w.check_out(w.repository.id_of("HEAD")); }), "nested too deep"));
    CHECK_FALSE(fs::exists(w.target));
}
