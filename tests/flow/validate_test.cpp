// SPDX-License-Identifier: Apache-2.0
// What `heddle validate` prints and how it ends.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace heddle::test;

namespace {

const std::string kGood =
    "a:\n  steps:\n    - trigger_services: {project: a, package: b}\n"
    "b:\n  steps:\n    - trigger_services: {project: a, package: b}\n"
    "      rebuild_package: {project: a, package: b}\n";

/// A folder of files in which the program is started.
struct Files {
    TemporaryFolder folder;

    void write(const std::string& name, const std::string& text) const {
        std::ofstream out(folder.path() / name, std::ios::binary);
        out << text;
        REQUIRE(out.flush());
    }
    Ended validate(std::vector<std::string> names, uid_t uid = 0) const {
        names.insert(names.begin(), {heddle_program(), "validate"});
        RunOptions options;
        options.directory = folder.path();
        options.uid = uid;
        return run(names, options);
    }
};

}  // namespace

TEST_CASE("a good file is counted") {
    Files files;
    files.write("good.yml", kGood);
    files.write("empty.yml", "{}");
    const Ended ended = files.validate({"good.yml", "empty.yml"});
    CHECK(ended.exit_code == 0);
    CHECK(ended.out == "good.yml: ok, 2 workflows, 3 steps\nempty.yml: ok, 0 workflows, 0 steps\n");
    CHECK(ended.err.empty());
}

TEST_CASE("all problems of all files come with file, line and column") {
    Files files;
    files.write("bad.yml", "w: {}\nv:\n  steps:\n  - foo\n");
    files.write("good.yml", kGood);
    files.write("na\u00efve name.yml", "\u00fc: [\n");
    files.write("nothing.yml", "");
    const Ended ended = files.validate({"bad.yml", "good.yml", "na\u00efve name.yml", "nothing.yml"});
    CHECK(ended.exit_code == 2);
    CHECK(ended.out ==
          "bad.yml:1:1: the workflow \"w\" has no \"steps\"\n"
          "bad.yml:4:5: a step must be a mapping of its name to its instructions, not text\n"
          "good.yml: ok, 2 workflows, 3 steps\n"
          "na\u00efve name.yml:1:4: \"[\" is not closed, or something between is misplaced\n"
          "nothing.yml: the file holds no workflow\n");
    CHECK(ended.err.empty());
}

TEST_CASE("warnings are printed and fail nothing") {
    Files files;
    files.write("w.yml", kGood + "  filter: {event: push}\n");
    const Ended ended = files.validate({"w.yml"});
    CHECK(ended.exit_code == 0);
    CHECK(ended.out ==
          "w.yml:8:3: warning: \"filter\" has no effect in a workflow: did you mean \"filters\"?\n"
          "w.yml: ok, 2 workflows, 3 steps\n");
}

TEST_CASE("a file that can't be read is named with the reason") {
    Files files;
    files.write("good.yml", kGood);
    files.write("large.yml", std::string(300'000, '#'));
    std::filesystem::create_directory(files.folder.path() / "folder");
    const Ended ended = files.validate({"missing.yml", "folder", "good.yml/x", "large.yml", "good.yml"});
    CHECK(ended.exit_code == 2);
    CHECK(ended.err ==
          "missing.yml: there is no such file\nfolder: this is a directory, not a file\n"
          "good.yml/x: can't be read: Not a directory\n");
    CHECK(ended.out == "large.yml: the file is larger than 128 KiB\ngood.yml: ok, 2 workflows, 3 steps\n");
}

TEST_CASE("a file without permission is named with the reason") {
    Files files;
    files.write("secret.yml", kGood);
    std::filesystem::permissions(files.folder.path() / "secret.yml", std::filesystem::perms::none);
    constexpr uid_t nobody = 65534;
    const Ended ended = files.validate({"secret.yml"}, ::getuid() == 0 ? nobody : 0);
    CHECK(ended.exit_code == 2);
    CHECK(ended.err == "secret.yml: can't be read: Permission denied\n");
}
