// SPDX-License-Identifier: Apache-2.0
// docs/obs-compatibility.md says of each vector and row which tests show it: is that true of the sources?
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/source_root.hpp"
#include "tests/support/webhook_files.hpp"

using namespace heddle::test;

namespace {

struct Row {
    std::string line;
    std::string shown_by;
    std::vector<std::pair<std::string, std::string>> cases;  // file below tests/, name
};

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    for (std::size_t at = 2, end = line.find(" | "); at < line.size(); end = line.find(" | ", at)) {
        const std::size_t stop = end == std::string::npos ? line.rfind(" |") : end;
        cells.push_back(line.substr(at, stop - at));
        if (end == std::string::npos) break;
        at = end + 3;
    }
    return cells;
}

/// By number: "V12" of a vector, "12" of a row. Fails the test where a number comes twice.
std::map<std::string, Row> rows_of(const std::string& document) {
    static const std::regex kNumber("V?[0-9]+");
    static const std::regex kCase("`([^`]+)` \"([^\"]+)\"");
    std::map<std::string, Row> rows;
    std::istringstream in(document);
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("| ")) continue;
        const std::vector<std::string> cells = cells_of(line);
        if (!std::regex_match(cells.at(0), kNumber)) continue;
        REQUIRE_MESSAGE(cells.size() == 5, line);
        Row row{line, cells[3], {}};
        for (std::sregex_iterator it(cells[3].begin(), cells[3].end(), kCase), end; it != end; ++it)
            row.cases.emplace_back((*it)[1], (*it)[2]);
        CHECK_MESSAGE(rows.emplace(cells[0], row).second, cells[0] << " stands there twice");
    }
    return rows;
}

/// Is there a test case of that name in the file?
bool has_case(const std::string& file, const std::string& name) {
    const std::string text = bytes_of(source_root() / "tests" / file);
    const std::size_t at = text.find("\"" + name + "\"");
    if (at == std::string::npos) return false;
    const std::size_t before = text.find_last_not_of(" \n", at - 1);
    return before != std::string::npos && text.substr(0, before + 1).ends_with("TEST_CASE(");
}

const std::map<std::string, Row>& rows() {
    static const std::map<std::string, Row> kRows =
        rows_of(bytes_of(source_root() / "docs/obs-compatibility.md"));
    return kRows;
}

}  // namespace

TEST_CASE("every vector and every row of the checklist stands in the table of compatibility once") {
    for (int number = 1; number <= 47; ++number) CHECK(rows().contains("V" + std::to_string(number)));
    for (int number = 1; number <= 115; ++number) CHECK(rows().contains(std::to_string(number)));
    CHECK(rows().size() == 47 + 115);
}

TEST_CASE("every test that the table of compatibility names is there") {
    for (const auto& [number, row] : rows())
        for (const auto& [file, name] : row.cases)
            CHECK_MESSAGE(has_case(file, name), number << ": " << file << " has no case \"" << name << "\"");
}

TEST_CASE("a row of the table of compatibility names a test, or why there is none") {
    static const std::regex kPending("not yet: issue [0-9]+ point [0-9]+( \\([^)]+\\))?|not here: .+");
    for (const auto& [number, row] : rows()) {
        const auto at = row.shown_by.rfind("<br>");
        const std::string last = at == std::string::npos ? row.shown_by : row.shown_by.substr(at + 4);
        const bool pending = std::regex_match(last, kPending);
        // Whatever is quoted as code there is a file that was understood.
        const auto quotes = std::count(row.shown_by.begin(), row.shown_by.end(), '`');
        CHECK_MESSAGE(quotes == 2 * std::ssize(row.cases), row.line);
        CHECK_MESSAGE((pending || !row.cases.empty()), row.line);
    }
}

TEST_CASE("a vector of the table of compatibility is shown by the test of its number") {
    for (const auto& [number, row] : rows()) {
        if (!number.starts_with('V') || row.cases.empty()) continue;
        CHECK_MESSAGE(row.cases.front().second.starts_with("vector " + number.substr(1) + ": "), row.line);
    }
}
