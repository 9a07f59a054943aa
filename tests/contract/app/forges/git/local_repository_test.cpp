// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/local_repository.hpp"

#include "tests/contract/app/forges/git/mirror_world.hpp"
#include "workflows/model/names.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

/// The sentence of the WrongUse that `act` throws; "" when it throws none.
template <class Act>
std::string wrong_use(Act act) {
    try {
        act();
    } catch (const WrongUse& error) {
        return error.what();
    }
    return "";
}

struct LocalWorld {
    GitRepository repository;
    std::string main_commit = repository.commit("first", {{"a", "1"}});

    LocalRepository open() const { return open_local_repository(repository.path()); }
    ScmEvent event(const std::string& word,
                   const std::optional<std::string>& base = std::nullopt,
                   const std::optional<std::string>& head = std::nullopt) const {
        return make_local_event(open(), parse_local_event(word), base, head);
    }
    std::string wrong(const std::string& word,
                      const std::optional<std::string>& base = std::nullopt,
                      const std::optional<std::string>& head = std::nullopt) const {
        return wrong_use([&] { event(word, base, head); });
    }
};

}  // namespace

TEST_CASE("a repository is found from any folder in it") {
    LocalWorld w;
    w.repository.commit("deep", {{"sub/deep/file", ""}});
    const LocalRepository found = open_local_repository(w.repository.path() / "sub" / "deep");
    CHECK(found.path == w.repository.path());
    CHECK(found.url == "file://" + w.repository.path().string());
    CHECK(found.full_name == "local/repository");
    CHECK_FALSE(found.bare);
    CHECK_FALSE(found.shallow);
    CHECK(open_local_repository(w.repository.path() / ".git").path == w.repository.path());
    fs::create_directory_symlink(w.repository.path(), w.repository.path().parent_path() / "link");
    CHECK(open_local_repository(w.repository.path().parent_path() / "link").path == w.repository.path());
}

TEST_CASE("what is no repository is told in one sentence") {
    TemporaryFolder folder;
    const auto open = [](const fs::path& path) { return wrong_use([&] { open_local_repository(path); }); };
    CHECK(open(folder.path()) ==
          folder.path().string() + ": it is no git repository, nor is a folder above it");
    CHECK(open(folder.path() / "nowhere") ==
          (folder.path() / "nowhere").string() + ": there is no such folder");
    std::ofstream(folder.path() / "file") << "";
    CHECK(contains(open(folder.path() / "file"), "there is no such folder"));
    fs::create_directory(folder.path() / ".git");
    CHECK(open(folder.path()) == folder.path().string() + ": it is no git repository");

    LocalWorld w;
    std::ofstream(w.repository.path() / ".git" / "config", std::ios::app) << "[core\n";
    CHECK(contains(open(w.repository.path()), "failed to parse config file"));
}

TEST_CASE("a folder's name becomes a part of project names") {
    const auto name_of = [](const std::string& folder) {
        GitRepository repository(folder);
        const std::string name = open_local_repository(repository.path()).full_name;
        CHECK(name.starts_with("local/"));
        CHECK(is_project_name("home:" + std::string("local:") + name.substr(6) + ":PR-1"));
        return name.substr(6);
    };
    CHECK(name_of("hello") == "hello");
    CHECK(name_of("Hello_2.0+x") == "Hello_2.0+x");
    CHECK(name_of("ein Haus: ü") == "ein-Haus");
    CHECK(name_of("-rf --x") == "rf-x");
    CHECK(name_of("_.hidden") == "hidden");
    CHECK(name_of("日本") == "repository");
    CHECK(name_of(std::string(200, 'x')) == std::string(60, 'x'));
}

TEST_CASE("a pull request goes from the current branch to the default branch") {
    LocalWorld w;
    w.repository.branch("feature/ü");
    const std::string head = w.repository.commit("Fix  the\tthing\n\nbody", {{"a", "2"}});
    const ScmEvent event = w.event("opened");
    CHECK(event.forge == "local");
    CHECK(event.event_class == EventClass::PullRequest);
    CHECK(event.kind == PullRequestKind::Opened);
    CHECK(event.action == "opened");
    CHECK(event.commit_sha == head);
    CHECK(event.title == "Fix  the thing");
    CHECK(event.source.branch == "feature/ü");
    CHECK(event.target.branch == "main");
    CHECK(event.repository.full_name == "local/repository");
    CHECK(event.repository.owner == "local");
    CHECK(event.repository.name == "repository");
    CHECK(event.repository.clone_url == "file://" + w.repository.path().string());
    CHECK(event.target.clone_url == event.repository.clone_url + "#" + w.main_commit);
    CHECK(event.branch_request == BranchRequestForm::ByCloneUrl);
    CHECK(event.url.empty());
    REQUIRE(event.number);
    CHECK(*event.number >= 1);
    CHECK(*event.number <= 99'999);
    CHECK(to_json(scm_event_from_json(to_json(event))) == to_json(event));
}

TEST_CASE("a branch keeps its number, another one has another") {
    LocalWorld w;
    w.repository.branch("a");
    const auto number = w.event("opened").number;
    w.repository.commit("more");
    CHECK(w.event("updated").number == number);
    CHECK(w.event("closed", std::nullopt, "a").number == number);
    w.repository.branch("b");
    CHECK(w.event("opened").number != number);
}

TEST_CASE("the default branch is what origin/HEAD names, else what is usual") {
    LocalWorld w;
    w.repository.git({"branch", "-m", "main", "trunk"});
    w.repository.branch("topic");
    CHECK(contains(w.wrong("opened"), "say which with --base"));
    w.repository.git({"branch", "master", "trunk"});
    CHECK(w.event("opened").target.branch == "master");
    w.repository.git({"branch", "main", "trunk"});
    CHECK(w.event("opened").target.branch == "main");
    w.repository.git({"config", "init.defaultBranch", "trunk"});
    CHECK(w.event("opened").target.branch == "trunk");

    GitRepository clone("clone");
    clone.git({"remote", "add", "origin", w.repository.path()});
    clone.git({"fetch", "-q", "origin"});
    clone.git({"remote", "set-head", "origin", "master"});
    clone.git({"checkout", "-q", "-b", "work", "origin/topic"});
    const ScmEvent event = make_local_event(
        open_local_repository(clone.path()), parse_local_event("opened"), std::nullopt, std::nullopt);
    CHECK(event.target.branch == "master");  // which has no local branch
    CHECK(event.target.clone_url.ends_with("#" + w.main_commit));
    const ScmEvent named = make_local_event(
        open_local_repository(clone.path()), parse_local_event("opened"), "origin/trunk", "topic");
    CHECK(named.target.branch == "trunk");
    CHECK(named.source.branch == "topic");
}

TEST_CASE("head and base may be named; what is not there is told with its option") {
    LocalWorld w;
    w.repository.branch("topic");
    const std::string topic = w.repository.commit("second");
    w.repository.git({"update-ref", "refs/heads/--upload-pack=x", topic});
    CHECK(w.event("opened", "main", "--upload-pack=x").source.branch == "--upload-pack=x");
    CHECK(w.event("opened", "main", topic).commit_sha == topic);
    CHECK(w.event("opened", "main", topic.substr(0, 8)).commit_sha == topic);
    CHECK(w.event("opened", "topic", "main").target.branch == "topic");
    const std::string place = w.repository.path().string() + ": ";
    CHECK(w.wrong("opened", "nowhere") == place + "there is no branch \"nowhere\" (--base)");
    CHECK(w.wrong("opened", topic) == place + "there is no branch \"" + topic + "\" (--base)");
    CHECK(w.wrong("opened", "main", "nowhere") ==
          place + "there is no branch, tag or commit \"nowhere\" (--head)");
    CHECK(
        w.wrong("opened", "topic") ==
        place +
            "head and base are both \"topic\": switch to another branch, or say which with --head or --base");
}

TEST_CASE("a detached head, an unborn branch and a bare repository say what to give") {
    LocalWorld w;
    w.repository.git({"checkout", "-q", "--detach"});
    const std::string place = w.repository.path().string() + ": ";
    CHECK(w.wrong("opened") == place + "HEAD is detached: say which branch or commit with --head");
    CHECK(w.event("opened", "main", w.main_commit).commit_sha == w.main_commit);

    GitRepository unborn("unborn");
    CHECK(contains(wrong_use([&] {
                       make_local_event(open_local_repository(unborn.path()),
                                        parse_local_event("opened"),
                                        std::nullopt,
                                        std::nullopt);
                   }),
                   "there is no commit yet"));

    w.repository.git({"branch", "topic"});
    const fs::path bare = w.repository.path().parent_path() / "hello.git";
    w.repository.git({"clone", "-q", "--bare", ".", bare.string()});
    run_git(bare, {"symbolic-ref", "HEAD", "refs/heads/main"});
    const LocalRepository found = open_local_repository(bare);
    CHECK(found.bare);
    CHECK(found.full_name == "local/hello");
    const LocalEvent opened = parse_local_event("opened");
    CHECK(wrong_use([&] { make_local_event(found, opened, std::nullopt, std::nullopt); }) ==
          bare.string() + ": it is a bare repository: say which branch with --head");
    CHECK(make_local_event(found, opened, std::nullopt, "topic").target.branch == "main");
}

TEST_CASE("pushes and tag pushes name what was pushed") {
    LocalWorld w;
    w.repository.git({"tag", "-a", "v1.0", "-m", "release"});
    const ScmEvent push = w.event("push");
    CHECK(push.event_class == EventClass::Push);
    CHECK_FALSE(push.kind);
    CHECK_FALSE(push.number);
    CHECK(push.target.branch == "main");
    CHECK(push.commit_sha == w.main_commit);
    const ScmEvent tag = w.event("tag_push:v1.0");
    CHECK(tag.event_class == EventClass::TagPush);
    CHECK(tag.tag == "v1.0");
    CHECK(tag.target.branch.empty());
    CHECK(tag.commit_sha == w.main_commit);
    CHECK(tag.target.clone_url.ends_with("#" + w.main_commit));
    CHECK(contains(w.wrong("tag_push:v2"), "there is no tag \"v2\" (--event tag_push:TAG)"));
    CHECK(contains(w.wrong("push", std::nullopt, w.main_commit), "is no branch, and --event push needs one"));
    CHECK(w.wrong("push", "main") == "--base has no meaning with --event push");
    CHECK(w.wrong("tag_push:v1.0", std::nullopt, "main") == "--head has no meaning with --event tag_push");
}

TEST_CASE("every word of --event is understood, others are answered with the list") {
    for (const std::string word : {"opened", "updated", "reopened", "closed", "merged"})
        CHECK(to_string(parse_local_event(word).kind.value()) == word);
    CHECK(parse_local_event("labeled:needs: review").label == "needs: review");
    CHECK(parse_local_event("unlabeled:ü").kind == PullRequestKind::Unlabeled);
    CHECK(parse_local_event("push").event_class == EventClass::Push);
    CHECK(parse_local_event("tag_push:v1").tag == "v1");
    for (const std::string word : {"", "open", "Opened", "opened:x", "push:x", "ping", "opened\n", ":"})
        CHECK(contains(wrong_use([&] { parse_local_event(word); }),
                       "is not known: it is one of opened, updated"));
    CHECK(contains(wrong_use([&] { parse_local_event("labeled"); }), "--event labeled needs a label"));
    CHECK(contains(wrong_use([&] { parse_local_event("tag_push:"); }), "--event tag_push needs a tag"));
    CHECK(contains(wrong_use([&] { parse_local_event("labeled:\xff"); }), "no UTF-8"));
}

TEST_CASE("a label stands in the event, and in the set while it is on") {
    LocalWorld w;
    w.repository.branch("topic");
    CHECK(w.event("labeled:x").label == "x");
    CHECK(w.event("labeled:x").labels == std::vector<std::string>{"x"});
    CHECK(w.event("unlabeled:x").label == "x");
    CHECK(w.event("unlabeled:x").labels.empty());
}
