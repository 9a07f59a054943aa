// SPDX-License-Identifier: Apache-2.0
#include "workflows/definition/placeholders.hpp"

#include <doctest/doctest.h>

#include "tests/unit/workflows/definition/shown.hpp"
#include "workflows/definition/read_tree.hpp"
#include "workflows/model/scm_event.hpp"

using namespace heddle;

namespace {

const PlaceholderValues kValues{.organization = "openSUSE",
                                .repository = "repo123",
                                .pr_number = "1",
                                .commit_sha = "123456789",
                                .label = "urgent"};

/// The scalar that a file consists of.
std::string scalar(const std::string& text, const PlaceholderValues& values = kValues) {
    const ReadTree read = read_tree(text, values);
    if (!read.root) return "no tree: " + shown(read.problems);
    return read.root->is_scalar() ? read.root->text : std::string(kind_in_words(*read.root));
}

std::string with_label(const std::string& text, const std::string& label) {
    PlaceholderValues values = kValues;
    values.label = label;
    return scalar(text, values);
}

/// The value behind the key "a".
std::string value_of_a(const std::string& text) {
    const ReadTree read = read_tree(text, kValues);
    if (!read.root) return "no tree: " + shown(read.problems);
    const DefinitionNode* value = read.root->find("a");
    return value && value->is_scalar() ? value->text : "no such text";
}

}  // namespace

TEST_CASE("the five placeholders have the values of the event") {
    ScmEvent event;
    event.repository.owner = "openSUSE";
    event.repository.name = "repo123";
    event.commit_sha = "123456789";
    event.number = 1;
    event.label = "urgent";
    const PlaceholderValues values = placeholder_values(event);
    CHECK(scalar("%{SCM_ORGANIZATION_NAME}", values) == "openSUSE");
    CHECK(scalar("%{SCM_REPOSITORY_NAME}", values) == "repo123");
    CHECK(scalar("%{SCM_COMMIT_SHA}", values) == "123456789");
    CHECK(scalar("%{SCM_PR_NUMBER}", values) == "1");
    CHECK(scalar("%{LABEL}", values) == "urgent");
}

TEST_CASE("a sub-group belongs to the organisation") {
    ScmEvent event;
    event.repository = {"group/sub/name", "group/sub", "name", "", "", ""};
    CHECK(placeholder_values(event).organization == "group/sub");
    CHECK(placeholder_values(event).repository == "name");
}

TEST_CASE("absent values are as on OBS") {
    const PlaceholderValues values = placeholder_values(ScmEvent{});
    CHECK(values.pr_number == "NO_PR_NUMBER");
    CHECK(values.label.empty());
    CHECK(values.commit_sha.empty());
}

TEST_CASE("placeholders stand anywhere in a value, as often as they like") {
    CHECK(value_of_a("a: %{SCM_REPOSITORY_NAME}") == "repo123");
    CHECK(value_of_a("a: x-%{SCM_PR_NUMBER}-%{SCM_PR_NUMBER}%{LABEL}y") == "x-1-1urgenty");
    CHECK(value_of_a("a: \"%{LABEL}\"") == "urgent");
    CHECK(value_of_a("a: '%{LABEL}'") == "urgent");
    CHECK(value_of_a("a: |-\n  x %{LABEL}\n  %{SCM_PR_NUMBER}") == "x urgent\n1");
    CHECK(value_of_a("a: >-\n  x %{LABEL}\n  %{SCM_PR_NUMBER}") == "x urgent 1");
    CHECK(value_of_a("{a: %{LABEL}, b: [%{LABEL}]}") == "urgent");
    CHECK(value_of_a("a: x\n  %{LABEL}\n  y") == "x urgent y");
}

TEST_CASE("placeholders stand in keys") {
    const ReadTree read = read_tree("%{LABEL}: 1\nx%{LABEL}y: 2\n", kValues);
    REQUIRE(read.root);
    CHECK(read.root->find("urgent") != nullptr);
    CHECK(read.root->find("xurgenty") != nullptr);
}

TEST_CASE("keys that become equal by their values are duplicates") {
    const ReadTree read = read_tree("urgent: 1\n%{LABEL}: 2\n", kValues);
    REQUIRE(read.root);
    CHECK(read.root->find("urgent")->text == "2");
    CHECK(shown(read.warnings) ==
          "2:1 \"urgent\" is given twice: this one counts, the one in line 1 does not\n");
}

TEST_CASE("a value never becomes YAML") {
    for (const std::string label : {"x: [y",
                                    "a\nb: c",
                                    "\"",
                                    "'",
                                    "# no comment",
                                    "- x",
                                    "*alias",
                                    "!tag",
                                    "~",
                                    "null",
                                    "{a: b}",
                                    "%{SCM_COMMIT_SHA}",
                                    "%%",
                                    "\xff\xfe"}) {
        CHECK(with_label("%{LABEL}", label) == label);
        CHECK(with_label("\"%{LABEL}\"", label) == label);
        CHECK(with_label("'<%{LABEL}>'", label) == "<" + label + ">");
    }
}

TEST_CASE("an empty value leaves an empty scalar") {
    const ReadTree read = read_tree("a: %{LABEL}", PlaceholderValues{});
    REQUIRE(read.root);
    CHECK(read.root->find("a")->is_scalar());
    CHECK(read.root->find("a")->is_empty());
}

TEST_CASE("text that looks like a marker stays what it is") {
    const MarkedText plain("%{LABEL}");
    const std::string marker = plain.text();
    CHECK(marker.size() == std::string("%{LABEL}").size());
    CHECK(scalar(marker) == marker);
    CHECK(scalar(marker + " %{LABEL}") == marker + " urgent");
    CHECK(scalar("\"\\uE000e \\U0000e001 %{LABEL} \\ue002\"") == "\ue000e \ue001 urgent \ue002");
    std::string all_private;
    for (int character = 0xE000; character <= 0xF8FF; ++character) {
        all_private += static_cast<char>(0xE0 | character >> 12);
        all_private += static_cast<char>(0x80 | (character >> 6 & 0x3F));
        all_private += static_cast<char>(0x80 | (character & 0x3F));
    }
    CHECK(scalar(all_private + "%{LABEL}") == all_private + "urgent");
}

TEST_CASE("two percent signs are one and never begin a placeholder") {
    CHECK(scalar("x%%") == "x%");
    CHECK(scalar("\"%%\"") == "%");
    CHECK(scalar("x%%{LABEL}") == "x%{LABEL}");
    CHECK(scalar("x%%%{LABEL}") == "x%urgent");
    CHECK(scalar("x%%%%") == "x%%");
}

TEST_CASE("a lone percent sign is itself") {
    CHECK(scalar("100%") == "100%");
    CHECK(scalar("\"%\"") == "%");
    CHECK(scalar("\"%SCM_ORGANIZATION_NAME %u %S\"") == "%SCM_ORGANIZATION_NAME %u %S");
    CHECK(scalar("\"%{\"") == "%{");
    CHECK(scalar("\"%{}\"") == "%{}");
    CHECK(scalar("\"%{LABEL\"") == "%{LABEL");
    CHECK(scalar("\"%{LAB\n  EL}\"") == "%{LAB EL}");
    CHECK(scalar("\"%{{LABEL}}\"") == "%{{LABEL}}");
}

TEST_CASE("an unknown placeholder is a problem where it stands") {
    const auto problems = [](const std::string& text) { return shown(read_tree(text, kValues).problems); };
    CHECK(problems("a: \u00fc%{SCM_BRANCH}") ==
          "1:5 \"%{SCM_BRANCH}\" is no placeholder: there are %{SCM_ORGANIZATION_NAME}, "
          "%{SCM_REPOSITORY_NAME}, %{SCM_PR_NUMBER}, %{SCM_COMMIT_SHA} and %{LABEL}\n");
    CHECK(problems("a: %{LABLE}") == "1:4 \"%{LABLE}\" is no placeholder: did you mean %{LABEL}?\n");
    CHECK(problems("%{label}: x").starts_with("1:1 \"%{label}\" is no placeholder"));
    CHECK(problems("a: |\n  x\n  y %{X}").starts_with("3:5 \"%{X}\" is no placeholder"));
    CHECK(problems("a: [b, %{X}] # %{Y}\nb: %{Z}\n").starts_with("1:8 \"%{X}\""));
    CHECK(problems("a: [b, %{X}] # %{Y}\nb: %{Z}\n").find("\n2:4 \"%{Z}\"") != std::string::npos);
    CHECK(problems("a: %{X} %{Y}\n").find("\n1:9 \"%{Y}\"") != std::string::npos);
}

TEST_CASE("in a comment everything is text") {
    CHECK(value_of_a("# %{X} %S % %%\na: b # %{Y}\n#%{LABEL}") == "b");
}

TEST_CASE("placeholders do not move what stands behind them") {
    const ReadTree read = read_tree("{%{LABEL}: %{SCM_COMMIT_SHA}, \u00fc: %%x, b: c}", kValues);
    CHECK_FALSE(read.root);  // "%%x" begins like no value: the place is that of the original text
    CHECK(shown(read.problems).starts_with("1:34 "));
}

TEST_CASE("values can't blow a file up") {
    std::string many;
    for (int i = 0; i < 16'000; ++i) many += "%{LABEL}";
    CHECK(with_label(many, std::string(100'000, 'x')) ==
          "no tree: 1:1 the values of the placeholders make the file too long\n");
    std::string list;
    for (int i = 0; i < 1'000; ++i) list += "- %{LABEL}\n";
    CHECK(with_label(list, std::string(100'000, 'x')) ==
          "no tree: 11:3 the values of the placeholders make the file too long\n");
}
