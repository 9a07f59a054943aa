// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "app/http/body_budget.hpp"
#include "app/http/refusal.hpp"
#include "app/http/request_head.hpp"
#include "app/net/guarded_stream.hpp"

namespace heddle {

/// Reads one body as its bytes come, never waiting for them.
class BodyReader {
public:
    enum class Progress {
        Done,
        NotYet,   // go on when the stream is readable
        Refused,  // see refusal()
        Gone,     // the client ended the connection in the middle
    };

    /// `most`: bytes of this body. What it takes of the budget as bytes arrive, it holds until its end.
    BodyReader(const Framing& framing, std::size_t most, BodyBudget& budget);

    /// How many raw bytes the stream may read for this body: the framing of chunks included.
    std::size_t raw_limit() const;
    Progress read(GuardedStream& stream);
    Refusal too_large() const;
    const Refusal& refusal() const { return refusal_; }
    /// The body; call it once it is done.
    std::string take_body() { return std::move(body_); }

private:
    enum class Place { Data, DataEnd, ChunkSize, Trailer };

    Progress read_data(GuardedStream& stream);
    Progress read_line(GuardedStream& stream);
    bool take_chunk_size();
    bool make_room(std::size_t bytes);
    Progress refuse(Refusal refusal);
    Progress broken(const GuardedStream& stream);

    const bool chunked_;
    const std::size_t most_;
    BodyBudget::Share share_;
    Place place_;
    std::size_t left_;  // of the body, or of the chunk
    std::string line_;  // of the framing, as far as it came
    std::string body_;
    Refusal refusal_;
    bool complete_ = false;
};

}  // namespace heddle
