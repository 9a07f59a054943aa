// SPDX-License-Identifier: Apache-2.0
// Names against the same rules, put another way.
#include <algorithm>
#include <cstdint>
#include <set>
#include <string>

#include "tests/fuzz/require.hpp"
#include "workflows/model/names.hpp"
#include "workflows/model/wording.hpp"

using namespace heddle;

namespace {

const std::string kLettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const std::string kPackage = kLettersAndDigits + "_-+.";

/// Only characters of the set, at most 200, and not the "0" that the backend of OBS takes for nothing.
bool consists_of(const std::string& characters, const std::string& name) {
    return name.find_first_not_of(characters) == std::string::npos && name.size() <= 200 && name != "0";
}

/// Between colons, before the first and behind the last one stands something that begins like a name.
bool is_project_by_rules(const std::string& name) {
    if (!consists_of(kPackage + ":", name)) return false;
    const std::string framed = ":" + name + ":";
    for (const char* pair : {"::", ":.", ":_"})
        if (framed.find(pair) != std::string::npos) return false;
    return true;
}

bool is_package_by_rules(const std::string& name) {
    static const std::set<std::string> special{"_product", "_pattern", "_project", "_patchinfo"};
    if (special.contains(name)) return true;
    const std::size_t colon = name.find(':');
    const std::string kind = name.substr(0, colon);
    const bool has_kind = colon != std::string::npos && (kind == "_product" || kind == "_patchinfo");
    const std::string rest = has_kind ? name.substr(colon + 1) : name;
    if (rest.empty() || name.size() > 200 || name == "0") return false;
    const std::string first = has_kind ? kLettersAndDigits + "_" : kLettersAndDigits;
    return first.find(rest[0]) != std::string::npos && rest.find_first_not_of(kPackage) == std::string::npos;
}

bool is_repository_by_rules(const std::string& name) {
    if (name.empty() || name.size() > 200 || name == "0" || name[0] == '_' || name[0] == '.') return false;
    for (char c : name)
        if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E) return false;
    return name.find_first_of(":/") == std::string::npos;
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
