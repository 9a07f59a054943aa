// SPDX-License-Identifier: Apache-2.0
// A program for the tests of the embedded cluster and for migrations/snapshot: `keep-cluster DIR` is the
// keeper, `hold DIR` prints the URL of the database `held` and holds the cluster until it is killed,
// `hold-schema DIR` migrates that database first.
#include <unistd.h>

#include <iostream>
#include <string_view>

#include "app/postgres/embedded_cluster.hpp"
#include "app/postgres/migrate.hpp"
#include "app/postgres/pool.hpp"

int main(int count, char** arguments) {
    const std::string_view verb = count == 3 ? arguments[1] : "";
    if (verb == "keep-cluster") return heddle::keep_cluster(arguments[2]);
    if (verb != "hold" && verb != "hold-schema") return 2;
    try {
        const heddle::EmbeddedCluster cluster(arguments[2]);
        const std::string url = cluster.url("held");
        if (verb == "hold-schema") heddle::migrate(*heddle::open_connection(url));
        std::cout << url << std::endl;
        pause();
    } catch (const std::exception& why) {
        std::cerr << why.what() << std::endl;
    }
    return 1;
}
