// SPDX-License-Identifier: Apache-2.0
// Mirrors of repositories behind http, served by git's own server.
#include <chrono>

#include "app/forges/git/configured_access.hpp"
#include "tests/contract/app/forges/git/http_world.hpp"

using namespace heddle;
using namespace heddle::test;
using Kind = RemoteError::Kind;

TEST_CASE("branches, tags and ids of a server lead to their commit") {
    GitHttpWorld w;
    const std::string first = w.repository.commit("first");
    w.repository.git({"tag", "-a", "v1", "-m", "annotated"});
    w.repository.branch("feature/\xC3\xBC");
    const std::string second = w.repository.commit("second");
    w.repository.git({"update-ref", "refs/pull/1/head", second});
    const Mirrors mirrors = w.mirrors();
    CHECK(mirrors.resolve(w.url(), "main") == first);
    CHECK(mirrors.resolve(w.url() + "/", "v1") == first);
    CHECK(mirrors.resolve(w.url(), "refs/tags/v1") == first);
    CHECK(mirrors.resolve(w.url(), "feature/\xC3\xBC") == second);
    CHECK(mirrors.resolve(w.url(), "refs/pull/1/head") == second);
    CHECK(mirrors.resolve(w.url(), "") == second);
    CHECK(mirrors.resolve(w.url(), second) == second);
    CHECK(contains(refusal([&] { mirrors.resolve(w.url(), "gone"); }), "no branch, tag or commit \"gone\""));
    CHECK(contains(refusal([&] { mirrors.resolve(w.url(), std::string(40, '1')); }),
                   "no longer in the repository"));
    CHECK(
        contains(refusal([&] { mirrors.resolve(w.server.url() + "/other", "main"); }), "no such repository"));
}

TEST_CASE("a commit of a server is checked out and stays when its branch is gone") {
    GitHttpWorld w;
    const std::string base = w.repository.commit("base", {{"a", "1"}, {"folder/b", "2"}});
    w.repository.branch("topic");
    const std::string head = w.repository.commit("head", {{"a", "3"}});
    const Mirrors mirrors = w.mirrors();
    CHECK(mirrors.has_commit(w.url(), head));
    CHECK(mirrors.has_commit(w.url(), base));  // the history came along
    CHECK_FALSE(mirrors.has_commit(w.url(), std::string(40, '1')));
    w.repository.check_out("main");
    w.repository.git({"branch", "-D", "topic"});
    w.server.forget_requests();
    mirrors.check_out(w.url(), head, w.target);
    CHECK(text_of(w.target / "a") == "3");
    CHECK(text_of(w.target / "folder" / "b") == "2");
    CHECK(w.server.requests().empty());
    CHECK(mirrors.read_file(w.url(), head, "a", 10) == "3");
    CHECK(mirrors.read_file(w.url(), "main", "a", 10) == "1");
    CHECK(mirrors.read_file(w.url(), "main", "none", 10) == std::nullopt);
}

TEST_CASE("a second fetch brings only what is new") {
    GitHttpWorld w;
    std::string noise;
    for (unsigned i = 0, x = 1; i < 300'000; ++i)
        noise += static_cast<char>((x = x * 1103515245 + 12345) >> 16);
    const std::string first = w.repository.commit("large", {{"large", noise}});
    std::size_t sent = 0;
    w.server.answer_all([&](const StandInRequest& request) {
        StandInAnswer answer = w.answer(request);
        sent += answer.body.size();
        return answer;
    });
    const Mirrors mirrors = w.mirrors();
    CHECK(mirrors.has_commit(w.url(), first));
    CHECK(sent > 300'000);
    const std::string second = w.repository.commit("small", {{"small", "x"}});
    sent = 0;
    CHECK(mirrors.has_commit(w.url(), second));
    CHECK(sent < 10'000);
}

TEST_CASE("a commit that is no tip is found in the history of the branches") {
    GitHttpWorld w;
    const std::string old = w.repository.commit("old", {{"a", "1"}});
    w.repository.commit("new", {{"a", "2"}});
    CHECK(w.mirrors().read_file(w.url(), old, "a", 10) == "1");
}

TEST_CASE("a commit that no branch leads to is found in the history of a reference that is named") {
    GitHttpWorld w;
    w.repository.commit("base", {{"a", "0"}});
    w.repository.branch("topic");
    const std::string first = w.repository.commit("first try", {{"a", "1"}});
    w.repository.commit("second try", {{"a", "2"}});
    w.repository.git({"update-ref", "refs/kept/1", "HEAD"});
    w.repository.check_out("main");
    w.repository.git({"branch", "-D", "topic"});
    const Mirrors mirrors = w.mirrors();
    CHECK_FALSE(mirrors.has_commit(w.url(), first));
    CHECK_FALSE(mirrors.also_searching("refs/kept/2").has_commit(w.url(), first));
    CHECK(mirrors.also_searching("refs/kept/1").has_commit(w.url(), first));
    mirrors.check_out(w.url(), first, w.target);
    CHECK(text_of(w.target / "a") == "1");
}

TEST_CASE("the credential of a git server goes to the forge's origin only") {
    GitHttpWorld w;
    w.repository.commit("first", {{"a", "1"}});
    w.needed = "Basic YWRhOnMzY3JldA==";
    CHECK(contains(refusal(Kind::BadCredentials, [&] { w.mirrors().resolve(w.url(), "main"); }), "401"));
    w.forge.credential = "ada:s3cret";
    CHECK(w.mirrors().read_file(w.url(), "main", "a", 10) == "1");
    w.forge.credential = "t0ken";
    w.needed = "Basic aGVkZGxlOnQwa2Vu";
    CHECK(w.mirrors().read_file(w.url(), "main", "a", 10) == "1");

    // The repository lies at the forge's pages, the API somewhere else: nobody is told who we are.
    w.needed.clear();
    w.forge.api_url = "https://api.forge.example";
    CHECK(w.mirrors().read_file(w.url(), "main", "a", 10) == "1");
    CHECK(w.server.requests().back().header("Authorization").empty());
    // A place that is not the forge's is no reason to look into a private network.
    w.forge.web_url = "https://forge.example";
    const std::size_t before = w.server.connections();
    CHECK(contains(refusal([&] { w.mirrors().resolve(w.url(), "main"); }), "is not on the internet"));
    CHECK(w.server.connections() == before);
}

TEST_CASE("what a credential may read is not found by those without it") {
    GitHttpWorld w;
    const std::string commit = w.repository.commit("first", {{"a", "1"}});
    w.forge.credential = "ada:s3cret";
    w.needed = "Basic YWRhOnMzY3JldA==";
    CHECK(w.mirrors().has_commit(w.url(), commit));
    w.forge.credential.clear();
    CHECK_FALSE(
        refusal(Kind::BadCredentials, [&] { w.mirrors().read_file(w.url(), commit, "a", 10); }).empty());
}

TEST_CASE("sources of packages are read as everybody, inside only where a forge is") {
    GitHttpWorld w;
    const std::string commit = w.repository.commit("first", {{"a", "1"}});
    ForgeConfig forge{"src", "gitea", w.server.url(), "https://api.forge.example", true};
    std::vector<ForgeConfig> known;
    const Mirrors mirrors(w.folder.path() / "m", git_over_network(w.client, [&known] { return known; }));
    const auto refused = [&] {
        return contains(refusal([&] { mirrors.resolve(w.url(), "main"); }), "is not on the internet");
    };
    CHECK(refused());
    known = {forge};
    CHECK(mirrors.resolve(w.url(), "main") == commit);
    known[0].private_network = false;
    CHECK(refused());
    for (const StandInRequest& request : w.server.requests()) CHECK(request.header("Authorization").empty());
}

TEST_CASE("git follows a redirect within the origin and no other") {
    GitHttpWorld w;
    w.repository.commit("first", {{"a", "1"}});
    w.forge.credential = "ada:s3cret";
    w.needed = "Basic YWRhOnMzY3JldA==";
    const std::string query = "?service=git-upload-pack";
    w.server.answer("GET", "/old/info/refs", {301, "", {{"Location", w.url() + "/info/refs" + query}}});
    CHECK(w.mirrors().read_file(w.server.url() + "/old", "main", "a", 10) == "1");
    StandInServer attacker;
    for (const std::string& location : {attacker.url() + "/repository/info/refs" + query,
                                        w.url() + "/elsewhere",
                                        std::string("//evil.example/info/refs") + query,
                                        std::string()}) {
        w.server.answer("GET", "/old/info/refs", {302, "", {{"Location", location}}});
        CHECK(
            contains(refusal([&] { w.mirrors().resolve(w.server.url() + "/old", "main"); }), "not followed"));
    }
    CHECK(attacker.connections() == 0);
}

TEST_CASE("a git server that hangs, floods, or is none is left") {
    GitHttpWorld w;
    w.repository.commit("first", {{"a", std::string(5000, 'x')}});
    w.limits.deadline = std::chrono::seconds(1);
    const auto begun = std::chrono::steady_clock::now();
    w.server.answer("GET", "/repository/info/refs", {200, "", {}, StandInAnswer::Manner::Hang});
    CHECK(contains(refusal(Kind::Retry, [&] { w.mirrors().resolve(w.url(), "main"); }),
                   "within the time allowed"));
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(10));
    w.limits = {};
    w.server.answer("GET", "/repository/info/refs", {200, "<html>", {{"Content-Type", "text/html"}}});
    CHECK(contains(refusal([&] { w.mirrors().resolve(w.url(), "main"); }), "no git server"));
    w.server.answer("GET",
                    "/repository/info/refs",
                    {200, "nonsense", {{"Content-Type", "application/x-git-upload-pack-advertisement"}}});
    CHECK_FALSE(refusal([&] { w.mirrors().resolve(w.url(), "main"); }).empty());
    w.server.answer("GET", "/repository/info/refs", {503, ""});
    CHECK_FALSE(refusal(Kind::Retry, [&] { w.mirrors().resolve(w.url(), "main"); }).empty());
    w.limits.most_bytes = 100;
    CHECK(contains(refusal([&] { w.mirrors().resolve(w.server.url() + "/repository/.git", "main"); }),
                   "more than 100 bytes"));
}

TEST_CASE("URLs that git is not fetched by are told, without what could be a password") {
    GitHttpWorld w;
    const Mirrors mirrors = w.mirrors();
    for (const char* url : {"ssh://git@a.example/x",
                            "git://a.example/x",
                            "git@a.example:x",
                            "ext::sh -c x",
                            "ftp://a.example/"})
        CHECK_FALSE(refusal([&] { mirrors.resolve(url, "main"); }).empty());
    CHECK(contains(refusal([&] { mirrors.resolve("ssh://git@a.example/x", "main"); }),
                   "a forge with an ssh address only"));
    CHECK(contains(refusal([&] { mirrors.resolve("git://a.example/x", "main"); }), "not by git://"));
    const std::string told = refusal([&] { mirrors.resolve("https://ada:hidden@a.example/x", "main"); });
    CHECK(contains(told, "no plain http, https or ssh URL"));
    CHECK_FALSE(contains(told, "hidden"));
    CHECK(contains(refusal([&] { Mirrors(w.folder.path() / "m").resolve(w.url(), "main"); }),
                   "nothing is fetched through the network here"));
}
