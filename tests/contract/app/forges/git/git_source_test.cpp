// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/git_source.hpp"

#include "tests/contract/app/forges/git/mirror_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

const std::string kPath = ".obs/workflows.yml";

struct SourceWorld : MirrorWorld {
    GitSource source{mirrors};

    ScmEvent event(EventClass event_class, const std::string& branch) const {
        ScmEvent event;
        event.event_class = event_class;
        event.repository.clone_url = url();
        event.target = {"local/x", branch, url()};
        return event;
    }
};

}  // namespace

TEST_CASE("the configuration comes from the target branch, never from the head") {
    SourceWorld w;
    w.repository.commit("base", {{kPath, "base: {}\n"}});
    w.repository.branch("topic");
    const std::string head = w.repository.commit("head", {{kPath, "head: {}\n"}});
    ScmEvent event = w.event(EventClass::PullRequest, "main");
    event.source.branch = "topic";
    event.commit_sha = head;
    CHECK(w.source.read(event, kPath, {}) == "base: {}\n");
    CHECK(w.source.read(w.event(EventClass::Push, "topic"), kPath, {}) == "head: {}\n");
}

TEST_CASE("a tag push reads from its tag, also where a branch has that name") {
    SourceWorld w;
    w.repository.commit("tagged", {{kPath, "tag: {}\n"}});
    w.repository.git({"tag", "-a", "v1", "-m", "release"});
    w.repository.branch("v1");
    w.repository.commit("branch", {{kPath, "branch: {}\n"}});
    ScmEvent event = w.event(EventClass::TagPush, "");
    event.tag = "v1";
    CHECK(w.source.read(event, kPath, {}) == "tag: {}\n");
}

TEST_CASE("a commit behind the target's URL is what is read") {
    SourceWorld w;
    const std::string first = w.repository.commit("first", {{kPath, "first: {}\n"}});
    w.repository.commit("second", {{kPath, "second: {}\n"}});
    ScmEvent event = w.event(EventClass::PullRequest, "main");
    event.target.clone_url += "#" + first;
    CHECK(w.source.read(event, kPath, {}) == "first: {}\n");
    event.target.clone_url = w.url() + "#main";
    CHECK(w.source.read(event, kPath, {}) == "second: {}\n");
}

TEST_CASE("no such file is not the same as could not ask") {
    SourceWorld w;
    w.repository.commit("none", {{"README", ""}});
    CHECK(w.source.read(w.event(EventClass::Push, "main"), kPath, {}) == std::nullopt);
    CHECK(contains(refusal([&] { w.source.read(w.event(EventClass::Push, "gone"), kPath, {}); }),
                   "there is no branch, tag or commit \"refs/heads/gone\""));
    fs::remove_all(w.repository.path());
    CHECK(contains(refusal([&] { w.source.read(w.event(EventClass::Push, "main"), kPath, {}); }),
                   "there is no such folder"));
    CHECK_THROWS_AS(w.source.read(w.event(EventClass::PullRequest, ""), kPath, {}), std::logic_error);
}

TEST_CASE("a configuration of more than 128 KiB is refused") {
    SourceWorld w;
    w.repository.commit("fits", {{kPath, std::string(GitSource::kMaxBytes, '#')}});
    CHECK(w.source.read(w.event(EventClass::Push, "main"), kPath, {})->size() == GitSource::kMaxBytes);
    w.repository.commit("too large", {{kPath, std::string(GitSource::kMaxBytes + 1, '#')}});
    CHECK(contains(refusal([&] { w.source.read(w.event(EventClass::Push, "main"), kPath, {}); }),
                   "has 131073 bytes, more than the 131072 allowed"));
}

TEST_CASE("what stands at the path and is no plain file is told") {
    SourceWorld w;
    const auto told = [&] {
        return refusal([&] { w.source.read(w.event(EventClass::Push, "main"), kPath, {}); });
    };
    fs::create_directories(w.repository.path() / ".obs");
    fs::create_symlink("/etc/passwd", w.repository.path() / kPath);
    w.repository.commit("symlink");
    CHECK(contains(told(), "\".obs/workflows.yml\" is a symlink"));
    fs::remove(w.repository.path() / kPath);
    w.repository.commit("folder", {{kPath + "/x", ""}});
    CHECK(contains(told(), "\".obs/workflows.yml\" is a folder"));
    fs::remove_all(w.repository.path() / ".obs");
    fs::create_symlink("/etc", w.repository.path() / ".obs");
    w.repository.commit("folder symlink");
    CHECK(contains(told(), "\".obs\" is a symlink"));
    fs::remove(w.repository.path() / ".obs");
    w.repository.git({"rm", "-q", "--cached", ".obs"});
    w.repository.git({"update-index", "--add", "--cacheinfo", "160000," + std::string(40, '5') + ",.obs"});
    w.repository.git({"commit", "-q", "-m", "submodule"});
    CHECK(contains(told(), "\".obs\" is a submodule"));
    w.repository.git({"rm", "-q", "--cached", ".obs"});
    std::ofstream(w.repository.path() / ".obs") << "a file";
    w.repository.commit("file");
    CHECK(w.source.read(w.event(EventClass::Push, "main"), kPath, {}) == std::nullopt);
}
