// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "app/cli/configuration.hpp"
#include "app/cli/verbs.hpp"

namespace heddle {

int run_completion(const GlobalArguments& global, const CompletionArguments&) {
    refuse_json(global, "completion");
    refuse_try(global, "completion");
    std::cout << bash_completion();
    return 0;
}

}  // namespace heddle
