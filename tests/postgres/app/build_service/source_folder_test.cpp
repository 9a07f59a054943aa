// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/source_folder.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "app/config/wrong_use.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace heddle;
namespace fs = std::filesystem;

namespace {

struct Folder {
    test::TemporaryFolder all;
    fs::path sources = all.path() / "src";

    Folder() { fs::create_directories(sources); }

    void write(const std::string& name, const std::string& content, bool executable = false) {
        fs::create_directories((sources / name).parent_path());
        std::ofstream(sources / name) << content;
        if (executable) fs::permissions(sources / name, fs::perms::owner_all);
    }

    std::vector<std::string> read() {
        std::vector<std::string> lines;
        for (const SourceFile& file : read_source_folder(sources))
            lines.push_back(file.name + (file.executable ? "*" : "") + "=" + file.content);
        return lines;
    }

    std::string refusal() {
        try {
            read_source_folder(sources);
        } catch (const WrongUse& error) {
            return std::string(error.what()).substr(sources.string().size());
        }
        return "nothing was refused";
    }
};

}  // namespace

TEST_CASE("a folder becomes its files, with folders, executable bits and without .git") {
    Folder folder;
    folder.write("b", "2");
    folder.write("a/run", "#!/bin/sh\n", true);
    folder.write(".git/config", "secret");
    folder.write(".obs/build", "x", true);
    CHECK(folder.read() == std::vector<std::string>{".obs/build*=x", "a/run*=#!/bin/sh\n", "b=2"});
}

TEST_CASE("a symlink to a file of the folder is that file, every other one is refused") {
    Folder folder;
    folder.write("target", "inside");
    folder.write("deep/file", "");
    fs::create_symlink("../target", folder.sources / "deep/link");
    CHECK(folder.read() == std::vector<std::string>{"deep/file=", "deep/link=inside", "target=inside"});
    for (const fs::path& to :
         {fs::path("/etc/passwd"), fs::path("../outside"), fs::path("/"), fs::path("nowhere")}) {
        std::ofstream(folder.all.path() / "outside") << "secret";
        fs::remove(folder.sources / "link");
        fs::create_symlink(to, folder.sources / "link");
        CHECK(folder.refusal() == "/link: the symlink does not lead to a file of this folder");
    }
    fs::remove(folder.sources / "link");
    fs::create_symlink("deep", folder.sources / "link");
    CHECK(folder.refusal() == "/link: it is no file, so it can't be kept");
}

TEST_CASE("what can't be kept is refused with its place") {
    Folder folder;
    REQUIRE(::mkfifo((folder.sources / "pipe").c_str(), 0600) == 0);
    CHECK(folder.refusal() == "/pipe: it is no file, so it can't be kept");
    fs::remove(folder.sources / "pipe");
    folder.write("bad\xff", "");
    CHECK(folder.refusal().find("it is not UTF-8") != std::string::npos);
    fs::remove(folder.sources / "bad\xff");
    folder.write("large", "");
    fs::resize_file(folder.sources / "large", kMaxFolderBytes + 1);
    CHECK(folder.refusal() == ": its files are larger than 64 MiB");
    fs::remove_all(folder.sources);
    CHECK(folder.refusal() == ": No such file or directory");
}
