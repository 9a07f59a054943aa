// SPDX-License-Identifier: Apache-2.0
// What ssh is told, and what is understood of its words.
#include "app/forges/git/ssh_command.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace heddle;
using Kind = RemoteError::Kind;

namespace {

SshCall call_for(const std::string& url) {
    return {parse_ssh_url(url).value(),
            "192.0.2.7",
            "/proc/1/fd/9",
            "/etc/heddle/known_hosts",
            "git-upload-pack",
            std::chrono::seconds(15)};
}

bool has(const std::vector<std::string>& command, const std::string& word) {
    return std::find(command.begin(), command.end(), word) != command.end();
}

std::string told(Kind kind, std::optional<int> exit_code, const std::string& complaints) {
    const RemoteError error =
        ssh_failure(exit_code, complaints, call_for("ssh://git@forge.example:2222/x"), "look");
    CHECK(error.kind == kind);
    return error.what();
}

}  // namespace

TEST_CASE("ssh connects to the address that was checked, for the host whose key is known") {
    const auto command = ssh_command(call_for("ssh://git@forge.example:2222/x"));
    CHECK(has(command, "HostName=192.0.2.7"));
    CHECK(has(command, "HostKeyAlias=[forge.example]:2222"));
    CHECK(has(ssh_command(call_for("ssh://git@forge.example/x")), "HostKeyAlias=forge.example"));
    CHECK(has(ssh_command(call_for("ssh://git@[::1]/x")), "HostKeyAlias=::1"));
    CHECK(has(command, "2222"));
    CHECK(has(command, "git"));
    for (const char* option : {"BatchMode=yes",
                               "StrictHostKeyChecking=yes",
                               "UserKnownHostsFile=/etc/heddle/known_hosts",
                               "GlobalKnownHostsFile=/dev/null",
                               "IdentitiesOnly=yes",
                               "IdentityAgent=none",
                               "IdentityFile=/proc/1/fd/9",
                               "PreferredAuthentications=publickey",
                               "ClearAllForwardings=yes",
                               "ControlPath=none",
                               "ProxyCommand=none",
                               "ConnectTimeout=15"})
        CHECK_MESSAGE(has(command, option), option);
    CHECK(command.at(1) == "-F");
    CHECK(command.at(2) == "/dev/null");
}

TEST_CASE("what stands in a URL is never an option, and one word for the far side's shell") {
    const auto words = [](const std::string& url) {
        const auto command = ssh_command(call_for(url));
        CHECK(command.at(command.size() - 3) == "--");
        return command.back();
    };
    CHECK(words("ssh://git@forge.example/team/hello.git") == "git-upload-pack '/team/hello.git'");
    CHECK(words("ssh://git@forge.example/it%27s%20$(x)%21") == "git-upload-pack '/it'\\''s $(x)'\\!''");
    CHECK(words("ssh://git@forge.example/~/x") == "git-upload-pack '~/x'");
    CHECK(words("ssh://git@forge.example/-x") == "git-upload-pack '/-x'");
}

TEST_CASE("an end of ssh is told by its cause") {
    CHECK(told(Kind::Retry, std::nullopt, "") == "look: ssh was killed");
    CHECK(told(Kind::Retry, 255, "ssh: connect to host 192.0.2.7 port 2222: No route to host\r\n") ==
          "look: ssh says \"ssh: connect to host 192.0.2.7 port 2222: No route to host\"");
    CHECK(told(Kind::Retry, 255, "") == "look: ssh says nothing");
    // The file is the trouble, not who we are.
    CHECK(told(Kind::Retry,
               255,
               "Load key \"/proc/1/fd/9\": Permission denied\r\ngit@192.0.2.7: Permission denied "
               "(publickey).\r\n")
              .starts_with("look: ssh could not read the key"));
    CHECK(told(Kind::BadCredentials, 255, "git@192.0.2.7: Permission denied (publickey).\r\n") ==
          "look: [forge.example]:2222 does not know the token's key");
    // Only ssh itself may say that a key is refused.
    CHECK(told(Kind::GiveUp, 128, "Permission denied (publickey)\x1b[0m\n").find('\x1b') ==
          std::string::npos);
    CHECK(told(Kind::GiveUp, 1, std::string(4000, 'x')).size() < 500);
    CHECK(is_unreached(255, "ssh: connect to host 192.0.2.7 port 22: Connection refused\r\n"));
    CHECK_FALSE(is_unreached(255, "Host key verification failed.\r\n"));
    CHECK_FALSE(is_unreached(1, "ssh: connect to host"));
}
