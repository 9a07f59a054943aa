// SPDX-License-Identifier: Apache-2.0
// URLs that payloads and redirects name, names that become parts of URLs, and the heads of answers.
#include <algorithm>
#include <cstdint>
#include <string>

#include "app/config/url.hpp"
#include "app/inbox/forge_match.hpp"
#include "app/net/base64.hpp"
#include "app/net/http_answer.hpp"
#include "app/net/url.hpp"
#include "tests/fuzz/require.hpp"

using namespace heddle;

namespace {

bool is_printable(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c < 0x7F; });
}

/// What a payload calls the forge's own leads to the forge, and below its path.
void check_belonging(const std::string& text) {
    const std::string base = "https://git.example/sub";
    REQUIRE(!lies_below(text, "https://git.example:444/sub") || !lies_below(text, base));
    const auto url = parse_url(text);
    if (!url || !lies_below(text, base)) return;
    REQUIRE(url->origin() == "https://git.example");
    const std::string path = url->target.substr(0, url->target.find_first_of("?#")) + "/";
    REQUIRE(path.starts_with("/sub/") && path.find("/../") == std::string::npos);
}

bool stays_in_its_line(const std::string& text) { return text.find_first_of("\r\n") == std::string::npos; }

/// What was taken apart means the same when it is put together again.
void check_url(const std::string& text) {
    const auto url = parse_url(text);
    if (!url) return;
    REQUIRE(url->scheme == "http" || url->scheme == "https");
    REQUIRE(!url->host.empty() && url->port > 0 && url->port < 65536);
    REQUIRE(url->target.starts_with('/') && is_printable(url->target) && is_printable(url->authority()));
    REQUIRE(url->host.find_first_of("@/\\?#%") == std::string::npos);
    const auto again = parse_url(url->origin() + url->target);
    REQUIRE(again && same_origin(*again, *url) && again->target == url->target);
    const auto home = parse_web_url(url->origin());
    REQUIRE(home && home->origin() == url->origin());
}

void check_name(const std::string& text) {
    const std::string encoded = url_encoded(text);
    const auto url = parse_url("https://a.example/" + encoded);
    REQUIRE(url.has_value() == (encoded.size() + 18 <= 8192));
    REQUIRE(!url || (url->host == "a.example" && url->target == "/" + encoded));
    const auto path = encoded_path(text);
    if (!path) return;
    REQUIRE(std::count(path->begin(), path->end(), '/') == std::count(text.begin(), text.end(), '/'));
    const std::string framed = "/" + *path + "/";
    for (const char* climbing : {"//", "/./", "/../"}) REQUIRE(framed.find(climbing) == std::string::npos);
}

void check_head(const std::string& text) {
    const auto head = parse_answer_head(text);
    if (!head) return;
    REQUIRE(head->status >= 100 && head->status <= 999);
    for (const auto& [name, value] : head->headers)
        REQUIRE(!name.empty() && is_printable(name) && text.find(name) != std::string::npos &&
                value.find("\r\n") == std::string::npos && stays_in_its_line(name));
    for (const char* method : {"GET", "HEAD"}) body_length_of(*head, method);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    check_url(text);
    check_url("https://" + text);
    check_belonging(text);
    check_belonging("https://" + text);
    check_belonging("https://git.example/sub" + text);
    check_name(text);
    check_head(text);
    check_head("HTTP/1.1 200 OK\r\n" + text + "\r\n\r\n");
    REQUIRE(from_base64(to_base64(text)) == text);
    from_base64(text);
    return 0;
}
