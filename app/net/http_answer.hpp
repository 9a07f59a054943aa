// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "app/net/guarded_stream.hpp"
#include "reporters/http_transport.hpp"

namespace heddle {

/// Pieces of a body in order.
using TakeBody = std::function<void(std::string_view piece)>;

/// Status line and headers up to and including the empty line; values raw. Nothing for what is no HTTP/1
/// answer (RFC 9112), a folded header among it. Pure.
std::optional<HttpResponse> parse_answer_head(std::string_view head);

/// How an answer says where its body ends.
struct BodyLength {
    enum class Kind { None, Sized, Chunked, UntilEnd };

    Kind kind = Kind::None;
    std::size_t bytes = 0;  // Sized
};

/// By RFC 9112, section 6.3. Nothing for an answer that contradicts itself or uses a coding that nobody asked
/// for. Pure.
std::optional<BodyLength> body_length_of(const HttpResponse& head, const std::string& method);

/// Reads the answer to a request of that method: interim answers (1xx) are skipped, nothing is decompressed.
/// The body goes to `take` where there is one, else into the answer. The stream's deadline must be set.
/// Throws RemoteError: Retry when the answer is not whole or no HTTP, GiveUp when its body has more than
/// `most_bytes` or is compressed. What `take` throws passes.
HttpResponse read_answer(GuardedStream& stream,
                         const std::string& method,
                         std::size_t most_bytes,
                         const TakeBody& take,
                         const std::string& doing);

}  // namespace heddle
