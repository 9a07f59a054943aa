// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "app/http/body_reader.hpp"
#include "app/http/listener.hpp"
#include "app/http/request_head.hpp"
#include "app/http/service.hpp"
#include "app/net/guarded_stream.hpp"

namespace heddle {

/// One client. Whatever it does or does not send, no thread waits for it: advance() does what can be done now
/// and says what must happen before it is called again. For one thread at a time.
class Connection {
public:
    enum class Next { Read, Write, Again, Close };

    Connection(Socket socket, std::string address, Service& service);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Read, Write: call it again when the socket is ready for that, or at the deadline. Again: there may be
    /// another request already, but others should have their turn. Close: that was it.
    Next advance();
    GuardedStream::Clock::time_point deadline() const { return deadline_; }
    int fd() const { return socket_.get(); }
    /// No request is in hand: ending it now loses nothing that was promised.
    bool expendable() const {
        return stage_ == Stage::Idle || stage_ == Stage::Head || stage_ == Stage::Linger;
    }

private:
    enum class Stage {
        Idle,    // before the first byte of a request
        Head,    // in the middle of a head
        Body,    // in the middle of a body
        Answer,  // the answer goes out
        Linger,  // whatever still comes is thrown away, so that the client sees the answer
    };

    using Handler = std::function<std::optional<ServerResponse>()>;

    Next read_head();
    Next head_failed();
    Next begin_request();
    Next begin_body(const Framing& framing);
    Next read_body();
    std::optional<ServerResponse> call(const Handler& handler);
    ServerResponse worded(const Refusal& refusal) const;
    Next refuse(const Refusal& refusal);
    Next send(ServerResponse response);
    Next send_rest();
    Next answered();
    Next linger();
    void wait_until(Stage stage, std::chrono::milliseconds time, std::size_t bytes);

    Socket socket_;
    const std::string address_;
    Service& service_;
    GuardedStream stream_;
    Stage stage_ = Stage::Idle;
    GuardedStream::Clock::time_point deadline_;
    std::string head_;      // raw
    std::size_t seen_ = 0;  // bytes of it that were looked at for bare line ends
    ServerRequest request_;
    const Route* route_ = nullptr;
    std::optional<BodyReader> body_;
    bool unread_ = false;      // a part of the request is still to come, or its end unknown
    bool keep_alive_ = false;  // after the answer
    std::string out_;          // the answer's head
    std::string out_body_;
    std::size_t sent_ = 0;  // of both together
};

}  // namespace heddle
