// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/builder.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <system_error>
#include <utility>

#include "app/build_service/embedded/builder_worker.hpp"
#include "app/build_service/embedded/sandbox.hpp"
#include "app/build_service/embedded/sandbox_user.hpp"
#include "app/build_service/embedded/workspace.hpp"
#include "app/postgres/database_trouble.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr auto kReconnect = std::chrono::seconds(1);
constexpr long kListenMicroseconds = 250'000;  // so often is a stop looked for

class Wakened : public pqxx::notification_receiver {
public:
    Wakened(pqxx::connection& connection, BuilderWake& wake)
        : pqxx::notification_receiver(connection, "heddle_builds"), wake_(wake) {}
    void operator()(const std::string&, int) override { wake_.ring(); }

private:
    BuilderWake& wake_;
};

void listen_until(const std::string& url, BuilderWake& wake, const std::stop_token& stop) {
    const auto connection = open_connection(url);
    const Wakened wakened(*connection, wake);
    wake.ring();  // what was missed before it listened
    while (!stop.stop_requested()) connection->await_notification(0, kListenMicroseconds);
}

}  // namespace

Builder::Builder(BuilderOptions options, Pool& pool, SourceFetcher& fetcher)
    : options_(std::move(options)), pool_(pool), fetcher_(fetcher) {}

Builder::~Builder() { stop(); }

void Builder::start() {
    try {
        remove_leftover_workspaces(options_.data_dir / "builds");
    } catch (const std::system_error& error) {
        spdlog::warn("a leftover of a killed build stays: {}", one_line(error.what()));
    }
    threads_.emplace_back([this](std::stop_token stop) { listen(std::move(stop)); });
    for (int number = 0; number < options_.config.workers; ++number)
        threads_.emplace_back([this](std::stop_token stop) { work(std::move(stop)); });
}

void Builder::stop() {
    for (auto& thread : threads_) thread.request_stop();
    threads_.clear();
}

void Builder::listen(std::stop_token stop) {
    for (int seen = 0; !stop.stop_requested();) {
        try {
            listen_until(pool_.url(), wake_, stop);
        } catch (const std::exception& error) {
            spdlog::warn("builders look for work without being called: {}", in_one_sentence(error));
            seen = wake_.wait(seen, kReconnect, stop);
        }
    }
}

void Builder::work(std::stop_token stop) {
    BuilderWorker(options_, pool_, fetcher_, wake_).work(std::move(stop));
}

std::optional<std::string> why_no_builds(const BuilderOptions& options) {
    std::optional<BuildUser> user;
    std::optional<Identity> identity = options.identity;
    if (::geteuid() == 0 && !identity) {
        auto acquired = BuildUser::acquire(options.config.first_uid);
        if (auto* refused = std::get_if<std::string>(&acquired)) return *refused;
        user.emplace(std::move(std::get<BuildUser>(acquired)));
        identity = user->identity();
    }
    if (identity)
        if (auto refused = refuse_identity(*identity)) return refused;
    if (options.config.sandbox == BuilderConfig::Sandbox::None) return std::nullopt;
    return sandbox_works(options.data_dir / "builds", identity);
}

}  // namespace heddle
