// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/recipe.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/flow/builder/build_world.hpp"

using namespace heddle;
using namespace heddle::test;
namespace fs = std::filesystem;

namespace {

EndedBuild build(const std::string& fixture) {
    BuildWorld world;
    world.start_builder();
    return world.ended(world.build_fixture(fixture));
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every recipe builds what is right") {
    std::string name;
    std::string proof;
    SUBCASE("") { name = "obs_build_good", proof = "built by .obs/build in /build/source\n"; }
    SUBCASE("") { name = "spec_good", proof = "making greeting-1.4.tar.gz from the sources\n"; }
    SUBCASE("") { name = "debian_good", proof = "building package 'greeting' in "; }
    SUBCASE("") {
        name = "make_good", proof = "$ make check\n./greeting | grep -qx 'hello'\nall checks passed\n";
    }
    SUBCASE("") { name = "make_no_check", proof = "$ make\nbuilt\n[heddle] succeeded\n"; }
    const EndedBuild ended = build(name);
    INFO(name, ": ", ended.details, "\n", ended.log);
    CHECK(ended.state == "succeeded");
    CHECK(ended.event == "build_success");
    CHECK(contains(ended.log, proof));
}

TEST_CASE("every recipe fails what is wrong, and says why") {
    std::string name;
    std::string state = "failed";
    std::string why;
    std::string proof;
    SUBCASE("") {
        name = "obs_build_bad", proof = "this build fails\n", why = ".obs/build ended with exit code 7";
    }
    SUBCASE("") {
        name = "spec_bad", proof = "the check of the spec file fails\n",
        why = "rpmbuild -ba greeting.spec ended with exit code 1";
    }
    SUBCASE("") {
        name = "debian_bad", proof = "./greeting | grep -qx 'hello'\n",
        why = "dpkg-buildpackage -us -uc -b ended with exit code 2";
    }
    SUBCASE("") { name = "make_bad", proof = "$ make check\n", why = "make check ended with exit code 2"; }
    SUBCASE("") {
        name = "spec_unresolvable", state = "unresolvable";
        why = "missing on this machine: no-such-tool >= 3, pkgconfig(no-such-library)";
    }
    SUBCASE("") {
        name = "debian_unresolvable", state = "unresolvable";
        why = "missing on this machine: no-such-package (>= 2) another-one";
    }
    SUBCASE("") {
        name = "none", state = "broken";
        why = "no recipe: neither an executable .obs/build, a spec file, debian/rules nor a Makefile";
    }
    const EndedBuild ended = build(name);
    INFO(name, ": ", ended.details, "\n", ended.log);
    CHECK(ended.state == state);
    CHECK(ended.details == why);
    CHECK(ended.event == (state == "failed" ? "build_fail" : "build_" + state));
    CHECK(contains(ended.log, proof));
    CHECK(contains(ended.log, "[heddle] " + state + ": " + why + "\n"));
}

TEST_CASE("the first recipe that fits is taken, and links lead nowhere") {
    TemporaryFolder folder;
    const fs::path& root = folder.path();
    const auto first = [&] {
        const auto recipe = find_recipe(root, "/build", "hello:flavour");
        return recipe ? recipe->steps.back().name : "none";
    };
    std::ofstream(root / "elsewhere") << "x";
    fs::create_symlink("elsewhere", root / "Makefile");
    fs::create_symlink(root / "elsewhere", root / "a.spec");
    fs::create_symlink(root, root / "debian");
    std::ofstream(root / "rules") << "x";
    fs::create_directory(root / "makefile");
    CHECK(first() == "none");
    std::ofstream(root / "GNUmakefile") << "x";
    CHECK(first() == "make check");
    fs::remove(root / "debian");
    fs::create_directory(root / "debian");
    std::ofstream(root / "debian/rules") << "x";
    CHECK(first() == "dpkg-buildpackage -us -uc -b");
    std::ofstream(root / "b.spec") << "x";
    std::ofstream(root / "c.spec") << "x";
    CHECK(first() == "rpmbuild -ba b.spec");
    std::ofstream(root / "hello.spec") << "x";
    CHECK(first() == "rpmbuild -ba hello.spec");
    fs::create_directory(root / ".obs");
    std::ofstream(root / ".obs/build") << "x";
    CHECK(first() == "rpmbuild -ba hello.spec");
    CHECK(find_recipe(root, "/build", "x")->note == ".obs/build is not executable and was passed over");
    fs::permissions(root / ".obs/build", fs::perms{0755});
    CHECK(first() == ".obs/build");
}

TEST_CASE("what a check of dependencies said is read from its output") {
    CHECK(missing_dependencies(
              "error: Failed build dependencies:\n\tgcc >= 4 is needed by x-1\n\ty is needed by x\nz\n") ==
          std::vector<std::string>{"gcc >= 4", "y"});
    CHECK(missing_dependencies("dpkg-checkbuilddeps: error: Unmet build dependencies: a b (>= 2)\n") ==
          std::vector<std::string>{"a b (>= 2)"});
    CHECK(missing_dependencies("dpkg-checkbuilddeps: error: Build conflicts: c\n") ==
          std::vector<std::string>{"no c"});
    CHECK(missing_dependencies("error: line 3: Unknown tag\n\tx is needed by y\n").empty());
}
