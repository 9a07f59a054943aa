// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/http_conversation.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string_view>
#include <utility>

#include "app/forges/git/disk_failure.hpp"
#include "app/net/base64.hpp"
#include "app/net/http_client.hpp"
#include "app/net/url.hpp"
#include "reporters/http_answer.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using Kind = RemoteError::Kind;

constexpr int kMostRedirects = 3;

/// Is it the first request, which asks for the references?
bool asks_for_references(git_smart_service_t service) {
    return service == GIT_SERVICE_UPLOADPACK_LS || service == GIT_SERVICE_RECEIVEPACK_LS;
}

/// The program that serves it.
std::string program_of(git_smart_service_t service) {
    const bool fetches = service == GIT_SERVICE_UPLOADPACK_LS || service == GIT_SERVICE_UPLOADPACK;
    return fetches ? "git-upload-pack" : "git-receive-pack";
}

/// What the URL of a repository is followed by (gitprotocol-http).
std::string target_of(git_smart_service_t service) {
    return (asks_for_references(service) ? "/info/refs?service=" : "/") + program_of(service);
}

/// One request and its answer, as libgit2 writes and reads it.
struct Exchange : git_smart_subtransport_stream {
    GitHttpConversation* conversation = nullptr;
    git_smart_service_t service{};
    bool sent = false;
    std::string request;
    int spool = -1;
};

struct Subtransport : git_smart_subtransport {
    GitHttpConversation* conversation = nullptr;
};

int read_answer_of(git_smart_subtransport_stream* stream, char* to, std::size_t size, std::size_t* got) {
    auto& exchange = static_cast<Exchange&>(*stream);
    GitHttpConversation& conversation = *exchange.conversation;
    try {
        if (!exchange.sent) {
            exchange.sent = true;
            exchange.spool = conversation.open_spool();
            conversation.exchange(exchange.service, exchange.request, exchange.spool);
            if (lseek(exchange.spool, 0, SEEK_SET) != 0)
                throw disk_failure(errno, "read git's answer", "the spool");
        }
        ssize_t count = 0;
        while ((count = ::read(exchange.spool, to, size)) < 0)
            if (errno != EINTR) throw disk_failure(errno, "read git's answer", "the spool");
        *got = static_cast<std::size_t>(count);
        return 0;
    } catch (...) {
        return conversation.remember_failure();
    }
}

int write_request_of(git_smart_subtransport_stream* stream, const char* bytes, std::size_t size) {
    static_cast<Exchange*>(stream)->request.append(bytes, size);
    return 0;
}

void free_exchange(git_smart_subtransport_stream* stream) {
    auto* exchange = static_cast<Exchange*>(stream);
    if (exchange->spool >= 0) close(exchange->spool);
    delete exchange;
}

int begin_exchange(git_smart_subtransport_stream** out,
                   git_smart_subtransport* transport,
                   const char*,
                   git_smart_service_t service) {
    auto exchange = std::make_unique<Exchange>();
    exchange->subtransport = transport;
    exchange->read = read_answer_of;
    exchange->write = write_request_of;
    exchange->free = free_exchange;
    exchange->conversation = static_cast<Subtransport*>(transport)->conversation;
    exchange->service = service;
    *out = exchange.release();
    return 0;
}

int end_exchanges(git_smart_subtransport*) { return 0; }
void free_subtransport(git_smart_subtransport* transport) { delete static_cast<Subtransport*>(transport); }

int make_subtransport(git_smart_subtransport** out, git_transport*, void* conversation) {
    auto transport = std::make_unique<Subtransport>();
    transport->action = begin_exchange;
    transport->close = end_exchanges;
    transport->free = free_subtransport;
    transport->conversation = static_cast<GitHttpConversation*>(conversation);
    *out = transport.release();
    return 0;
}

void write_to(int spool, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(spool, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw disk_failure(errno, "keep git's answer", "the spool");
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

/// "user:password" as it is; a token alone is the password of any user, as the forges take it.
std::string basic_credential(const std::string& credential) {
    const bool has_user = credential.find(':') != std::string::npos;
    return "Basic " + to_base64(has_user ? credential : "heddle:" + credential);
}

HttpRequest request_for(const std::string& url,
                        const ForgeAccess& access,
                        git_smart_service_t service,
                        const std::string& body) {
    HttpRequest request{"GET", url + target_of(service), {}, ""};
    if (!asks_for_references(service)) {
        const std::string type = "application/x-" + program_of(service);
        request.method = "POST";
        request.headers = {{"Content-Type", type + "-request"}, {"Accept", type + "-result"}};
        request.body = body;
    }
    if (!access.credential.empty())
        request.headers.emplace_back("Authorization", basic_credential(access.credential));
    return request;
}

/// The repository's new URL. Throws GiveUp for a redirect that does not lead to another repository of the
/// same origin.
std::string moved_to(const HttpResponse& answer,
                     const std::string& from,
                     const std::string& target,
                     const std::string& doing) {
    std::string location = header_of(answer, "Location");
    const auto base = parse_url(from);
    if (base && location.starts_with('/') && !location.starts_with("//"))
        location = base->origin() + location;
    const auto moved = parse_url(location);
    if (!moved || !base || !same_origin(*moved, *base) || !location.ends_with(target))
        throw RemoteError(
            Kind::GiveUp, doing, "it redirects to " + heddle::quoted(location) + ", which is not followed");
    return location.substr(0, location.size() - target.size());
}

void require_git(const HttpResponse& answer,
                 const ForgeAccess& access,
                 git_smart_service_t service,
                 const std::string& doing) {
    if (answer.status == 404)
        throw RemoteError(Kind::GiveUp,
                          doing,
                          "there is no such repository, or none that we may read" +
                              (access.locked_token == 0 ? "" : "; " + why_no_credential(access)));
    require_success(answer, access, doing);
    const std::string expected = "application/x-" + program_of(service) +
                                 (asks_for_references(service) ? "-advertisement" : "-result");
    if (answer.status != 200 || header_of(answer, "Content-Type") != expected)
        throw RemoteError(Kind::GiveUp, doing, "no git server of the smart protocol answers there");
}

}  // namespace

GitHttpConversation::GitHttpConversation(HttpClient& client,
                                         ForgeAccess access,
                                         std::string url,
                                         std::filesystem::path spool_folder,
                                         const ConversationLimits& limits,
                                         std::string doing)
    : GitConversation(std::move(doing)),
      client_(client),
      access_(std::move(access)),
      url_(std::move(url)),
      spool_folder_(std::move(spool_folder)),
      until_(std::chrono::steady_clock::now() + limits.deadline),
      most_bytes_(limits.most_bytes) {}

int GitHttpConversation::make_transport(git_transport** out, git_remote* owner) {
    git_smart_subtransport_definition definition{make_subtransport, 1, this};
    return git_transport_smart(out, owner, &definition);
}

int GitHttpConversation::open_spool() const {
    std::string name = (spool_folder_ / "spool-XXXXXX").string();
    const int spool = mkostemp(name.data(), O_CLOEXEC);
    if (spool < 0) throw disk_failure(errno, doing(), spool_folder_.string());
    unlink(name.c_str());
    return spool;
}

void GitHttpConversation::exchange(git_smart_service_t service, const std::string& body, int spool) {
    for (int redirects = 0;; ++redirects) {
        if (ftruncate(spool, 0) != 0 || lseek(spool, 0, SEEK_SET) != 0)
            throw disk_failure(errno, doing(), spool_folder_.string());
        const HttpResponse answer = client_.receive(access_,
                                                    request_for(url_, access_, service, body),
                                                    until_,
                                                    most_bytes_,
                                                    [&](std::string_view piece) { write_to(spool, piece); });
        const bool moved = answer.status >= 301 && answer.status <= 308 && answer.status != 304;
        if (!moved || !asks_for_references(service) || redirects == kMostRedirects)
            return require_git(answer, access_, service, doing());
        url_ = moved_to(answer, url_, target_of(service), doing());
    }
}

}  // namespace heddle
