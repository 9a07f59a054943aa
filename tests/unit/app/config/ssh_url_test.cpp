// SPDX-License-Identifier: Apache-2.0
#include "app/config/ssh_url.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace heddle;

namespace {

std::string text_of(std::string_view text) {
    const auto url = parse_ssh_url(text);
    return url ? url->text() : "refused";
}

bool lies_in(std::string_view place, std::string_view folder) {
    return parse_ssh_url(place).value().lies_in(parse_ssh_url(folder).value());
}

}  // namespace

TEST_CASE("equal ssh addresses are written the same way") {
    CHECK(text_of("ssh://git@Forge.Example") == "ssh://git@forge.example");
    CHECK(text_of("ssh://git@forge.example:22/srv/git/") == "ssh://git@forge.example/srv/git");
    CHECK(text_of("ssh://forge.example:2222/x") == "ssh://forge.example:2222/x");
    CHECK(text_of("ssh://git@[::1]:2222/x") == "ssh://git@[::1]:2222/x");
    CHECK(text_of("ssh://git@forge.example/a%20b/%C3%BC%27") == "ssh://git@forge.example/a%20b/%C3%BC%27");
    CHECK(text_of("ssh://git@forge.example/%7Eann/%61'!") == "ssh://git@forge.example/~ann/a%27%21");
    CHECK(parse_ssh_url("ssh://git@forge.example/a%20%23b").value().path == "/a #b");
    CHECK(parse_ssh_url("ssh://git@[::1]/x").value().host == "::1");
    CHECK(parse_ssh_url("ssh://git@forge.example:2222/x").value().origin() == "ssh://git@forge.example:2222");
}

TEST_CASE("git's short form is the same address") {
    CHECK(text_of("git@forge.example:team/hello.git") == "ssh://git@forge.example/team/hello.git");
    CHECK(text_of("git@forge.example:/srv/git/x") == "ssh://git@forge.example/srv/git/x");
    CHECK(text_of("forge.example:~/x") == "ssh://forge.example/~/x");
    for (const char* url :
         {"/srv/a:b", "a/b:c", "ext::sh -c x", "git@forge.example", "git@forge.example:", "a:"})
        CHECK_MESSAGE(text_of(url) == "refused", url);
}

TEST_CASE("what could be an option, a password or another path is no ssh address") {
    for (const std::string url : {"ssh://-oProxyCommand=x@forge.example/x",
                                  "ssh://-oProxyCommand=x/x",
                                  "-oProxyCommand=x:y",
                                  "x@-oProxyCommand=x:y",
                                  "ssh://git:secret@forge.example/x",
                                  "ssh://a@b@forge.example/x",
                                  "ssh://@forge.example/x",
                                  "ssh://g it@forge.example/x",
                                  "ssh://git@forge.example:0/x",
                                  "ssh://git@forge.example:99999/x",
                                  "ssh://git@forge.example:22x/x",
                                  "ssh://git@forge%2eexample/x",
                                  "ssh:///x",
                                  "ssh://git@forge.example/a/../b",
                                  "ssh://git@forge.example/a/%2e%2E/b",
                                  "ssh://git@forge.example/a%2f..%2Fb",
                                  "ssh://git@forge.example/a/./b",
                                  "ssh://git@forge.example/a//b",
                                  "ssh://git@forge.example/a/..",
                                  "ssh://git@forge.example/a%5cb",
                                  "ssh://git@forge.example/a%00b",
                                  "ssh://git@forge.example/a%0Ab",
                                  "ssh://git@forge.example/a%",
                                  "ssh://git@forge.example/a%4",
                                  "ssh://git@forge.example/a%zz",
                                  "ssh://git@forge.example/a%+1",
                                  "ssh://git@forge.example/a%FF",
                                  "ssh://git@forge.example/a?b",
                                  "ssh://git@forge.example/a#b",
                                  "SSH://git@forge.example/a",
                                  "https://forge.example/a",
                                  ""})
        CHECK_MESSAGE(text_of(url) == "refused", url);
    CHECK(text_of("ssh://git@forge.example/" + std::string(5000, 'a')) == "refused");
}

TEST_CASE("a place lies in a folder of the same user, host and port") {
    const char* folder = "ssh://git@forge.example/srv/git";
    CHECK(lies_in("ssh://git@forge.example/srv/git/x", folder));
    CHECK(lies_in("ssh://forge.example:22/srv/git/x", folder));
    CHECK(lies_in("git@forge.example:x", "ssh://git@forge.example/"));
    for (const char* place : {"ssh://root@forge.example/srv/git/x",
                              "ssh://git@evil.example/srv/git/x",
                              "ssh://git@forge.example:2222/srv/git/x",
                              "ssh://git@forge.example/srv/gitter/x",
                              "ssh://git@forge.example/srv/git",
                              "ssh://git@forge.example/srv"})
        CHECK_MESSAGE(!lies_in(place, folder), place);
    CHECK_FALSE(lies_in("ssh://git@forge.example/", "ssh://git@forge.example"));
}
