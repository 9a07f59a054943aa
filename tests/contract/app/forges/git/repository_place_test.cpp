// SPDX-License-Identifier: Apache-2.0
// A plain git forge's repositories: below its api_url and nowhere else, whatever a payload says.
#include "app/forges/git/repository_place.hpp"

#include "app/forges/git/forge_notes.hpp"
#include "app/forges/git/git_source.hpp"
#include "tests/contract/app/forges/git/http_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

struct PlaceWorld {
    TemporaryFolder folder;
    fs::path base = folder.path() / "repositories";
    fs::path secret = folder.path() / "repositories-of-others" / "secret";

    PlaceWorld() {
        fs::create_directories(base / "team" / "tool");
        fs::create_directories(secret);
        fs::create_symlink(secret, base / "team" / "link");
    }

    ForgeAccess at(const std::string& api_url) const { return {"plain", "git", "", api_url, false, ""}; }
    static EventRepository named(const std::string& full_name, const std::string& clone_url) {
        EventRepository repository;
        repository.full_name = full_name;
        repository.clone_url = clone_url;
        return repository;
    }
    std::string told(const EventRepository& repository, const std::string& api_url) const {
        return refusal([&] { place_of(repository, at(api_url), "read it"); });
    }
};

}  // namespace

TEST_CASE("a repository of this machine is read where the configuration keeps it") {
    PlaceWorld w;
    const std::string tool = (w.base / "team" / "tool").string();
    CHECK(place_of(w.named("team/tool", ""), w.at(w.base), "read it") == tool);
    CHECK(place_of(w.named("team/tool", ""), w.at("file://" + w.base.string() + "/"), "read it") == tool);
    CHECK(place_of(w.named("x/y", "file://" + tool), w.at(w.base), "read it") == tool);
    CHECK(place_of(w.named("x/y", tool + "/../tool/."), w.at(w.base), "read it") == tool);
    CHECK(may_read_locally(w.at(w.base), tool));
    CHECK_FALSE(may_read_locally(w.at(w.base), w.base));
    CHECK_FALSE(may_read_locally(w.at("https://git.example"), tool));
    CHECK_FALSE(may_read_locally(w.at(""), tool));
}

TEST_CASE("a payload opens no other folder of this machine") {
    PlaceWorld w;
    const std::string base = w.base.string();
    for (const std::string& url : {w.secret.string(),
                                   "file://" + w.secret.string(),
                                   base + "/../repositories-of-others/secret",
                                   "file://" + base + "/%2e%2e/repositories-of-others/secret",
                                   base + "/team/link",
                                   base,
                                   std::string("/etc")})
        CHECK_MESSAGE(contains(w.told(w.named("team/tool", url), base), "does not lie below the forge's"),
                      url);
    CHECK(contains(w.told(w.named("team/none", ""), base), "no such folder"));
    for (const char* name : {"../repositories-of-others/secret", "..", "", "team/../team/tool", "/etc/x"})
        CHECK_MESSAGE(contains(w.told(w.named(name, ""), base), "is no name of a repository"), name);
    for (const char* api_url : {"https://git.example", "https://git.example/team"})
        CHECK(contains(w.told(w.named("team/tool", w.secret), api_url), "it is on this machine"));
}

TEST_CASE("a payload names no other place of the network") {
    PlaceWorld w;
    const std::string base = "https://git.example/pub";
    CHECK(place_of(w.named("team/to ol", ""), w.at(base), "read it") == base + "/team/to%20ol");
    CHECK(place_of(w.named("x/y", base + "/team/tool.git"), w.at(base + "/"), "read it") ==
          base + "/team/tool.git");
    for (const char* url : {"https://git.example/public/x",
                            "https://git.example/pub",
                            "https://git.example/pub/",
                            "http://git.example/pub/x",
                            "https://git.example:8443/pub/x",
                            "https://evil.example/pub/x",
                            "https://git.example/pub/../x",
                            "https://git.example/pub/%2e%2E/x",
                            "https://git.example/pub/a%2f..",
                            "https://git.example/pub/..",
                            "https://git.example/pub//x",
                            "https://git.example/pub/x?y"})
        CHECK_MESSAGE(contains(w.told(w.named("x/y", url), base), "does not lie below the forge's"), url);
    for (const char* url : {"ext::sh", "https://u@git.example/pub/x"})
        CHECK_MESSAGE(contains(w.told(w.named("x/y", url), base), "neither http, https nor ssh"), url);
    for (const char* url : {"ssh://git@git.example/pub/x", "git@git.example:pub/x"})
        CHECK_MESSAGE(contains(w.told(w.named("x/y", url), base), "with an ssh address only"), url);
}

TEST_CASE("a repository of a forge behind ssh lies below its address, for its user") {
    PlaceWorld w;
    const std::string base = "ssh://git@git.example:2222/pub";
    CHECK(w.told(w.named("x/y", ""), base) == "");
    CHECK(place_of(w.named("x/\xC3\xBC 'y", ""), w.at(base), "") == base + "/x/%C3%BC%20%27y");
    CHECK(place_of(w.named("", "ssh://git.example:2222/pub/x/"), w.at(base), "") ==
          "ssh://git.example:2222/pub/x");
    CHECK(place_of(w.named("", "git@git.example:pub/x"), w.at("ssh://git@git.example/pub"), "") ==
          "ssh://git@git.example/pub/x");
    for (const char* url : {"ssh://root@git.example:2222/pub/x",
                            "ssh://git@git.example/pub/x",
                            "ssh://git@evil.example:2222/pub/x",
                            "ssh://git@git.example:2222/pub",
                            "ssh://git@git.example:2222/public/x",
                            "git@git.example:pub/x"})
        CHECK_MESSAGE(contains(w.told(w.named("x/y", url), base), "does not lie below the forge's"), url);
}

TEST_CASE("the configuration of a plain git forge comes over http, or from the folder it keeps") {
    GitHttpWorld w;
    const std::string path = ".obs/workflows.yml";
    const std::string first = w.repository.commit("first", {{path, "a: {}\n"}});
    const Mirrors mirrors = w.mirrors();
    GitSource source(mirrors);
    ScmEvent event;
    event.event_class = EventClass::Push;
    event.repository = {"team/repository", "team", "repository", "", w.url(), ""};
    event.target = {"team/repository", "main", w.url()};
    CHECK(source.read(event, path, w.forge) == "a: {}\n");
    w.repository.commit("second", {{path, "b: {}\n"}});
    event.target.clone_url += "#" + first;  // what only a command line may ask for
    CHECK(source.read(event, path, w.forge) == "b: {}\n");
    ForgeAccess local = w.forge;
    local.api_url = w.repository.path().parent_path();
    event.repository.clone_url = w.repository.path();
    CHECK(source.read(event, path, local) == "b: {}\n");
    event.repository.clone_url = w.repository.path().parent_path() / "elsewhere";
    CHECK_FALSE(refusal([&] { source.read(event, path, local); }).empty());
    event.repository.clone_url = w.repository.path();
    CHECK(contains(refusal([&] { source.read(event, path, w.forge); }), "it is on this machine"));
}

TEST_CASE("notes are written where the configuration keeps repositories, and nowhere else") {
    PlaceWorld w;
    ForgeNotes notes;
    const std::string tool = (w.base / "team" / "tool").string();
    const std::string commit(40, 'a');
    const auto told = [&](const std::string& repository, const std::string& api_url) {
        return refusal([&] { notes.read(repository, commit, w.at(api_url)); });
    };
    for (const auto& [repository, api_url] : {std::pair(w.secret.string(), std::string()),
                                              std::pair(tool, w.base.string()),
                                              std::pair(std::string("team/tool"), w.base.string())})
        CHECK(contains(told(repository, api_url), "it is no git repository"));
    CHECK(contains(told(w.secret, w.base), "does not lie below the forge's"));
    CHECK(contains(told("../repositories-of-others/secret", w.base), "is no name of a repository"));
    CHECK(contains(told("https://git.example/x", "https://git.example"), "nothing is sent"));
    CHECK(contains(told("https://git.example/x", "https://git.example/y"), "does not lie below the forge's"));
    CHECK(contains(told(w.secret, "https://git.example"), "it is on this machine"));
}
