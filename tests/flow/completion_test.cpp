// SPDX-License-Identifier: Apache-2.0
// What bash offers behind the words of a command line. COMP_WORDS is as bash splits it: at '=' and ':' too.
#include <doctest/doctest.h>
#include <sys/utsname.h>

#include <algorithm>
#include <sstream>

#include "tests/support/git_repository.hpp"
#include "tests/support/program.hpp"

using namespace heddle::test;

namespace {

using Words = std::vector<std::string>;

struct Shell {
    GitRepository repository;
    RunOptions options;

    Shell() {
        repository.write("Makefile", "all:\n");
        repository.commit("Begin");
        options.directory = repository.path().parent_path();
    }

    /// The offers for the last of the words.
    Words offers(const Words& words) const {
        Words arguments{
            "bash",
            "-c",
            "source <(\"$0\" completion) && COMP_WORDS=(heddle \"$@\") && COMP_CWORD=$# && { _heddle; "
            "printf '%s\\n' \"${COMPREPLY[@]}\"; }",
            heddle_program()};
        arguments.insert(arguments.end(), words.begin(), words.end());
        const Ended ended = run(arguments, options);
        CHECK_MESSAGE(ended.err.empty(), ended.err);
        Words offers;
        std::istringstream lines(ended.out);
        for (std::string line; std::getline(lines, line);)
            if (!line.empty()) offers.push_back(line);
        std::sort(offers.begin(), offers.end());
        return offers;
    }
};

}  // namespace

TEST_CASE("completion offers the verbs that can follow") {
    const Shell shell;
    const Words runs{"follow", "list", "rerun", "resync", "show"};
    CHECK(shell.offers({"runs", ""}) == runs);
    CHECK(shell.offers({"--try", "r1", "runs", ""}) == runs);
    CHECK(shell.offers({"--try", "=", "r1", "--json", "runs", ""}) == runs);
    CHECK(shell.offers({"runs", "--try", "r1", ""}) == runs);
    CHECK(shell.offers({"runs", "sh"}) == Words{"show"});
    CHECK(shell.offers({"comp"}) == Words{"completion"});
    CHECK(shell.offers({"keep"}).empty());
}

TEST_CASE("completion offers options, the global ones behind every verb") {
    const Shell shell;
    CHECK(shell.offers({"runs", "list", "--"}) ==
          Words{"--config", "--help", "--json", "--limit", "--status", "--try"});
    CHECK(shell.offers({"validate", "a.yml", "--j"}) == Words{"--json"});
    CHECK(shell.offers({"--c"}) == Words{"--config"});
}

TEST_CASE("completion offers the values of options") {
    const Shell shell;
    CHECK(shell.offers({"runs", "list", "--status", ""}) ==
          Words{"cancelled", "fail", "queued", "running", "success"});
    CHECK(shell.offers({"runs", "list", "--status", "=", "s"}) == Words{"success"});
    CHECK(shell.offers({"runs", "list", "--status", "="}).size() == 5);
    CHECK(shell.offers({"try", "--event", "l"}) == Words{"labeled:"});
    CHECK(shell.offers({"try", "--event", ""}).size() == 9);
    CHECK(shell.offers({"token", "create", "--kind", ""}) == Words{"workflow"});
    CHECK(shell.offers({"runs", "list", "--limit", ""}).empty());
}

TEST_CASE("completion goes on behind a ':', where bash begins another word") {
    const Shell shell;
    utsname names{};
    REQUIRE(::uname(&names) == 0);
    const std::string machine = names.machine;
    const Words create{"project", "create", "demo", "--repository"};
    const auto behind = [&](Words more) {
        more.insert(more.begin(), create.begin(), create.end());
        return shell.offers(more);
    };
    CHECK(behind({""}) == Words{"local:" + machine});
    CHECK(behind({"local", ":"}) == Words{machine});
    CHECK(behind({"local", ":", machine.substr(0, 2)}) == Words{machine});
    CHECK(behind({"=", "local", ":"}) == Words{machine});
    CHECK(behind({"other", ":"}).empty());
    CHECK(behind({"local", ":", machine, "--h"}) == Words{"--help"});
    CHECK(shell.offers({"package", "show", "demo", ":", "sub/pkg", "--tr"}) == Words{"--try"});
    CHECK(shell.offers({"try", "--event", "labeled", ":", "x", "--no"}) == Words{"--no-notes"});
    CHECK(shell.offers({"try", "--event", "labeled", ":"}) == Words{});
    shell.repository.write("../a:b.yml", "");
    shell.repository.write("../a:c.yml", "");
    CHECK(shell.offers({"validate", "a", ":"}) == Words{"b.yml", "c.yml"});
    CHECK(shell.offers({"validate", "a", ":", "b"}) == Words{"b.yml"});
}

TEST_CASE("completion offers files where a file is meant") {
    const Shell shell;
    const std::string folder = shell.repository.path().filename();
    CHECK(shell.offers({"try", ""}) == Words{folder});
    CHECK(shell.offers({"runs", "--try", folder.substr(0, 2)}) == Words{folder});
    CHECK(shell.offers({"runs", "show", ""}).empty());
}

TEST_CASE("completion offers branches of the repository that is named, and runs nothing of their names") {
    Shell shell;
    const std::string odd = "x$(touch${IFS}ran)";
    shell.repository.branch("feature/a");
    shell.repository.branch(odd);
    const std::string folder = shell.repository.path().filename();
    CHECK(shell.offers({"try", folder, "--head", "f"}) == Words{"feature/a"});
    CHECK(shell.offers({"try", folder, "--base", ""}) == Words{"feature/a", "main", odd});
    CHECK(shell.offers({"try", "--base", ""}).empty());
    shell.options.directory = shell.repository.path();
    CHECK(shell.offers({"try", "--base", "m"}) == Words{"main"});
    CHECK_FALSE(std::filesystem::exists(shell.repository.path() / "ran"));
    CHECK_FALSE(std::filesystem::exists(shell.repository.path().parent_path() / "ran"));
}
