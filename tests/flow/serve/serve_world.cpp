// SPDX-License-Identifier: Apache-2.0
#include "tests/flow/serve/serve_world.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

namespace heddle::test {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;

/// A port that nobody listens on now; kept free enough for a server that is killed and started again.
int free_port() {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    ::close(probe);
    return ntohs(address.sin_port);
}

int connect_to(int port) {
    const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    const timeval patience{20, 0};
    ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return client;
    ::close(client);
    return -1;
}

std::string talk(int client, const std::string& request) {
    for (std::size_t at = 0; at < request.size();) {
        const ssize_t sent = ::send(client, request.data() + at, request.size() - at, MSG_NOSIGNAL);
        if (sent <= 0) break;
        at += static_cast<std::size_t>(sent);
    }
    std::string answer;
    char buffer[16384];
    for (ssize_t got = 0; (got = ::recv(client, buffer, sizeof buffer, 0)) > 0;)
        answer.append(buffer, static_cast<std::size_t>(got));
    return answer;
}

}  // namespace

bool eventually(const std::function<bool()>& holds, std::chrono::seconds limit) {
    const auto until = steady_clock::now() + limit;
    while (!holds()) {
        if (steady_clock::now() > until) return false;
        ::poll(nullptr, 0, 20);
    }
    return true;
}

ServeWorld::ServeWorld(int processes) {
    for (const ForgeKind kind : {ForgeKind::Github, ForgeKind::Gitlab, ForgeKind::Gitea})
        forges.emplace(kind, std::make_unique<ForgeStandIn>(kind));
    for (int i = 0; i < processes; ++i) ports_.push_back(free_port());
    processes_.resize(static_cast<std::size_t>(processes));
    write_configuration();
}

ServeWorld::~ServeWorld() {
    for (const auto& process : processes_)
        if (process) process->signal(SIGTERM);
    for (const auto& process : processes_)
        if (process) process->wait();
}

void ServeWorld::write_configuration() const {
    std::ofstream file(folder() / "heddle.yml");
    file << "data_dir: " << (folder() / "data").string() << "\nforges:\n";
    for (const auto& [kind, forge] : forges)
        file << "  - { name: " << to_string(kind) << "-here, kind: " << to_string(kind) << ", web_url: \""
             << forge->web_url() << "\", api_url: \"" << forge->api_url() << "\", private_network: true }\n";
}

RunOptions ServeWorld::options() const {
    RunOptions options;
    options.environment = environment;
    options.environment["HEDDLE_CONFIG"] = folder() / "heddle.yml";
    options.deadline = std::chrono::seconds(600);
    return options;
}

Ended ServeWorld::heddle(const std::vector<std::string>& arguments) const {
    std::vector<std::string> all{heddle_program()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run(all, options());
}

std::string ServeWorld::heddle_done(const std::vector<std::string>& arguments) const {
    const Ended ended = heddle(arguments);
    REQUIRE_MESSAGE(ended.exit_code == 0, arguments.front() << ": " << ended.out << ended.err);
    return ended.out;
}

MadeToken ServeWorld::make_token(const std::string& forge, const std::string& executor) {
    const std::filesystem::path credential = folder() / "credential";
    std::ofstream(credential) << ForgeStandIn::kCredential << '\n';
    std::filesystem::permissions(credential, std::filesystem::perms(0600));
    const json made = json::parse(heddle_done({"token",
                                               "create",
                                               "--kind",
                                               "workflow",
                                               "--executor",
                                               executor,
                                               "--forge",
                                               forge,
                                               "--scm-token-file",
                                               credential,
                                               "--json"}));
    const json& id = made.at("id");
    return {id.is_string() ? id.get<std::string>() : std::to_string(id.get<std::int64_t>()),
            made.at("secret").get<std::string>()};
}

void ServeWorld::start(int index) {
    RunOptions with = options();
    with.environment["HEDDLE_SERVER_LISTEN"] = "127.0.0.1:" + std::to_string(port(index));
    auto& process = processes_.at(static_cast<std::size_t>(index));
    process = std::make_unique<Program>(std::vector<std::string>{heddle_program(), "serve"}, with);
    const bool ready = eventually([&] { return get("/readyz", index).status == 200 || !process->running(); });
    REQUIRE_MESSAGE((ready && process->running()), process->out() << process->wait().err);
}

HttpReply ServeWorld::exchange(const std::string& request, int index) const {
    const int client = connect_to(port(index));
    if (client < 0) return {};
    const std::string answer = talk(client, request);
    ::close(client);
    const auto head = answer.find("\r\n\r\n");
    if (!answer.starts_with("HTTP/1.1 ") || head == std::string::npos) return {};
    return {std::stoi(answer.substr(9, 3)), answer.substr(head + 4), answer.substr(0, head)};
}

HttpReply ServeWorld::get(const std::string& target, int index) const {
    return exchange("GET " + target + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n", index);
}

HttpReply ServeWorld::post(const std::string& target, const Delivery& delivery, int index) const {
    std::string request = "POST " + target + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n";
    for (const auto& [name, value] : delivery.headers) request += name + ": " + value + "\r\n";
    request += "Content-Length: " + std::to_string(delivery.body.size()) + "\r\n\r\n" + delivery.body;
    return exchange(request, index);
}

HttpReply ServeWorld::deliver(ForgeKind kind,
                              const MadeToken& token,
                              const Happening& happening,
                              const std::string& id,
                              int index) const {
    const Delivery delivery = a_delivery(kind, happening, forges.at(kind)->web_url(), token.secret, id);
    return post("/trigger/workflow?id=" + token.id, delivery, index);
}

}  // namespace heddle::test
