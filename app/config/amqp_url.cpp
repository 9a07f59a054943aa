// SPDX-License-Identifier: Apache-2.0
#include "app/config/amqp_url.hpp"

#include "app/config/plain_text.hpp"
#include "app/config/url.hpp"

namespace heddle {
namespace {

constexpr int kPort = 5672;
constexpr int kTlsPort = 5671;
constexpr std::size_t kLongest = 127;  // AMQP 0-9-1 has no longer names

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Nothing for broken escapes, and for what they hide: control characters.
std::optional<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    if (!is_plain_text(out) || out.size() > kLongest) return std::nullopt;
    return out;
}

/// "user", "user:password".
bool read_user(std::string_view text, AmqpUrl& url) {
    const auto colon = text.find(':');
    const auto user = decoded(text.substr(0, colon));
    const auto password = decoded(colon == std::string_view::npos ? "" : text.substr(colon + 1));
    if (!user || user->empty() || !password) return false;
    url.user = *user;
    url.password = *password;
    return true;
}

bool read_host(std::string_view text, AmqpUrl& url) {
    // A scheme of its own kind says what a host and a port may be.
    const auto web = parse_web_url("http://" + std::string(text));
    if (!web || !web->path.empty()) return false;
    url.host = web->host.starts_with('[') ? web->host.substr(1, web->host.size() - 2) : web->host;
    const bool names_port = text.ends_with(":80") || web->port != 80;
    url.port = names_port ? web->port : url.tls ? kTlsPort : kPort;
    return url.port > 0;
}

}  // namespace

std::string AmqpUrl::place() const {
    const std::string shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return (tls ? "amqps://" : "amqp://") + shown + ":" + std::to_string(port) +
           (vhost == "/" ? "" : "/" + vhost);
}

std::optional<AmqpUrl> parse_amqp_url(std::string_view text) {
    constexpr std::string_view kPlain = "amqp://", kTls = "amqps://";
    AmqpUrl url;
    url.tls = text.starts_with(kTls);
    if (!url.tls && !text.starts_with(kPlain)) return std::nullopt;
    text.remove_prefix(url.tls ? kTls.size() : kPlain.size());
    if (text.find_first_of("?# \\") != std::string_view::npos) return std::nullopt;
    const auto slash = text.find('/');
    if (slash != std::string_view::npos && slash + 1 < text.size()) {
        const auto vhost = decoded(text.substr(slash + 1));
        if (!vhost || text.find('/', slash + 1) != std::string_view::npos) return std::nullopt;
        url.vhost = *vhost;
    }
    text = text.substr(0, slash);
    const auto at = text.rfind('@');
    if (at != std::string_view::npos && !read_user(text.substr(0, at), url)) return std::nullopt;
    if (!read_host(at == std::string_view::npos ? text : text.substr(at + 1), url)) return std::nullopt;
    return url;
}

}  // namespace heddle
