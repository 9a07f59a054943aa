// SPDX-License-Identifier: Apache-2.0
// The payloads that other projects recorded, against a table that was written before the parser.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/shared_files.hpp"
#include "tests/support/webhook_files.hpp"
#include "tests/unit/workflows/webhooks/shown_webhook.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

namespace fs = std::filesystem;

using Row = std::map<std::string, std::string>;

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells(1);
    for (const char c : line)
        if (c == '\t')
            cells.emplace_back();
        else
            cells.back() += c;
    return cells;
}

void read_table(const fs::path& file, std::vector<Row>& rows) {
    std::ifstream in(file);
    std::string line;
    REQUIRE(std::getline(in, line));
    const std::vector<std::string> names = cells_of(line);
    while (std::getline(in, line)) {
        const std::vector<std::string> cells = cells_of(line);
        REQUIRE_MESSAGE(cells.size() == names.size(), file.string() << ": " << line);
        Row row;
        for (std::size_t at = 0; at < cells.size(); ++at) row[names[at]] = cells[at];
        rows.push_back(row);
    }
}

std::vector<Row> expectations() {
    std::vector<Row> rows;
    for (const auto& entry : fs::directory_iterator(source_root() / "tests/conformance/webhooks"))
        if (entry.path().extension() == ".tsv") read_table(entry.path(), rows);
    return rows;
}

std::set<std::string> payloads_below(const fs::path& folder) {
    std::set<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".json") found.insert(fs::relative(entry.path(), folder).string());
    return found;
}

}  // namespace

TEST_CASE("every recorded webhook becomes what the table of expectations says") {
    const std::vector<Row> rows = expectations();
    CHECK(rows.size() == 382);
    const auto folder = shared_folder("fixtures/webhooks");
    if (!folder) {
        MESSAGE("not checked: the recorded webhooks are not here");
        return;
    }
    std::set<std::string> listed;
    for (const Row& row : rows) {
        const std::string& file = row.at("file");
        CAPTURE(file);
        CHECK(listed.insert(file).second);
        const RecordedWebhook webhook = recorded_webhook(*folder / file);
        const Row is = shown(parse_webhook(webhook.headers, webhook.body));
        for (const auto& [column, expected] : row)
            if (column != "file") CHECK_MESSAGE(is.at(column) == expected, file << ": " << column);
    }
    CHECK(listed == payloads_below(*folder));
}
