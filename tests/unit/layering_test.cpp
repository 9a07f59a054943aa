// SPDX-License-Identifier: Apache-2.0
// The house rules that a compiler does not check: who may include whom (design, section 5), sizes, forge
// names.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/source_root.hpp"

namespace {

namespace fs = std::filesystem;

struct Room {
    std::string path;                  // files below it belong to the room, unless a longer path fits
    std::vector<std::string> may_use;  // path prefixes and headers of libraries; "*": everything
};

// Longest path first wins. The std library and the own room are always allowed.
const std::vector<Room>& rooms() {
    static const std::vector<Room> kRooms{
        {"workflows/model", {"nlohmann/"}},
        {"workflows/ports", {"workflows/model/"}},
        {"workflows/steps", {"workflows/model/", "workflows/ports/", "nlohmann/"}},
        {"workflows/webhooks", {"workflows/model/", "nlohmann/", "simdjson.h"}},
        {"workflows/definition", {"workflows/model/", "workflows/steps/step_kinds.hpp", "yaml-cpp/"}},
        {"workflows/plan",
         {"workflows/model/", "workflows/ports/", "workflows/steps/", "workflows/definition/", "nlohmann/"}},
        {"workflows/plan_json", {"workflows/model/", "workflows/plan.hpp", "nlohmann/"}},
        {"workflows/engine",
         {"workflows/model/",
          "workflows/ports/",
          "workflows/steps/",
          "workflows/definition/",
          "workflows/plan.hpp"}},
        {"reporters", {"workflows/model/", "nlohmann/"}},
        {"app/config", {"yaml-cpp/"}},
        {"app/crypto", {"openssl/"}},
        {"app/net", {"reporters/http_transport.hpp", "workflows/model/", "app/config/", "openssl/"}},
        {"app/inbox",
         {"workflows/webhooks/",
          "workflows/model/",
          "app/crypto/",
          "app/postgres/",
          "app/config/",
          "pqxx/",
          "nlohmann/",
          "zstd.h",
          "simdjson.h"}},
        {"app/http",
         {"app/inbox/",
          "workflows/model/",
          "workflows/webhooks/",
          "app/postgres/",
          "app/crypto/",
          "app/config/",
          "app/net/",
          "pqxx/",
          "nlohmann/",
          "simdjson.h",
          "spdlog/",
          "prometheus/"}},
        {"app/web",
         {"app/http/",
          "app/inbox/",
          "workflows/model/",
          "workflows/webhooks/",
          "workflows/plan.hpp",
          "workflows/definition/",
          "reporters/commit_status.hpp",
          "app/postgres/",
          "app/crypto/",
          "app/config/",
          "pqxx/",
          "nlohmann/",
          "kainjow/"}},
        {"app/postgres",
         {"workflows/model/",
          "reporters/commit_status.hpp",
          "app/crypto/",
          "app/config/",
          "pqxx/",
          "libpq-fe.h",
          "nlohmann/",
          "zstd.h"}},
        {"app/forges",
         {"workflows/ports/",
          "workflows/model/",
          "reporters/note_store.hpp",
          "reporters/http_transport.hpp",
          "reporters/http_answer.hpp",
          "reporters/forge_text.hpp",
          "app/net/",
          "app/config/",
          "nlohmann/"}},
        {"app/forges/git",
         {"app/forges/",
          "workflows/ports/",
          "workflows/model/",
          "reporters/note_store.hpp",
          "reporters/http_transport.hpp",
          "reporters/http_answer.hpp",
          "reporters/forge_text.hpp",
          "app/net/",
          "app/config/",
          "git2"}},
        {"app/build_service/embedded",
         {"workflows/ports/",
          "workflows/model/",
          "app/postgres/",
          "app/forges/git/",
          "app/config/",
          "pqxx/",
          "zstd.h",
          "spdlog/",
          "nlohmann/",
          "openssl/"}},
        {"app/build_events",
         {"workflows/model/",
          "reporters/http_transport.hpp",
          "app/postgres/",
          "app/net/",
          "app/config/",
          "pqxx/",
          "nlohmann/",
          "spdlog/",
          "amqp"}},
        {"app/build_service/obs",
         {"workflows/ports/",
          "workflows/model/",
          "reporters/http_transport.hpp",
          "app/net/",
          "app/config/",
          "pugixml.hpp"}},
        {"app/jobs",
         {"workflows/", "reporters/", "app/postgres/", "app/config/", "pqxx/", "nlohmann/", "spdlog/"}},
        {"app/cli",
         {"app/config/",
          "app/compose",
          "app/postgres/",
          "workflows/plan.hpp",
          "workflows/plan_json.hpp",
          "workflows/definition/",
          "workflows/webhooks/",
          "workflows/model/",
          "reporters/commit_status.hpp",
          "CLI/",
          "pqxx/",
          "nlohmann/"}},
        {"app", {"*"}},
    };
    return kRooms;
}

fs::path root() { return heddle::test::source_root(); }

std::vector<std::string> sources(const std::vector<std::string>& folders) {
    std::vector<std::string> found;
    for (const std::string& folder : folders)
        for (const auto& entry : fs::recursive_directory_iterator(root() / folder)) {
            const std::string extension = entry.path().extension();
            if (extension == ".cpp" || extension == ".hpp")
                found.push_back(fs::relative(entry.path(), root()).string());
        }
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<std::string> lines_of(const std::string& file) {
    std::ifstream in(root() / file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

const Room* room_of(const std::string& file) {
    const Room* best = nullptr;
    for (const Room& room : rooms()) {
        const bool inside = file.starts_with(room.path + "/") || file.starts_with(room.path + ".");
        if (inside && (!best || room.path.size() > best->path.size())) best = &room;
    }
    return best;
}

bool is_standard(const std::string& header) {
    // The standard library and the system's C headers; libraries have a folder or stand in the table.
    static const std::set<std::string> kLibraries{"git2.h",
                                                  "libpq-fe.h",
                                                  "zstd.h",
                                                  "simdjson.h",
                                                  "httplib.h",
                                                  "pugixml.hpp",
                                                  "amqp.h",
                                                  "amqp_ssl_socket.h",
                                                  "amqp_tcp_socket.h"};
    if (kLibraries.contains(header)) return false;
    const auto slash = header.find('/');
    if (slash == std::string::npos) return true;
    static const std::set<std::string> kSystem{"sys", "linux", "netinet", "arpa"};
    return kSystem.contains(header.substr(0, slash));
}

bool allowed(const Room& room, const std::string& file, const std::string& header) {
    if (is_standard(header)) return true;
    const Room* target = room_of(header);
    if (target == &room) {
        // A step never includes another step; what they share has a name of its own.
        return true;
    }
    return std::any_of(room.may_use.begin(), room.may_use.end(), [&](const std::string& prefix) {
        return prefix == "*" || header.starts_with(prefix) ||
               (prefix.back() == '/' && file.starts_with(prefix) && header.starts_with(prefix));
    });
}

}  // namespace

TEST_CASE("every include is in the may-include table") {
    static const std::regex kInclude(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
    int includes = 0;
    for (const std::string& file : sources({"app", "workflows", "reporters"})) {
        const Room* room = room_of(file);
        REQUIRE_MESSAGE(room, file << " belongs to no room");
        int number = 0;
        for (const std::string& line : lines_of(file)) {
            ++number;
            std::smatch match;
            if (!std::regex_search(line, match, kInclude)) continue;
            ++includes;
            CHECK_MESSAGE(allowed(*room, file, match[1]),
                          file << ":" << number << ": " << room->path << " may not include " << match[1]);
        }
    }
    CHECK(includes > 100);
}

TEST_CASE("a step includes no other step") {
    static const std::regex kSteps(R"(^\s*#\s*include\s*"workflows/steps/([a-z_]+)\.hpp")");
    const auto is_step_file = [](const std::string& stem) {
        static const std::set<std::string> kSteps{"branch_package",
                                                  "link_package",
                                                  "configure_repositories",
                                                  "rebuild_package",
                                                  "set_flags",
                                                  "trigger_services"};
        return kSteps.contains(stem);
    };
    for (const std::string& file : sources({"workflows/steps"})) {
        if (!is_step_file(fs::path(file).stem())) continue;
        for (const std::string& line : lines_of(file)) {
            std::smatch match;
            if (std::regex_search(line, match, kSteps) && is_step_file(match[1]))
                CHECK_MESSAGE(match[1] == fs::path(file).stem().string(),
                              file << " includes another step: " << line);
        }
    }
}

TEST_CASE("no file has more than 400 lines") {
    for (const std::string& file : sources({"app", "workflows", "reporters", "tests"}))
        CHECK_MESSAGE(lines_of(file).size() <= 400, file << " has " << lines_of(file).size() << " lines");
}

TEST_CASE("a forge's name stands only in its own files") {
    static const std::regex kForge("github|gitlab|gitea|forgejo", std::regex::icase);
    // The tables in which each forge has its row (design, section 5).
    static const std::set<std::string> kTables{"workflows/webhooks/webhook_kinds.cpp",
                                               "app/config/forge_kinds.cpp",
                                               "app/forges/source_kinds.cpp",
                                               "reporters/reporter_kinds.cpp"};
    for (const std::string& file : sources({"app", "workflows", "reporters"})) {
        if (std::regex_search(file, kForge) || kTables.contains(file)) continue;
        int number = 0;
        for (const std::string& line : lines_of(file)) {
            ++number;
            CHECK_MESSAGE(!std::regex_search(line, kForge), file << ":" << number << ": " << line);
        }
    }
}

TEST_CASE("heavy headers stay out of our headers") {
    static const std::regex kHeavy(R"(#\s*include\s*<(nlohmann/json\.hpp|httplib\.h|CLI/CLI\.hpp)>)");
    for (const std::string& file : sources({"app", "workflows", "reporters"}))
        if (file.ends_with(".hpp"))
            for (const std::string& line : lines_of(file))
                CHECK_MESSAGE(!std::regex_search(line, kHeavy), file << ": " << line);
}

TEST_CASE("every source names its licence") {
    for (const std::string& file : sources({"app", "workflows", "reporters", "tests"})) {
        const auto lines = lines_of(file);
        REQUIRE_MESSAGE(!lines.empty(), file << " is empty");
        CHECK_MESSAGE(lines.front() == "// SPDX-License-Identifier: Apache-2.0", file);
    }
}

// Two classes of one name in one namespace are one class to the linker: it takes either's functions for both.
TEST_CASE("no two types have the same name") {
    static const std::regex kType(R"(^(?:struct|class|enum class) (\w+)(?: final)?(?: : .*| :)?(?: \{.*)?$)");
    static const std::regex kNamespace(R"(^namespace (\w+) \{$)");
    std::map<std::string, std::string> seen;
    for (const std::string& file : sources({"app", "workflows", "reporters"})) {
        bool unnamed = false;  // what stands in an unnamed namespace is its file's own
        std::string space;
        for (const std::string& line : lines_of(file)) {
            std::smatch match;
            if (line == "namespace {") unnamed = true;
            if (line == "}  // namespace") unnamed = false;
            if (std::regex_match(line, match, kNamespace)) space = match[1];
            if (unnamed || line.ends_with(';') || !std::regex_match(line, match, kType)) continue;
            const auto [first, added] = seen.emplace(space + "::" + match[1].str(), file);
            CHECK_MESSAGE(added, file << " defines " << first->first << " as " << first->second << " does");
        }
    }
    CHECK(seen.size() > 100);
}
