// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tests/flow/try_world.hpp"

using namespace heddle::test;

TEST_CASE("a recipe is told in its environment what it builds") {
    TryWorld world;
    world.base({{".obs/workflows.yml", workflow_for({"hello"})},
                {".obs/build",
                 "#!/bin/sh\nset -e\ntest \"$HEDDLE_PACKAGE\" = hello\ntest \"$HEDDLE_REPOSITORY\" = local\n"
                 "test \"$HEDDLE_ARCHITECTURE\" = \"$(uname -m)\"\ncase $HEDDLE_PROJECT in demo:CI:*) ;; *) "
                 "exit 1;; esac\n"
                 "test ${#HEDDLE_COMMIT} = 40\n"}},
               {".obs/build"});
    world.head({{"a", "b"}});
    const Ended ended = world.try_change();
    CHECK_MESSAGE(ended.exit_code == 0, ended.out << ended.err);
}
