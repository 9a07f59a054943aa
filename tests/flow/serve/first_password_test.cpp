// SPDX-License-Identifier: Apache-2.0
// The password that a new server makes is good for one sign-in.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iomanip>
#include <regex>
#include <sstream>

#include "tests/flow/serve/serve_world.hpp"

using namespace heddle::test;
namespace fs = std::filesystem;

namespace {

std::string part_of(const std::string& text, const std::string& pattern) {
    std::smatch found;
    return std::regex_search(text, found, std::regex(pattern)) ? found[1].str() : std::string();
}

/// As a form sends it: every byte by its number.
std::string encoded(const std::string& text) {
    std::ostringstream out;
    for (const unsigned char c : text)
        out << '%' << std::hex << std::setw(2) << std::setfill('0') << static_cast<int>(c);
    return out.str();
}

/// A browser that asks for the form and sends it back.
HttpReply sign_in(const ServeWorld& world, const std::string& password, const std::string& more = "") {
    const HttpReply form = world.get("/signin");
    const std::string body = "csrf=" + part_of(form.body, "name=\"csrf\" value=\"([0-9a-f]+)\"") +
                             "&next=%2F&login=admin&password=" + encoded(password) + more;
    const std::string cookie = part_of(form.head, "heddle_form=([0-9a-f]+)");
    return world.post(
        "/signin",
        {{{"Content-Type", "application/x-www-form-urlencoded"}, {"Cookie", "heddle_form=" + cookie}}, body});
}

std::string word_in(const fs::path& file) {
    std::string word;
    std::ifstream(file) >> word;
    return word;
}

}  // namespace

TEST_CASE("the first password is replaced at the first sign-in, and its file goes") {
    ServeWorld world;
    world.start();
    const fs::path file = world.folder() / "data/admin.password";
    const std::string password = word_in(file);
    REQUIRE(password.size() >= 24);
    CHECK(sign_in(world, password).status == 200);  // the form again, for a password of his own
    CHECK(fs::exists(file));
    CHECK(sign_in(world, password, "&new_password=my+own+password").status == 303);
    CHECK(eventually([&] { return !fs::exists(file); }));
    CHECK(sign_in(world, password).status == 403);
    CHECK(sign_in(world, "my own password").status == 303);
}

TEST_CASE("the first password's file goes, too, when the command line sets another one") {
    ServeWorld world;
    world.start();
    const fs::path file = world.folder() / "data/admin.password";
    const std::string password = word_in(file);
    world.heddle_done({"user", "password", "admin"});
    CHECK(eventually([&] { return !fs::exists(file); }));
    CHECK(sign_in(world, password).status == 403);
}
