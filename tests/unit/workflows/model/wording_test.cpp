// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/wording.hpp"

#include <doctest/doctest.h>

using namespace heddle;

TEST_CASE("quoted text stays on one line and can't steer a terminal") {
    CHECK(quoted("") == R"("")");
    CHECK(quoted("plain") == R"("plain")");
    CHECK(quoted("a\nb\r\tc") == R"("a\nb\r\tc")");
    CHECK(quoted("\x1b[31m\x7f") == R"("\x1b[31m\x7f")");
    CHECK(quoted("\u009b31m") == R"("\xc2\x9b31m")");
    CHECK(quoted("\u00fc\u20ac\U0001F600") == "\"\u00fc\u20ac\U0001F600\"");
    CHECK(quoted("\xff\xe2\x82") == R"("\xff\xe2\x82")");
}

TEST_CASE("what turns a line around, or ends it, is shown as what it is") {
    for (const std::string turn :
         {"\u061C", "\u200E", "\u200F", "\u2028", "\u2029", "\u202A", "\u202E", "\u2066", "\u2069"}) {
        CHECK(quoted("a" + turn + "b").starts_with("\"a\\x"));
        CHECK(one_line("a" + turn + "b") == "a\uFFFDb");
    }
    for (const std::string plain : {"\u061B", "\u200D", "\u2010", "\u2027", "\u202F", "\u2065", "\u206A"}) {
        CHECK(quoted(plain) == "\"" + plain + "\"");
        CHECK(one_line(plain) == plain);
    }
}

TEST_CASE("bytes that are no UTF-8 are escaped, however they look") {
    CHECK(quoted("\xe0\x80\xaf") == R"("\xe0\x80\xaf")");          // overlong
    CHECK(quoted("\xed\xa0\x80") == R"("\xed\xa0\x80")");          // surrogate
    CHECK(quoted("\xf4\x90\x80\x80") == R"("\xf4\x90\x80\x80")");  // beyond Unicode
}

TEST_CASE("a stranger's text becomes one line") {
    CHECK(one_line("plain \u00fc\u20ac") == "plain \u00fc\u20ac");
    CHECK(one_line(" a\tb\nc\x1b[31m\r\n") == "a b c [31m");
    CHECK(one_line("x\xffy\xe2\x82") == "x\uFFFDy\uFFFD\uFFFD");
    CHECK(one_line(std::string("a\0b", 3)) == "a b");
    CHECK(one_line(" \n ") == "");
    CHECK(one_line("") == "");
}

TEST_CASE("long text is cut between characters") {
    std::string long_text;
    for (int i = 0; i < 100; ++i) long_text += "\u00fc";
    CHECK(quoted(long_text).size() == 80 * 2 + 5);
    CHECK(quoted(std::string(80, 'x')) == "\"" + std::string(80, 'x') + "\"");
}

TEST_CASE("the closest word is one that differs in few letters") {
    const std::vector<std::string_view> words{"only", "ignore"};
    CHECK(closest_word("ony", words) == "only");
    CHECK(closest_word("olny", words) == "only");
    CHECK(closest_word("ignored", words) == "ignore");
    CHECK(closest_word("Only", words) == "only");
    CHECK_FALSE(closest_word("branches", words));
    CHECK_FALSE(closest_word("", words));
    CHECK_FALSE(closest_word(std::string(100000, 'o'), words));
}

TEST_CASE("parts are joined as in a sentence") {
    CHECK(in_words({}) == "");
    CHECK(in_words({"a"}) == "a");
    CHECK(in_words({"a", "b"}) == "a and b");
    CHECK(in_words({"a", "b", "c"}) == "a, b and c");
}

TEST_CASE("of paths of this machine everybody sees the last part only") {
    CHECK(without_local_paths("look up \"zz\" in file:///srv/git/team/hello: there is none") ==
          "look up \"zz\" in \u2026/hello: there is none");
    CHECK(without_local_paths("/var/lib/heddle") == "\u2026/heddle");
    CHECK(without_local_paths("failed to open '/var/lib/my data/x.lock': no space") ==
          "failed to open '\u2026/x.lock': no space");
    CHECK(without_local_paths("on socket \"/tmp/pg/.s.PGSQL.5432\" failed (/etc/a, /etc/b/).") ==
          "on socket \"\u2026/.s.PGSQL.5432\" failed (\u2026/a, \u2026/b).");
    CHECK(without_local_paths("\"/not closed") == "\"\u2026/not closed");
    for (const std::string& text : {std::string(".obs/workflows.yml:1:2: a/b is no name"),
                                    std::string("ask https://src.example.org/a/b: and/or, 1 / 2, //x"),
                                    std::string("nothing provides /usr/bin/make"),
                                    std::string("OBS: a - local/x86_64"),
                                    std::string("/ is here: /"),
                                    std::string("")})
        CHECK(without_local_paths(text) == text);
}
