// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace heddle::test {

using StandInHeaders = std::vector<std::pair<std::string, std::string>>;

/// A request as it came over the wire.
struct StandInRequest {
    std::string method;
    std::string target;      // raw: path and query, nothing decoded
    StandInHeaders headers;  // in order of arrival, values raw
    std::string body;
    std::size_t connection = 0;  // which one brought it, counted from 1

    std::string path() const;   // of the target, without the query
    std::string query() const;  // behind the '?'
    /// The value of the first header of that name, in any spelling; empty: there is none.
    std::string header(const std::string& name) const;
};

/// An answer and the manner in which it goes out.
struct StandInAnswer {
    enum class Manner {
        Whole,     // at once
        Drip,      // a byte every 10 ms
        Hang,      // nothing is sent until the client goes away
        HangBody,  // the head, then nothing more
        Cut,       // the head and half of the body, then the connection ends
        Vanish,    // the request is taken, then the connection ends without an answer
    };

    int status = 200;
    std::string body{};
    StandInHeaders headers{};  // Content-Length and Connection are added where none is given
    Manner manner = Manner::Whole;
    bool chunked = false;  // the body goes out as chunks of at most 1,000 bytes
    std::string raw{};     // not empty: these bytes are the whole answer, then the connection ends
};

/// A server on a free port of 127.0.0.1 that stands for a forge, or for an attacker: answers as it is told
/// and remembers what it was asked. One thread per connection. Thread-safe.
class StandInServer {
public:
    using Answerer = std::function<StandInAnswer(const StandInRequest&)>;

    struct Options {
        bool tls = false;
        /// TLS: the certificate is good for these DNS names and IP addresses.
        std::vector<std::string> names{"localhost", "127.0.0.1"};
        bool hang_in_handshake = false;  // TLS: the client's first message is never answered
    };

    /// Everything is answered with 404 until something else is told.
    StandInServer() : StandInServer(Options{}) {}
    explicit StandInServer(const Options& options);
    explicit StandInServer(Answerer answerer);
    ~StandInServer();
    StandInServer(const StandInServer&) = delete;
    StandInServer& operator=(const StandInServer&) = delete;

    int port() const;
    /// "http://127.0.0.1:PORT" or "https://...".
    std::string url() const { return url("127.0.0.1"); }
    std::string url(const std::string& host) const;
    /// PEM file of the authority that signed this server's certificate; empty without TLS.
    std::string ca_file() const;

    /// What `method` (or "*") and `path` (raw, without the query) are answered with from now on. Several
    /// answers: one after the other, the last one again and again.
    void answer(const std::string& method, const std::string& path, std::vector<StandInAnswer> answers);
    void answer(const std::string& method, const std::string& path, StandInAnswer answer);
    /// Who answers what no answer was told for.
    void answer_all(Answerer answerer);

    /// All requests so far, in order of arrival.
    std::vector<StandInRequest> requests() const;
    void forget_requests();
    /// Connections that were accepted so far, also those that brought no request.
    std::size_t connections() const;
    /// Waits until that many requests came; false: they did not within `limit`.
    bool wait_for_requests(std::size_t count,
                           std::chrono::milliseconds limit = std::chrono::seconds(20)) const;

private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace heddle::test
