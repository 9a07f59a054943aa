// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/names.hpp"

#include <doctest/doctest.h>

using namespace heddle;

namespace {

std::string refusal(NameKind kind, std::string_view name) { return why_refused(kind, name).value_or("good"); }

}  // namespace

TEST_CASE("usual project names are accepted") {
    for (std::string_view name :
         {"a", "9", "home:adrian", "openSUSE:Factory:ARM", "OBS:Server:2.10", "a+b-c_d", "a:-b", "-x", "00"})
        CHECK_MESSAGE(is_project_name(name), name);
}

TEST_CASE("a refused project name is told why") {
    CHECK(refusal(NameKind::Project, "") == R"("" is no project name: it is empty)");
    CHECK(refusal(NameKind::Project, "0") == R"("0" is no project name: "0" can't be used)");
    CHECK(refusal(NameKind::Project, "a/b") == R"("a/b" is no project name: it contains "/")");
    CHECK(refusal(NameKind::Project, "a b") == R"("a b" is no project name: it contains a space)");
    CHECK(refusal(NameKind::Project, "a\nb") == R"("a\nb" is no project name: it contains "\n")");
    CHECK(refusal(NameKind::Project, "gr\u00fcn") ==
          "\"gr\u00fcn\" is no project name: it contains \"\u00fc\"");
    CHECK(refusal(NameKind::Project, ":a") == R"(":a" is no project name: it begins with ":")");
    CHECK(refusal(NameKind::Project, ".a") == R"(".a" is no project name: it begins with ".")");
    CHECK(refusal(NameKind::Project, "_a") == R"("_a" is no project name: it begins with "_")");
    CHECK(refusal(NameKind::Project, "a:") == R"("a:" is no project name: it ends with ":")");
    CHECK(refusal(NameKind::Project, "a::b") == R"("a::b" is no project name: it contains "::")");
    CHECK(refusal(NameKind::Project, "a:.b") == R"("a:.b" is no project name: it contains ":.")");
    CHECK(refusal(NameKind::Project, "a:_b") == R"("a:_b" is no project name: it contains ":_")");
}

TEST_CASE("a project or package name has at most 200 characters") {
    CHECK(is_project_name(std::string(200, 'a')));
    CHECK(is_package_name(std::string(200, 'a')));
    CHECK_FALSE(is_project_name(std::string(201, 'a')));
    CHECK_FALSE(is_package_name(std::string(201, 'a')));
    CHECK(refusal(NameKind::Package, std::string(201, 'a')).ends_with("it is longer than 200 characters"));
}

TEST_CASE("usual package names are accepted") {
    for (std::string_view name :
         {"hello", "0ad", "gcc-c++", "python3.11", "a_b", "X", "hello-0123456789abcdef"})
        CHECK_MESSAGE(is_package_name(name), name);
}

TEST_CASE("the special packages of a project are accepted") {
    for (std::string_view name : {"_project",
                                  "_product",
                                  "_pattern",
                                  "_patchinfo",
                                  "_product:x",
                                  "_patchinfo:_1",
                                  "_product:a-b+c.d"})
        CHECK_MESSAGE(is_package_name(name), name);
    for (std::string_view name : {"_product:", "_product:-a", "_product:a:b", "_project:x", "_link"})
        CHECK_FALSE_MESSAGE(is_package_name(name), name);
}

TEST_CASE("a refused package name is told why") {
    CHECK(refusal(NameKind::Package, "") == R"("" is no package name: it is empty)");
    CHECK(refusal(NameKind::Package, "0") == R"("0" is no package name: "0" can't be used)");
    CHECK(refusal(NameKind::Package, "pkg:flavour") ==
          R"("pkg:flavour" is no package name: it contains ":")");
    CHECK(refusal(NameKind::Package, "-x") ==
          R"("-x" is no package name: it does not begin with a letter or a digit)");
    CHECK(refusal(NameKind::Package, "../x") == R"("../x" is no package name: it contains "/")");
}

TEST_CASE("a byte that is no text is shown as an escape") {
    CHECK(refusal(NameKind::Package, "a\xff") == R"("a\xff" is no package name: it contains "\xff")");
    CHECK(refusal(NameKind::Project, std::string_view("a\0b", 3)) ==
          R"("a\x00b" is no project name: it contains "\x00")");
}

TEST_CASE("repository names may hold dots, digits and more, but no separators") {
    for (std::string_view name :
         {"15.4", "openSUSE_Tumbleweed", "xUbuntu_22.04", "images", "SLE-15-SP4", "a b"})
        CHECK_MESSAGE(is_repository_name(name), name);
    CHECK(refusal(NameKind::Repository, "a:b") == R"("a:b" is no repository name: it contains ":")");
    CHECK(refusal(NameKind::Repository, "../b") == R"("../b" is no repository name: it contains "/")");
    CHECK(refusal(NameKind::Repository, "..") == R"(".." is no repository name: it begins with ".")");
    CHECK(refusal(NameKind::Repository, "_x") == R"("_x" is no repository name: it begins with "_")");
    CHECK(refusal(NameKind::Repository, "a\tb") == R"("a\tb" is no repository name: it contains "\t")");
}

TEST_CASE("architectures come from a fixed list") {
    for (std::string_view name :
         {"x86_64", "aarch64", "armv7l", "i586", "riscv64", "ppc64le", "s390x", "local", "loongarch64"})
        CHECK_MESSAGE(is_architecture(name), name);
    CHECK(refusal(NameKind::Architecture, "x86-64") ==
          R"("x86-64" is no architecture: did you mean "x86_64"?)");
    CHECK(refusal(NameKind::Architecture, "pdp11") ==
          R"("pdp11" is no architecture: the build service does not know it)");
}
