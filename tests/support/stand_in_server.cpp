// SPDX-License-Identifier: Apache-2.0
#include "tests/support/stand_in_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>

#include "tests/support/stand_in_connection.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_certificates.hpp"

namespace heddle::test {
namespace {

int checked(int rc, const char* what) {
    if (rc < 0) throw std::system_error(errno, std::generic_category(), what);
    return rc;
}

int listen_on_free_port(int& port) {
    const int socket = checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    checked(bind(socket, reinterpret_cast<sockaddr*>(&address), size), "bind");
    checked(listen(socket, 128), "listen");
    checked(getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
    port = ntohs(address.sin_port);
    return socket;
}

/// Answers for one method and path: one after the other, the last one for ever.
struct Script {
    std::vector<StandInAnswer> answers;
    std::size_t next = 0;

    StandInAnswer take() {
        const StandInAnswer answer = answers.at(next);
        if (next + 1 < answers.size()) ++next;
        return answer;
    }
};

}  // namespace

class StandInServer::Parts {
public:
    explicit Parts(const Options& options) : options_(options) {
        std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
        if (options.tls) tls_ = make_tls_server(options.names, ca_file());
        stop_ = checked(eventfd(0, EFD_CLOEXEC), "eventfd");
        listener_ = listen_on_free_port(port_);
        accepting_ = std::thread([this] { accept_all(); });
    }

    ~Parts() {
        const std::uint64_t one = 1;
        while (write(stop_, &one, sizeof one) < 0 && errno == EINTR) continue;
        accepting_.join();
        std::unique_lock lock(mutex_);
        came_.wait(lock, [this] { return served_now_ == 0; });
        close(listener_);
        close(stop_);
    }

    std::string ca_file() const { return (folder_.path() / "ca.pem").string(); }

    std::mutex mutex_;
    std::condition_variable came_;
    std::map<std::pair<std::string, std::string>, Script> scripts_;
    Answerer answerer_ = [](const StandInRequest&) { return StandInAnswer{404, "not told\n"}; };
    std::vector<StandInRequest> requests_;
    std::size_t connections_ = 0;
    int port_ = 0;
    Options options_;

private:
    void accept_all() {
        for (;;) {
            pollfd both[2] = {{listener_, POLLIN, 0}, {stop_, POLLIN, 0}};
            if (poll(both, 2, -1) < 0 && errno != EINTR) return;
            if (both[1].revents) return;
            const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (client < 0) continue;
            const int on = 1;
            setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            const std::lock_guard lock(mutex_);
            const std::size_t number = ++connections_;
            ++served_now_;
            std::thread([this, client, number] {
                serve(client, number);
                const std::lock_guard ending(mutex_);
                --served_now_;
                came_.notify_all();
            }).detach();
        }
    }

    void serve(int client, std::size_t number) {
        StandInConnection connection(client, stop_, options_.hang_in_handshake ? nullptr : tls_.get());
        if (options_.hang_in_handshake) return connection.wait_until_gone();
        if (!connection.shake_hands()) return;
        while (auto request = connection.read_request()) {
            request->connection = number;
            const StandInAnswer answer = answer_to(*request);
            const bool close = request->header("Connection") == "close";
            if (!connection.send(answer, request->method == "HEAD") || close) return;
        }
    }

    StandInAnswer answer_to(const StandInRequest& request) {
        Answerer answerer;
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(request);
            came_.notify_all();
            for (const std::string& method : {request.method, std::string("*")}) {
                const auto script = scripts_.find({method, request.path()});
                if (script != scripts_.end()) return script->second.take();
            }
            answerer = answerer_;
        }
        return answerer(request);
    }

    TemporaryFolder folder_;
    TlsContext tls_;
    int listener_ = -1;
    int stop_ = -1;
    std::thread accepting_;
    std::size_t served_now_ = 0;
};

StandInServer::StandInServer(const Options& options) : parts_(std::make_unique<Parts>(options)) {}

StandInServer::StandInServer(Answerer answerer) : StandInServer() { answer_all(std::move(answerer)); }

StandInServer::~StandInServer() = default;

int StandInServer::port() const { return parts_->port_; }

std::string StandInServer::url(const std::string& host) const {
    return (parts_->options_.tls ? "https://" : "http://") + host + ":" + std::to_string(port());
}

std::string StandInServer::ca_file() const { return parts_->options_.tls ? parts_->ca_file() : ""; }

void StandInServer::answer(const std::string& method,
                           const std::string& path,
                           std::vector<StandInAnswer> answers) {
    const std::lock_guard lock(parts_->mutex_);
    parts_->scripts_[{method, path}] = Script{std::move(answers)};
}

void StandInServer::answer(const std::string& method, const std::string& path, StandInAnswer answer) {
    this->answer(method, path, std::vector<StandInAnswer>{std::move(answer)});
}

void StandInServer::answer_all(Answerer answerer) {
    const std::lock_guard lock(parts_->mutex_);
    parts_->answerer_ = std::move(answerer);
}

std::vector<StandInRequest> StandInServer::requests() const {
    const std::lock_guard lock(parts_->mutex_);
    return parts_->requests_;
}

void StandInServer::forget_requests() {
    const std::lock_guard lock(parts_->mutex_);
    parts_->requests_.clear();
}

std::size_t StandInServer::connections() const {
    const std::lock_guard lock(parts_->mutex_);
    return parts_->connections_;
}

bool StandInServer::wait_for_requests(std::size_t count, std::chrono::milliseconds limit) const {
    std::unique_lock lock(parts_->mutex_);
    return parts_->came_.wait_for(lock, limit, [&] { return parts_->requests_.size() >= count; });
}

}  // namespace heddle::test
