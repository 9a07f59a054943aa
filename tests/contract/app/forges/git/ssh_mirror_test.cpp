// SPDX-License-Identifier: Apache-2.0
// Mirrors of repositories behind ssh, served by a real sshd.
#include <chrono>
#include <cstdlib>

#include "app/forges/git/configured_access.hpp"
#include "app/forges/git/git_source.hpp"
#include "tests/contract/app/forges/git/ssh_world.hpp"

using namespace heddle;
using namespace heddle::test;
using Kind = RemoteError::Kind;

TEST_CASE("branches, tags and ids behind ssh lead to their commit, which is checked out") {
    SshWorld w;
    const std::string first = w.repository.commit("first", {{"a", "1"}});
    w.repository.git({"tag", "-a", "v1", "-m", "annotated"});
    w.repository.branch("topic");
    const std::string second = w.repository.commit("second", {{"a", "2"}, {"folder/b", "3"}});
    const Mirrors mirrors = w.mirrors();
    CHECK(mirrors.resolve(w.url(), "main") == first);
    CHECK(mirrors.resolve(w.url() + "/", "v1") == first);
    CHECK(mirrors.resolve(w.url(), "") == second);
    CHECK(mirrors.read_file(w.url(), "main", "a", 10) == "1");
    CHECK(mirrors.has_commit(w.url(), second));
    CHECK_FALSE(mirrors.has_commit(w.url(), std::string(40, '1')));
    mirrors.check_out(w.url(), second, w.target);
    CHECK(text_of(w.target / "folder" / "b") == "3");
    CHECK(contains(refusal([&] { mirrors.resolve(w.url(), "gone"); }), "no branch, tag or commit \"gone\""));
    CHECK(children_named("ssh") == 0);
}

TEST_CASE("a commit behind ssh that is no tip is found in the history of the branches") {
    SshWorld w;
    const std::string old = w.repository.commit("old", {{"a", "1"}});
    w.repository.commit("new", {{"a", "2"}});
    CHECK(w.mirrors().read_file(w.url(), old, "a", 10) == "1");
    const std::string newest = w.repository.commit("newest", {{"a", "3"}});
    CHECK(w.mirrors().read_file(w.url(), newest, "a", 10) == "3");
}

TEST_CASE("a large repository behind ssh is fetched whole, and refused when it is too large") {
    SshWorld w;
    std::string noise;
    for (unsigned i = 0, x = 1; i < 3'000'000; ++i)
        noise += static_cast<char>((x = x * 1103515245 + 12345) >> 16);
    const std::string commit = w.repository.commit("large", {{"large", noise}});
    w.limits.most_bytes = 1'000'000;
    CHECK(contains(refusal([&] { w.mirrors().has_commit(w.url(), commit); }), "more than 1000000 bytes"));
    CHECK(children_named("ssh") == 0);
    w.limits = {};
    CHECK(w.mirrors().read_file(w.url(), commit, "large", 4'000'000) == noise);
}

TEST_CASE("the configuration of an event is read by ssh, by its name and by its address") {
    SshWorld w;
    w.repository.commit("first", {{"ci.yml", "text"}});
    fs::create_directory(w.folder.path() / "team");
    fs::rename(w.repository.path(), w.folder.path() / "team" / "hello");
    w.forge.api_url = w.server.url() + w.folder.path().string();
    const std::string url = w.forge.api_url + "/team/hello";
    const Mirrors mirrors = w.mirrors();
    GitSource source(mirrors);
    ScmEvent event;
    event.event_class = EventClass::Push;
    event.target.branch = "main";
    event.repository.full_name = "team/hello";
    CHECK(source.read(event, "ci.yml", w.forge) == "text");
    CHECK(source.read(event, "none.yml", w.forge) == std::nullopt);
    event.repository.clone_url = url;
    CHECK(source.read(event, "ci.yml", w.forge) == "text");
    // Whoever leaves the user out means the forge's.
    event.repository.clone_url = "ssh://" + url.substr(url.find('@') + 1);
    CHECK(source.read(event, "ci.yml", w.forge) == "text");
}

TEST_CASE("a path with characters that mean something to a shell is a path") {
    SshWorld w;
    const std::string odd = "it's $(touch pwned) `x` !1; \"q\" -o \xC3\xBC#%41";
    fs::create_directory(w.folder.path() / odd);
    w.repository.commit("first", {{"a", "1"}});
    run_git(w.folder.path() / odd, {"clone", "--quiet", "--bare", "--", w.repository.path().string(), "-x"});
    w.forge.api_url = w.server.url() + w.folder.path().string();
    const Mirrors mirrors = w.mirrors();
    GitSource source(mirrors);
    ScmEvent event;
    event.event_class = EventClass::Push;
    event.target.branch = "main";
    event.repository.full_name = odd + "/-x";
    CHECK(source.read(event, "a", w.forge) == "1");
    CHECK(source.read(event, "b", w.forge) == std::nullopt);
}

TEST_CASE("only a host with the key that is expected is talked to") {
    SshWorld w;
    w.repository.commit("first");
    SshServer other;
    SUBCASE("another key") {
        std::ofstream(w.folder.path() / "hosts")
            << "[127.0.0.1]:" << w.server.port()
            << text_of(other.known_hosts()).substr(text_of(other.known_hosts()).find(' '));
        w.forge.known_hosts = w.folder.path() / "hosts";
        CHECK(contains(w.told(Kind::GiveUp), "shows another key than"));
    }
    SUBCASE("no key") {
        w.forge.known_hosts = other.known_hosts();
        CHECK(contains(w.told(Kind::GiveUp), "has no key of [127.0.0.1]:" + std::to_string(w.server.port())));
    }
    SUBCASE("no file") {
        w.forge.known_hosts = w.folder.path() / "none";
        CHECK(contains(w.told(Kind::GiveUp), "has no key of"));
    }
    SUBCASE("nothing configured") {
        w.forge.known_hosts.clear();
        CHECK(contains(w.told(Kind::GiveUp), "known_hosts"));
        CHECK(w.server.connections() == 0);
    }
    CHECK(other.connections() == 0);
}

TEST_CASE("a host is known by its name, whatever address it has") {
    SshWorld w;
    const std::string commit = w.repository.commit("first");
    w.forge.api_url = w.server.url("localhost") + w.root();
    const std::string url = w.server.url("localhost") + w.repository.path().string();
    CHECK(w.mirrors().resolve(url, "main") == commit);
    w.forge.private_network = false;
    const std::size_t before = w.server.connections();
    CHECK(contains(refusal([&] { w.mirrors().resolve(url, "main"); }), "is not on the internet"));
    CHECK(w.server.connections() == before);
}

TEST_CASE("a key that the server does not know, or that is none, is told as the credential's fault") {
    SshWorld w;
    w.repository.commit("first");
    make_ssh_key(w.folder.path() / "stranger");
    make_ssh_key(w.folder.path() / "locked", "a passphrase");
    w.forge.credential = text_of(w.folder.path() / "stranger");
    CHECK(contains(w.told(Kind::BadCredentials), "does not know the token's key"));
    w.forge.credential = text_of(w.folder.path() / "locked");
    CHECK_FALSE(w.told(Kind::BadCredentials).empty());
    w.forge.credential = "t0ken\n";
    CHECK_FALSE(w.told(Kind::BadCredentials).empty());
    const std::size_t before = w.server.connections();
    w.forge.credential.clear();
    CHECK(contains(w.told(Kind::BadCredentials), "a token with a private key"));
    CHECK(w.server.connections() == before);
    CHECK(children_named("ssh") == 0);
}

TEST_CASE("the private key lies in no file") {
    SshWorld w;
    w.repository.commit("first");
    CHECK_FALSE(w.mirrors().resolve(w.url(), "main").empty());
    for (const auto& entry : fs::recursive_directory_iterator(w.folder.path()))
        if (entry.is_regular_file()) CHECK_FALSE(contains(text_of(entry.path()), "PRIVATE KEY"));
}

TEST_CASE("an ssh server that hangs is left at the deadline, and so is what it says") {
    SshWorld w;
    w.repository.commit("first");
    w.limits.deadline = std::chrono::seconds(2);
    const auto begun = std::chrono::steady_clock::now();
    SUBCASE("before it is one") { w.server.fall_silent(); }
    SUBCASE("instead of git") { w.server.force("sleep 1000"); }
    SUBCASE("complaining") { w.server.force("yes complaint >&2"); }
    SUBCASE("in the middle") { w.server.force("printf 0123; sleep 1000"); }
    CHECK(contains(w.told(Kind::Retry), "within the time allowed"));
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(20));
    CHECK(children_named("ssh") == 0);
}

TEST_CASE("an ssh server that is away or breaks off may do better later, one that is no git server won't") {
    SshWorld w;
    w.repository.commit("first");
    SUBCASE("no git server") {
        w.server.force("echo Welcome");
        CHECK_FALSE(w.told(Kind::GiveUp).empty());
    }
    SUBCASE("its own words") {
        w.server.force("echo 'no such project' >&2; exit 1");
        CHECK(contains(w.told(Kind::GiveUp), "the server says \"no such project\""));
    }
    SUBCASE("no such repository") {
        CHECK(contains(refusal([&] { w.mirrors().resolve(w.server.url() + w.root() + "/none", "main"); }),
                       "there is no such repository"));
    }
    SUBCASE("cut") {
        w.server.force("kill -9 $PPID");
        CHECK_FALSE(w.told(Kind::Retry).empty());
    }
    SUBCASE("cut after a word, which may be lost") {
        w.server.force("printf 0123; kill -9 $PPID");
        CHECK_FALSE(w.told(Kind::Retry).empty());
    }
    SUBCASE("away") {
        w.forge.api_url = "ssh://git@127.0.0.1:1/srv";
        CHECK(contains(
            refusal(Kind::Retry, [&] { w.mirrors().resolve("ssh://git@127.0.0.1:1/srv/x", "main"); }),
            "Connection refused"));
    }
    CHECK(children_named("ssh") == 0);
}

TEST_CASE("nothing is reached by ssh but what lies below the forge's address") {
    SshWorld w;
    w.repository.commit("first");
    SshServer attacker;
    const Mirrors mirrors = w.mirrors();
    const std::string path = w.repository.path().string();
    const std::string port = std::to_string(w.server.port());
    for (const std::string& url : {attacker.url() + path,
                                   "ssh://mallory@127.0.0.1:" + port + path,
                                   "ssh://-oProxyCommand=x@127.0.0.1:" + port + path,
                                   "ssh://-oProxyCommand=x" + path,
                                   "ssh://" + SshServer::user() + ":pw@127.0.0.1:" + port + path,
                                   w.server.url() + "/etc",
                                   w.server.url() + w.root(),
                                   w.server.url() + w.root() + "/../" + path,
                                   w.server.url() + w.root() + "/%2e%2e" + path,
                                   w.server.url() + path + "%0a",
                                   w.server.url() + path + "?x",
                                   "git@127.0.0.1:" + path,
                                   std::string("-oProxyCommand=touch:x"),
                                   std::string("ext::sh -c x")})
        CHECK_MESSAGE(!refusal([&] { mirrors.resolve(url, "main"); }).empty(), url);
    GitSource source(mirrors);
    ScmEvent event;
    event.event_class = EventClass::Push;
    event.target.branch = "main";
    event.repository.full_name = "repository";
    event.repository.clone_url = attacker.url() + path;
    CHECK(contains(refusal([&] { source.read(event, "a", w.forge); }), "does not lie below the forge's"));
    CHECK(contains(refusal([&] { w.notes().read(attacker.url() + path, std::string(40, '1'), w.forge); }),
                   "does not lie below the forge's"));
    // A forge of another kind opens no way to ssh.
    w.forge.api_url = "https://127.0.0.1:" + port;
    CHECK_FALSE(refusal([&] { w.mirrors().resolve(w.url(), "main"); }).empty());
    CHECK(w.server.connections() == 0);
    CHECK(attacker.connections() == 0);
}

TEST_CASE("sources of packages come by no ssh: they have no key") {
    SshWorld w;
    w.repository.commit("first");
    std::vector<ForgeConfig> known;
    const Mirrors mirrors(w.folder.path() / "m", git_over_network(w.client, [&known] { return known; }));
    CHECK(contains(refusal([&] { mirrors.resolve(w.url(), "main"); }), "a forge with an ssh address only"));
    known = {{"src", "git", "", w.forge.api_url, true, w.forge.known_hosts}};
    CHECK(contains(refusal(Kind::BadCredentials, [&] { mirrors.resolve(w.url(), "main"); }),
                   "a token with a private key"));
    CHECK(w.server.connections() == 0);
}

TEST_CASE("a machine without ssh says so") {
    SshWorld w;
    w.repository.commit("first");
    const std::string path = ::getenv("PATH");
    ::setenv("PATH", "/nonexistent", 1);
    const std::string told = w.told(Kind::GiveUp);
    ::setenv("PATH", path.c_str(), 1);
    CHECK(contains(told, "the program ssh is not installed"));
    CHECK(w.server.connections() == 0);
}
