// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/log_line.hpp"

#include <doctest/doctest.h>

using namespace heddle;

namespace {

std::string field(std::string_view value) { return LogLine("x").add("v", value).text().substr(4); }

}  // namespace

TEST_CASE("a line tells what happened and names what it is about") {
    LogLine line("run_ended");
    line.add("run", std::int64_t{7}).add("delivery", std::optional<std::int64_t>()).add("job", 12);
    line.add("kind", "sync_status").add("attempt", std::optional<int>(2)).add("message", "all done");
    CHECK(line.text() == "run_ended run=7 job=12 kind=sync_status attempt=2 message=\"all done\"");
}

TEST_CASE("plain words stand as they are, everything else in quotes") {
    CHECK(field("demo/hello-1.0_x:y@z%+") == "demo/hello-1.0_x:y@z%+");
    CHECK(field("") == "\"\"");
    CHECK(field("a b") == "\"a b\"");
    CHECK(field("a=b") == "\"a=b\"");
    CHECK(field("grün") == "\"grün\"");
}

TEST_CASE("a stranger's text begins no field and no line") {
    CHECK(field("x\" run=9") == "\"x\\\" run=9\"");
    CHECK(field("x\\\" run=9") == "\"x\\\\\\\" run=9\"");
    CHECK(field("x\\") == "\"x\\\\\"");
    CHECK(field("x\nrun_ended run=9\r\x1b[31m") == "\"x run_ended run=9  [31m\"");
    CHECK(field("\xff\xc2\x85") == "\"\xef\xbf\xbd\xef\xbf\xbd\"");
}

TEST_CASE("a long text is cut between two characters") {
    CHECK(field(std::string(500, 'a')) == std::string(500, 'a'));
    CHECK(field(std::string(501, 'a')) == std::string(500, 'a') + "...");
    CHECK(field(std::string(499, 'a') + "\xc3\xa4") == std::string(499, 'a') + "...");
}
