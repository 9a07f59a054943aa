// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "app/cli/verbs.hpp"

namespace heddle {

int run_completion(const GlobalArguments&, const CompletionArguments&) {
    std::cout << bash_completion();
    return 0;
}

}  // namespace heddle
