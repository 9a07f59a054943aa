// SPDX-License-Identifier: Apache-2.0
// Our own webhooks, one for each branch of each forge's rules. They hold nothing but what is read, so that
// every value in them must count: without it, or with another one, the result is another.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/source_root.hpp"
#include "tests/support/webhook_files.hpp"
#include "tests/unit/workflows/webhooks/shown_webhook.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

namespace fs = std::filesystem;

using nlohmann::json;
using Row = std::map<std::string, std::string>;

std::vector<fs::path> fixtures() {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(source_root() / "tests/fixtures/webhooks"))
        if (entry.path().extension() == ".json") found.push_back(entry.path());
    return found;
}

/// "name: value" per line; what is not named is empty. "\n" stands for a line's end.
Row expected_beside(fs::path file, Row row) {
    for (auto& [column, value] : row) value.clear();
    for (auto [column, value] : headers_of(file.replace_extension(".expected"))) {
        for (auto at = value.find("\\n"); at != std::string::npos; at = value.find("\\n"))
            value.replace(at, 2, "\n");
        REQUIRE_MESSAGE(row.contains(column), file.string() << " expects an unknown " << column);
        row[column] = value;
    }
    return row;
}

/// Pointers to all values that are neither objects nor lists nor null.
std::vector<json::json_pointer> leaves(const json& document) {
    std::vector<json::json_pointer> found;
    const json flat = document.flatten();
    for (const auto& [pointer, value] : flat.items())
        if (!value.is_null()) found.emplace_back(pointer);
    return found;
}

json without(json document, const json::json_pointer& leaf) {
    json& parent = document.at(leaf.parent_pointer());
    if (parent.is_array())
        parent.erase(std::stoul(leaf.back()));
    else
        parent.erase(leaf.back());
    return document;
}

json with(json document, const json::json_pointer& leaf, const json& value) {
    document.at(leaf) = value;
    return document;
}

json another(const json& value) {
    if (value.is_boolean()) return !value.get<bool>();
    if (value.is_number()) return value.get<int>() + 1;
    return value.get<std::string>() + "x";
}

/// Values of which only counts that they are there: the head before new commits, the one of an annotated
/// tag's two ids that is no commit, labels of which several were added at once; and labels beside new
/// commits.
bool may_be_another(const std::string& place) {
    return place.ends_with("/object_attributes/oldrev") || place.ends_with("push_tag.json: /after") ||
           place.find("labels_added.json: /changes/labels/current/") != std::string::npos;
}
bool counts(const std::string& place) {
    return place.find("commits_and_labels.json: /changes/") == std::string::npos;
}

json of_another_kind(const json& value) { return value.is_number() ? json("text") : json(1.5); }

}  // namespace

TEST_CASE("our webhooks become what stands beside them") {
    int checked = 0;
    for (const fs::path& file : fixtures()) {
        const RecordedWebhook webhook = recorded_webhook(file);
        const Row is = shown(parse_webhook(webhook.headers, webhook.body));
        const Row expected = expected_beside(file, is);
        for (const auto& [column, value] : expected)
            CHECK_MESSAGE(is.at(column) == value, file.string() << ": " << column);
        ++checked;
    }
    CHECK(checked > 70);
}

TEST_CASE("every value of a webhook that is read counts") {
    int checked = 0;
    for (const fs::path& file : fixtures()) {
        const RecordedWebhook webhook = recorded_webhook(file);
        const Row whole = shown(parse_webhook(webhook.headers, webhook.body));
        const json document = json::parse(webhook.body);
        for (const json::json_pointer& leaf : leaves(document)) {
            const json& value = document.at(leaf);
            const auto differs = [&](const json& spoilt) {
                return shown(parse_webhook(webhook.headers, spoilt.dump())) != whole;
            };
            const std::string place = file.string() + ": " + leaf.to_string();
            if (!counts(place)) continue;
            CHECK_MESSAGE(differs(without(document, leaf)), place << " can be left out");
            if (!may_be_another(place))
                CHECK_MESSAGE(differs(with(document, leaf, another(value))), place << " can be changed");
            CHECK_MESSAGE(differs(with(document, leaf, of_another_kind(value))),
                          place << " can be of any kind");
            ++checked;
        }
    }
    CHECK(checked > 1000);
}
