// SPDX-License-Identifier: Apache-2.0
// A process that builds, to be killed by a test: builder_program DATABASE_URL DATA_DIR

#include <csignal>
#include <iostream>

#include "app/build_service/embedded/builder.hpp"
#include "app/postgres/worker_store.hpp"

namespace {

class NoCommits : public heddle::SourceFetcher {
public:
    std::optional<heddle::FetchedTree> fetch(const heddle::WantedTree&,
                                             const std::filesystem::path&,
                                             std::uint64_t) override {
        return std::nullopt;
    }
};

}  // namespace

int main(int, char** arguments) {
    sigset_t end;
    sigemptyset(&end);
    sigaddset(&end, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &end, nullptr);
    heddle::Pool pool(arguments[1], 4);
    heddle::WorkerSeat seat = heddle::take_seat(arguments[1]);
    NoCommits fetcher;
    heddle::Builder builder({{}, arguments[2], seat.id, std::nullopt}, pool, fetcher);
    builder.start();
    std::cout << "started" << std::endl;
    int number = 0;
    sigwait(&end, &number);
    builder.stop();
    heddle::leave_seat(seat);
    return 0;
}
