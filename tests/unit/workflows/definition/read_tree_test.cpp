// SPDX-License-Identifier: Apache-2.0
#include "workflows/definition/read_tree.hpp"

#include <doctest/doctest.h>

#include "tests/unit/workflows/definition/shown.hpp"

using namespace heddle;

namespace {

ReadTree read(const std::string& text) { return read_tree(text, sample_placeholder_values()); }

/// The one reason why a text is no tree.
std::string refusal(const std::string& text) {
    const ReadTree tree = read(text);
    if (tree.root) return "it is a tree";
    return shown(tree.problems);
}

std::string place(const DefinitionNode& node) {
    return std::to_string(node.line) + ":" + std::to_string(node.column);
}

}  // namespace

TEST_CASE("values keep their text and their place") {
    const ReadTree tree = read("a: 15.4\n\u00e9: [\u00fc, 'q', \"~\", ~, 016, yes, 2024-01-01]\nb: {c: d}\n");
    REQUIRE(tree.root);
    CHECK(tree.root->find("a")->text == "15.4");
    CHECK_FALSE(tree.root->find("a")->quoted);
    const auto& items = tree.root->find("\u00e9")->items;
    REQUIRE(items.size() == 7);
    CHECK(place(items[0]) == "2:5");
    CHECK(place(items[1]) == "2:8");
    CHECK(items[1].quoted);
    CHECK((items[2].is_scalar() && items[2].quoted && items[2].text == "~"));
    CHECK(items[3].kind == DefinitionNode::Kind::Null);
    CHECK(items[4].text == "016");
    CHECK(items[5].text == "yes");
    CHECK(items[6].text == "2024-01-01");
    CHECK(place(tree.root->entries[2].first) == "3:1");
    CHECK(place(*tree.root->find("b")) == "3:4");
    CHECK(place(*tree.root->find("b")->find("c")) == "3:8");
}

TEST_CASE("a value that is not there has the place of its key") {
    const ReadTree tree = read("x:\n  a:\n\n  # comment\n  b: ~\n  c:\n");
    REQUIRE(tree.root);
    const DefinitionNode& x = *tree.root->find("x");
    CHECK(place(*x.find("a")) == "2:3");
    CHECK(place(*x.find("b")) == "5:3");
    CHECK(place(*x.find("c")) == "6:3");
}

TEST_CASE("an item that is not there has the place of its dash") {
    const ReadTree tree = read("x:\n  - a\n  -\n  - b\n  -\n");
    REQUIRE(tree.root);
    const auto& items = tree.root->find("x")->items;
    REQUIRE(items.size() == 4);
    CHECK(place(items[1]) == "3:3");
    CHECK(place(items[3]) == "5:3");
}

TEST_CASE("CRLF and a byte order mark change no place") {
    const ReadTree tree = read(
        "\xef\xbb\xbf"
        "a: b\r\nc:\r\n  - d\r\n");
    REQUIRE(tree.root);
    CHECK(tree.root->find("a")->text == "b");
    CHECK(place(tree.root->entries[0].first) == "1:1");
    CHECK(place(tree.root->find("c")->items[0]) == "3:5");
}

TEST_CASE("of equal keys the last counts, with a warning") {
    const ReadTree tree = read("a: 1\nb: 2\n\u00fc: {x: 1, x: 2}\na: 3\n");
    REQUIRE(tree.root);
    CHECK(tree.root->entries.size() == 3);
    CHECK(tree.root->find("a")->text == "3");
    CHECK(tree.root->find("\u00fc")->find("x")->text == "2");
    CHECK(shown(tree.warnings) ==
          "3:11 \"x\" is given twice: this one counts, the one in line 3 does not\n"
          "4:1 \"a\" is given twice: this one counts, the one in line 1 does not\n");
}

TEST_CASE("a key may be the word for nothing") {
    const ReadTree tree = read("~: a\nnull: b\n\"\": c\n");
    REQUIRE(tree.root);
    CHECK(tree.root->find("~")->text == "a");
    CHECK(tree.root->find("null")->text == "b");
    CHECK(tree.root->find("")->text == "c");
}

TEST_CASE("nothing at all is no tree and no problem of YAML") {
    for (const std::string text : {"", "\n\n", "# only a comment\n", "---\n", "\xef\xbb\xbf"}) {
        const ReadTree tree = read(text);
        CHECK(tree.problems.empty());
        CHECK((!tree.root || tree.root->kind == DefinitionNode::Kind::Null));
    }
}

TEST_CASE("what workflow files may not use of YAML is refused with its place") {
    CHECK(refusal("a: &x 1\n") == "1:4 anchors (\"&name\") can't be used in a workflow file\n");
    CHECK(refusal("\u00fc: *x\n") == "1:4 aliases (\"*name\") can't be used in a workflow file\n");
    CHECK(refusal("a:\n  <<: {b: c}\n") == "2:3 merge keys (\"<<\") can't be used in a workflow file\n");
    CHECK(refusal("a: !ruby/object:Foo {}\n") == "1:4 the tag \"!ruby/object:Foo\" can't be used here\n");
    CHECK(refusal("a: !!binary aGk=\n") == "1:4 the tag \"tag:yaml.org,2002:binary\" can't be used here\n");
    CHECK(refusal("a: !!map [b]\n") == "1:4 the tag \"tag:yaml.org,2002:map\" can't be used here\n");
    CHECK(refusal("a: b\n---\nc: d\n") ==
          "2:1 a workflow file is one document, and a second one begins here\n");
    CHECK(refusal("- a\nb: c\n") ==
          "2:1 what begins here belongs to nothing above: a workflow file is one mapping\n");
    CHECK(refusal("? [a, b]\n: c\n") == "1:3 a key must be text, not a list or a mapping\n");
    CHECK(refusal("? {a: b}\n: c\n") == "1:3 a key must be text, not a list or a mapping\n");
    CHECK(refusal("a: b\n%FOO bar\n") == "2:1 a line can't begin with \"%\": put it in quotes\n");
    CHECK(refusal("a: b\n%YAML 1.2\n---\n") == "2:1 a line can't begin with \"%\": put it in quotes\n");
    CHECK(refusal("a: \"x\\0y\"\n") == "1:4 the character NUL (\"\\0\") can't be used in a workflow file\n");
}

TEST_CASE("what is harmless of YAML is read") {
    CHECK(read("%YAML 1.2\n---\na: b\n").root);
    CHECK(read("# first\n\n%YAML 1.1\n---\na: b\n...\n").root);
    CHECK(read("a: !!str 12\nb: !!map {c: !!int 1}\nd: !!seq [e]\nf: ! g\n").root);
    CHECK(read("a: \"<<\"\n'<<': b\n").root);
    CHECK(read("? a\n: b\n").root);
    CHECK(read("%{LABEL}: b\n").root);
}

TEST_CASE("a tagged word for nothing is text") {
    const ReadTree tree = read("a: !!str ~\n");
    REQUIRE(tree.root);
    CHECK((tree.root->find("a")->is_scalar() && tree.root->find("a")->text == "~"));
}

TEST_CASE("values nest up to 32 levels") {
    CHECK(read(std::string(32, '[') + std::string(32, ']')).root);
    CHECK(refusal(std::string(33, '[') + std::string(33, ']')) ==
          "1:33 the values are nested deeper than 32 levels\n");
    CHECK_FALSE(read(std::string(128 * 1024, '[')).root);
    std::string deep;
    for (int i = 0; i < 40; ++i) deep += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
    CHECK(refusal(deep) == "33:33 the values are nested deeper than 32 levels\n");
    std::string dashes;
    for (int i = 0; i < 60'000; ++i) dashes += "- ";
    CHECK(refusal(dashes) == "1:65 the values are nested deeper than 32 levels\n");
}

TEST_CASE("a file holds at most 20,000 values") {
    std::string list = "[";
    for (int i = 0; i < 19'999; ++i) list += "a,";
    CHECK(read(list + "]").root);
    CHECK(refusal(list + "a]") == "1:40000 the file holds more than 20000 values\n");
    std::string keys;
    for (int i = 0; i < 12'000; ++i) keys += "k" + std::to_string(i) + ":\n";
    CHECK(refusal(keys).ends_with("the file holds more than 20000 values\n"));
}

TEST_CASE("20,000 equal keys take no time to speak of and keep one entry") {
    std::string keys;
    for (int i = 0; i < 9'999; ++i) keys += "a: b\n";
    const ReadTree tree = read(keys);
    REQUIRE(tree.root);
    CHECK(tree.root->entries.size() == 1);
    CHECK(tree.warnings.size() == 9'998);
}
