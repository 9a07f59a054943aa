// SPDX-License-Identifier: Apache-2.0
// Where a commit of an event may be asked for: at the forge, whatever a payload says.
#include "app/forges/git/commit_places.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "app/forges/source_kinds.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace heddle;
using namespace heddle::test;
namespace fs = std::filesystem;

namespace {

ForgeAccess access_to(const std::string& kind) {
    return {"here", kind, "https://forge.example", "https://api.forge.example", false, "t0ken"};
}

ScmEvent pull_request(const std::string& clone_url, const std::string& fork_url) {
    ScmEvent event;
    event.event_class = EventClass::PullRequest;
    event.number = 7;
    event.repository = {"team/hello", "team", "hello", "", clone_url, ""};
    event.source = {"ann/hello", "topic", fork_url};
    return event;
}

/// "url reference", in order.
std::vector<std::string> places(const ScmEvent& event, const ForgeAccess& access) {
    std::vector<std::string> lines;
    for (const CommitPlace& place : commit_places(event, access)) {
        CHECK(place.access.credential == access.credential);
        lines.push_back(place.url + " " + place.reference);
    }
    return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the target repository with its pull request comes first, then the fork") {
    const std::string target = "https://forge.example/team/hello.git";
    const std::string fork = "https://forge.example/ann/hello.git";
    CHECK(places(pull_request(target, fork), access_to("github")) ==
          Lines{target + " refs/pull/7/head", fork + " "});
    CHECK(places(pull_request(target, fork), access_to("gitea")) ==
          Lines{target + " refs/pull/7/head", fork + " "});
    CHECK(places(pull_request(target, fork), access_to("gitlab")) ==
          Lines{target + " refs/merge-requests/7/head", fork + " "});
    CHECK(places(pull_request(target, target), access_to("github")) == Lines{target + " refs/pull/7/head"});
    CHECK(places(pull_request(target, ""), access_to("github")) == Lines{target + " refs/pull/7/head"});
    ScmEvent push = pull_request(target, "");
    push.number.reset();
    CHECK(places(push, access_to("github")) == Lines{target + " "});
    CHECK(pull_reference("git", 7).empty());
}

TEST_CASE("an address of a payload that does not lie at the forge is left out") {
    const std::string target = "https://forge.example/team/hello.git";
    for (const std::string& url : {std::string("https://evil.example/ann/hello.git"),
                                   std::string("http://forge.example/ann/hello.git"),
                                   std::string("https://forge.example:8443/ann/hello.git"),
                                   std::string("https://forge.example@evil.example/ann/hello.git"),
                                   std::string("https://forge.example.evil.example/ann/hello.git"),
                                   std::string("file:///srv/git/hello"),
                                   std::string("/srv/git/hello"),
                                   std::string("git@forge.example:ann/hello.git"),
                                   std::string("ext::sh -c id")}) {
        CAPTURE(url);
        CHECK(places(pull_request(target, url), access_to("github")) == Lines{target + " refs/pull/7/head"});
        CHECK(places(pull_request(url, target), access_to("github")) == Lines{target + " "});
    }
    CHECK(places(pull_request(target, target), {}).empty());
}

TEST_CASE("a forge of plain repositories has its places below its address") {
    TemporaryFolder folder;
    const fs::path base = folder.path() / "repositories";
    fs::create_directories(base / "team/hello");
    fs::create_directories(folder.path() / "others");
    ForgeAccess access{"plain", "git", "", "https://git.example/pub", false, ""};
    CHECK(places(pull_request("", "https://git.example/pub/ann/x.git"), access) ==
          Lines{"https://git.example/pub/team/hello ", "https://git.example/pub/ann/x.git "});
    CHECK(places(pull_request("https://evil.example/pub/x", (base / "team/hello").string()), access).empty());
    access.api_url = base.string();
    CHECK(places(pull_request("", (folder.path() / "others").string()), access) ==
          Lines{(base / "team/hello").string() + " "});
}
