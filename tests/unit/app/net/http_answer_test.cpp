// SPDX-License-Identifier: Apache-2.0
#include "app/net/http_answer.hpp"

#include <doctest/doctest.h>

using namespace heddle;

namespace {

std::optional<HttpResponse> parse(const std::string& lines) {
    std::string head;
    for (const char c : lines) head += c == '\n' ? std::string("\r\n") : std::string(1, c);
    return parse_answer_head(head + "\r\n\r\n");
}

std::optional<BodyLength> length_of(const std::string& lines, const std::string& method = "GET") {
    return body_length_of(*parse("HTTP/1.1 200 OK" + lines), method);
}

}  // namespace

TEST_CASE("values of headers stay raw") {
    const auto answer =
        parse("HTTP/1.1 301 Moved\nLocation:  https://x/?a=%3E%0d%0a \nX-Empty:\nLink: a\nLink: b");
    REQUIRE(answer);
    CHECK(answer->status == 301);
    const HttpHeaders expected{
        {"Location", "https://x/?a=%3E%0d%0a"}, {"X-Empty", ""}, {"Link", "a"}, {"Link", "b"}};
    CHECK(answer->headers == expected);
    CHECK(parse("HTTP/1.0 200")->status == 200);
    CHECK(parse("HTTP/1.1 204 ")->status == 204);
}

TEST_CASE("what is no answer of HTTP/1 is none") {
    for (const char* head : {"HTTP/2 200 OK",
                             "HTTP/1.1 20 OK",
                             "HTTP/1.1 2000 OK",
                             "HTTP/1.1 -20 OK",
                             "HTTP/1.1 099 OK",
                             "ICY 200 OK",
                             "HTTP/1.1",
                             "",
                             "HTTP/1.1 200 OK\nno colon",
                             "HTTP/1.1 200 OK\n: nameless",
                             "HTTP/1.1 200 OK\nspace : x",
                             "HTTP/1.1 200 OK\nA: b\n folded"})
        CHECK_MESSAGE(!parse(head), head);
}

TEST_CASE("an answer says once and clearly where it ends") {
    using Kind = BodyLength::Kind;
    CHECK(length_of("")->kind == Kind::UntilEnd);
    CHECK(length_of("\nContent-Length: 12")->bytes == 12);
    CHECK(length_of("\nContent-Length: 12\ncontent-length: 12")->bytes == 12);
    CHECK(length_of("\ntransfer-encoding: Chunked")->kind == Kind::Chunked);
    CHECK(length_of("\nContent-Length: 12", "HEAD")->kind == Kind::None);
    for (const char* lines : {"\nContent-Length: 12\nContent-Length: 13",
                              "\nContent-Length: -1",
                              "\nContent-Length: +1",
                              "\nContent-Length: 0x10",
                              "\nContent-Length: 1, 1",
                              "\nContent-Length:",
                              "\nContent-Length: 99999999999999999999999",
                              "\nTransfer-Encoding: gzip",
                              "\nTransfer-Encoding: gzip, chunked",
                              "\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked",
                              "\nTransfer-Encoding: chunked\nContent-Length: 3"})
        CHECK_MESSAGE(!length_of(lines), lines);
}
