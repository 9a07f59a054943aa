// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace heddle::test {

/// An answer as it came over the wire.
struct RawAnswer {
    int status = 0;    // 0: the connection ended without one
    std::string head;  // first line included
    std::string body;

    /// The value of the first header of that name, spelled like that; empty: there is none.
    std::string header(const std::string& name) const;
};

/// A client that sends exactly the bytes it is told, however wrong. Everything fails by an exception after
/// 20 s.
class RawClient {
public:
    explicit RawClient(int port, const std::string& host = "127.0.0.1");
    ~RawClient();
    RawClient(RawClient&& other) noexcept;
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    RawClient& operator=(RawClient&&) = delete;

    /// False: the server has closed the connection.
    bool send(std::string_view bytes);
    /// Nothing more will be sent.
    void end_sending();
    /// Waits for one answer. `bodiless`: to a HEAD request.
    RawAnswer answer(bool bodiless = false);
    /// send() and answer().
    RawAnswer ask(std::string_view bytes);
    /// Something came, or the end, within that time.
    bool hears_within(std::chrono::milliseconds time);
    /// Waits until the server has closed; what it still sent.
    std::string rest();

private:
    bool receive();

    int fd_ = -1;
    std::string received_;
};

}  // namespace heddle::test
