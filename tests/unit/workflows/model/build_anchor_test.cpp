// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/build_anchor.hpp"

#include <doctest/doctest.h>

using namespace heddle;

TEST_CASE("a build's anchor reads as its names and is fit for an id and for a fragment") {
    CHECK(build_anchor({"home:ann", "gtk+:static"}, "15.4", "x86_64") == "home:ann/gtk+:static/15.4/x86_64");
    CHECK(build_anchor({"demo", "hello"}, "my \"repo\"#<%>", "arch") ==
          "demo/hello/my%20%22repo%22%23%3C%25%3E/arch");
}
