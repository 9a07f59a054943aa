// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/names.hpp"

#include <algorithm>
#include <stdexcept>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr std::size_t kLongestName = 200;

using Reason = std::optional<std::string>;

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_word_character(char c) { return is_letter_or_digit(c) || c == '_'; }

bool is_package_character(char c) { return is_word_character(c) || c == '-' || c == '+' || c == '.'; }

bool is_project_character(char c) { return is_package_character(c) || c == ':'; }

bool is_repository_character(char c) { return c >= ' ' && c <= '~' && c != ':' && c != '/'; }

/// The whole character that begins at `at`, so that a message never shows half of one.
std::string_view character_at(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    return text.substr(at, end - at);
}

Reason what_all_names_refuse(std::string_view name) {
    if (name.empty()) return "it is empty";
    if (name.size() > kLongestName)
        return "it is longer than " + std::to_string(kLongestName) + " characters";
    // "0" is false in Perl, so the backend of OBS takes it for no name at all.
    if (name == "0") return "\"0\" can't be used";
    return std::nullopt;
}

Reason foreign_character(std::string_view name, bool (*allowed)(char)) {
    const auto bad = std::find_if_not(name.begin(), name.end(), allowed);
    if (bad == name.end()) return std::nullopt;
    if (*bad == ' ') return "it contains a space";
    return "it contains " + quoted(character_at(name, static_cast<std::size_t>(bad - name.begin())));
}

Reason refuse_project(std::string_view name) {
    if (auto reason = foreign_character(name, is_project_character)) return reason;
    if (name.front() == ':' || name.front() == '.' || name.front() == '_')
        return "it begins with " + quoted(name.substr(0, 1));
    if (name.back() == ':') return "it ends with \":\"";
    for (std::string_view pair : {"::", ":.", ":_"})
        if (name.find(pair) != std::string_view::npos) return "it contains " + quoted(pair);
    return std::nullopt;
}

/// What stands in OBS for a project's own sources: these begin with '_' and are packages all the same.
bool is_special_package(std::string_view name) {
    for (std::string_view whole : {"_product", "_pattern", "_project", "_patchinfo"})
        if (name == whole) return true;
    for (std::string_view prefix : {"_product:", "_patchinfo:"}) {
        if (!name.starts_with(prefix)) continue;
        const std::string_view rest = name.substr(prefix.size());
        return !rest.empty() && is_word_character(rest.front()) &&
               std::all_of(rest.begin(), rest.end(), is_package_character);
    }
    return false;
}

Reason refuse_package(std::string_view name) {
    if (is_special_package(name)) return std::nullopt;
    if (auto reason = foreign_character(name, is_package_character)) return reason;
    if (!is_letter_or_digit(name.front())) return "it does not begin with a letter or a digit";
    return std::nullopt;
}

Reason refuse_repository(std::string_view name) {
    if (auto reason = foreign_character(name, is_repository_character)) return reason;
    if (name.front() == '_' || name.front() == '.') return "it begins with " + quoted(name.substr(0, 1));
    return std::nullopt;
}

Reason refuse_architecture(std::string_view name) {
    if (is_architecture(name)) return std::nullopt;
    const auto meant = closest_word(name, architectures());
    return meant ? "did you mean " + quoted(*meant) + "?" : "the build service does not know it";
}

Reason reason_against(NameKind kind, std::string_view name) {
    if (auto reason = what_all_names_refuse(name)) return reason;
    switch (kind) {
        case NameKind::Project: return refuse_project(name);
        case NameKind::Package: return refuse_package(name);
        case NameKind::Repository: return refuse_repository(name);
        case NameKind::Architecture: return refuse_architecture(name);
    }
    throw std::logic_error("unknown NameKind");
}

}  // namespace

std::string_view to_string(NameKind kind) {
    switch (kind) {
        case NameKind::Project: return "project name";
        case NameKind::Package: return "package name";
        case NameKind::Repository: return "repository name";
        case NameKind::Architecture: return "architecture";
    }
    throw std::logic_error("unknown NameKind");
}

std::optional<std::string> why_refused(NameKind kind, std::string_view name) {
    const Reason reason = reason_against(kind, name);
    if (!reason) return std::nullopt;
    return quoted(name) + " is no " + std::string(to_string(kind)) + ": " + *reason;
}

bool is_project_name(std::string_view name) { return !reason_against(NameKind::Project, name); }
bool is_package_name(std::string_view name) { return !reason_against(NameKind::Package, name); }
bool is_repository_name(std::string_view name) { return !reason_against(NameKind::Repository, name); }
bool is_architecture(std::string_view name) {
    const auto& known = architectures();
    return std::find(known.begin(), known.end(), name) != known.end();
}

const std::vector<std::string_view>& architectures() {
    static const std::vector<std::string_view> known{
        "aarch64", "aarch64_ilp32", "armv4l",  "armv5el",  "armv5l",   "armv6el",     "armv6l",
        "armv7el", "armv7hl",       "armv7l",  "armv8l",   "hppa",     "i386",        "i486",
        "i586",    "i686",          "ia64",    "k1om",     "local",    "loongarch64", "m68k",
        "mips",    "mips32",        "mips64",  "mips64el", "mipsel",   "ppc",         "ppc64",
        "ppc64le", "ppc64p7",       "riscv64", "s390",     "s390x",    "sh4",         "sparc",
        "sparc64", "sparc64v",      "sparcv8", "sparcv9",  "sparcv9v", "x86_64"};
    return known;
}

}  // namespace heddle
