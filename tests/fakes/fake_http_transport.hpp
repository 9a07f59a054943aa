// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "reporters/http_transport.hpp"

namespace heddle::test {

/// A network in memory: keeps what is sent, answers what a test tells it to, in order. A request for which no
/// answer is left is the test's mistake: std::logic_error.
class FakeHttpTransport final : public HttpTransport {
public:
    struct Sent {
        ForgeAccess access;
        HttpRequest request;
    };

    /// The next answer: a response, or something thrown.
    void answer(HttpResponse response);
    void answer(int status, const std::string& body);
    void answer_by(std::function<HttpResponse(const HttpRequest&)> answer);

    std::vector<Sent> sent() const;
    /// "METHOD URL", then a line for each header and the body behind an empty line: the bytes that matter.
    std::vector<std::string> texts() const;

    HttpResponse send(const ForgeAccess& access, const HttpRequest& request) override;

private:
    mutable std::mutex mutex_;
    std::deque<std::function<HttpResponse(const HttpRequest&)>> answers_;
    std::vector<Sent> sent_;
};

}  // namespace heddle::test
