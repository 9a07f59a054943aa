// SPDX-License-Identifier: Apache-2.0
#include "app/cli/verbs.hpp"
#include "app/postgres/embedded_cluster.hpp"

namespace heddle {

int run_keep_cluster(const GlobalArguments&, const KeepClusterArguments& arguments) {
    return keep_cluster(arguments.directory);
}

}  // namespace heddle
