// SPDX-License-Identifier: Apache-2.0
// A program for the tests of the embedded cluster: `keep-cluster DIR` is the keeper, `hold DIR` prints the
// URL of the database `held` and holds the cluster until it is killed.
#include <unistd.h>

#include <cstring>
#include <iostream>

#include "app/postgres/embedded_cluster.hpp"

int main(int count, char** arguments) {
    if (count == 3 && std::strcmp(arguments[1], "keep-cluster") == 0)
        return heddle::keep_cluster(arguments[2]);
    if (count != 3 || std::strcmp(arguments[1], "hold") != 0) return 2;
    try {
        const heddle::EmbeddedCluster cluster(arguments[2]);
        std::cout << cluster.url("held") << std::endl;
        pause();
    } catch (const std::exception& why) {
        std::cerr << why.what() << std::endl;
    }
    return 1;
}
