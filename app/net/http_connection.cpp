// SPDX-License-Identifier: Apache-2.0
#include "app/net/http_connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

using Clock = GuardedStream::Clock;

constexpr const char* kSystemCertificates =
    "/etc/ssl/certs";  // by hash, as Debian's ca-certificates keeps them
constexpr const char* kTooLate = "no connection within the time allowed";

[[noreturn]] void fail(const std::string& doing, const std::string& why) {
    throw RemoteError(RemoteError::Kind::Retry, doing, why);
}

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) close(fd_);
    }
    Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    Descriptor& operator=(Descriptor&&) = delete;
    int get() const { return fd_; }

private:
    int fd_;
};

/// False: `until` has passed.
bool wait_for(int fd, short events, Clock::time_point until) {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
        if (left <= 0) return false;
        pollfd one{fd, events, 0};
        const int ready = poll(&one, 1, static_cast<int>(std::min<std::int64_t>(left, 60'000)));
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
    }
}

/// 0, or why not as an errno.
int connect_to(int fd, const NetAddress& address, Clock::time_point until) {
    if (connect(fd, address.get(), address.size) == 0) return 0;
    if (errno != EINPROGRESS) return errno;
    if (!wait_for(fd, POLLOUT, until)) return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

Descriptor connect_to_first(const std::vector<NetAddress>& addresses,
                            Clock::time_point until,
                            const std::string& doing) {
    std::string why = kTooLate;
    for (std::size_t i = 0; i < addresses.size() && Clock::now() < until; ++i) {
        const NetAddress& address = addresses[i];
        // An address that does not answer leaves the others their share of the time.
        const auto share = (until - Clock::now()) / static_cast<long>(addresses.size() - i);
        Descriptor fd(socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        const int error = fd.get() < 0 ? errno : connect_to(fd.get(), address, Clock::now() + share);
        if (error == 0) {
            const int on = 1;
            setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            return fd;
        }
        why = "can't connect to its address " + address.text() + " (" + std::strerror(error) + ")";
    }
    fail(doing, why);
}

void expect_peer(SSL* session, const Url& url, const std::string& doing) {
    X509_VERIFY_PARAM* peer = SSL_get0_param(session);
    X509_VERIFY_PARAM_set_hostflags(
        peer, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const bool numeric = numeric_address(url.host, url.port).has_value();
    const int set = numeric ? X509_VERIFY_PARAM_set1_ip_asc(peer, url.host.c_str())
                            : X509_VERIFY_PARAM_set1_host(peer, url.host.c_str(), 0);
    // RFC 6066: no address stands in the name that the server is asked for.
    if (set != 1 || (!numeric && SSL_set_tlsext_host_name(session, url.host.c_str()) != 1))
        fail(doing, "its name can't be checked");
}

std::string why_no_handshake(SSL* session) {
    const long verified = SSL_get_verify_result(session);
    if (verified != X509_V_OK)
        return std::string("its certificate is not accepted (") + X509_verify_cert_error_string(verified) +
               ")";
    const unsigned long error = ERR_peek_last_error();
    const char* reason = error ? ERR_reason_error_string(error) : nullptr;
    return std::string("the TLS handshake failed") + (reason ? " (" + std::string(reason) + ")" : "");
}

void shake_hands(SSL* session, int fd, Clock::time_point until, const std::string& doing) {
    for (;;) {
        ERR_clear_error();
        const int rc = SSL_connect(session);
        if (rc == 1) return;
        const int error = SSL_get_error(session, rc);
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
            fail(doing, why_no_handshake(session));
        if (!wait_for(fd, error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, until)) fail(doing, kTooLate);
    }
}

}  // namespace

void TlsContextFree::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

TlsClientContext make_tls_client(const std::string& ca_file) {
    TlsClientContext tls(SSL_CTX_new(TLS_client_method()));
    if (!tls) throw std::runtime_error("TLS can't be used");
    SSL_CTX_set_min_proto_version(tls.get(), TLS1_2_VERSION);
    SSL_CTX_set_options(tls.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_verify(tls.get(), SSL_VERIFY_PEER, nullptr);
    const int loaded = ca_file.empty() ? SSL_CTX_load_verify_dir(tls.get(), kSystemCertificates)
                                       : SSL_CTX_load_verify_file(tls.get(), ca_file.c_str());
    ERR_clear_error();
    if (loaded != 1) throw std::runtime_error("the certificates of " + ca_file + " can't be read");
    return tls;
}

struct HttpConnection::Parts {
    Parts(Descriptor connected, SSL* with) : fd(std::move(connected)), session(with, SSL_free) {}

    Descriptor fd;
    std::unique_ptr<SSL, decltype(&SSL_free)> session;
    std::optional<GuardedStream> stream;
};

HttpConnection::HttpConnection(const std::vector<NetAddress>& addresses,
                               const Url& url,
                               ssl_ctx_st* tls,
                               Clock::time_point until,
                               const std::string& doing)
    : parts_(std::make_unique<Parts>(connect_to_first(addresses, until, doing),
                                     url.scheme == "https" ? SSL_new(tls) : nullptr)) {
    SSL* session = parts_->session.get();
    if (url.scheme == "https") {
        if (!session || SSL_set_fd(session, parts_->fd.get()) != 1) fail(doing, "TLS can't be used");
        expect_peer(session, url, doing);
        shake_hands(session, parts_->fd.get(), until, doing);
    }
    parts_->stream.emplace(parts_->fd.get(), session);
}

HttpConnection::~HttpConnection() = default;

GuardedStream& HttpConnection::stream() { return *parts_->stream; }

}  // namespace heddle
