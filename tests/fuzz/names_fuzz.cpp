// SPDX-License-Identifier: Apache-2.0
// Names against the rules as regular expressions, which the program itself does not use.
#include <algorithm>
#include <cstdint>
#include <regex>
#include <string>

#include "tests/fuzz/require.hpp"
#include "workflows/model/names.hpp"
#include "workflows/model/wording.hpp"

using namespace heddle;

namespace {

// Longer names are refused by their length; std::regex recurses once per character.
constexpr std::size_t kLongestMatched = 250;

bool matches(const std::string& name, const std::regex& rule) {
    return name.size() <= kLongestMatched && std::regex_match(name, rule);
}

bool is_project_by_rules(const std::string& name) {
    static const std::regex characters("[-+A-Za-z0-9_.:]{1,200}");
    static const std::regex refused("[:._].*|.*:|.*:[:._].*");
    return matches(name, characters) && name != "0" && !matches(name, refused);
}

bool is_package_by_rules(const std::string& name) {
    static const std::regex rule(
        "[A-Za-z0-9][-+A-Za-z0-9_.]*|_product|_pattern|_project|_patchinfo|"
        "_(product|patchinfo):[A-Za-z0-9_][-+A-Za-z0-9_.]*");
    return name.size() <= 200 && name != "0" && matches(name, rule);
}

bool is_repository_by_rules(const std::string& name) {
    static const std::regex characters("[ -^`-~][ -~]{0,199}");
    static const std::regex refused("[.].*|.*[:/].*");
    return name != "0" && matches(name, characters) && !matches(name, refused);
}

bool is_one_line(const std::string& text) {
    return std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

void check_sentence(NameKind kind, const std::string& name, bool accepted) {
    const auto reason = why_refused(kind, name);
    REQUIRE(reason.has_value() != accepted);
    if (reason) REQUIRE(is_one_line(*reason) && reason->size() < 1000);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string name(reinterpret_cast<const char*>(data), size);
    REQUIRE(is_project_name(name) == is_project_by_rules(name));
    REQUIRE(is_package_name(name) == is_package_by_rules(name));
    REQUIRE(is_repository_name(name) == is_repository_by_rules(name));
    const auto& known = architectures();
    REQUIRE(is_architecture(name) == (std::find(known.begin(), known.end(), name) != known.end()));
    check_sentence(NameKind::Project, name, is_project_name(name));
    check_sentence(NameKind::Package, name, is_package_name(name));
    check_sentence(NameKind::Repository, name, is_repository_name(name));
    check_sentence(NameKind::Architecture, name, is_architecture(name));
    REQUIRE(is_one_line(quoted(name)));
    // What is accepted can stand in a path: it never leads out of its folder.
    for (bool accepted : {is_project_name(name), is_package_name(name), is_repository_name(name)})
        REQUIRE(!accepted || (name != "." && name != ".." && name.find('/') == std::string::npos));
    return 0;
}
