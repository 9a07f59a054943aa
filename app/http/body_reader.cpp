// SPDX-License-Identifier: Apache-2.0
#include "app/http/body_reader.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "app/http/header_text.hpp"

namespace heddle {
namespace {

constexpr std::size_t kPiece = 16 * 1024;
constexpr std::size_t kMostLine = 4 * 1024;  // of a chunk's size with its extensions, of one trailer

}  // namespace

BodyReader::BodyReader(const Framing& framing, std::size_t most, BodyBudget& budget)
    : chunked_(framing.chunked),
      most_(most),
      share_(budget),
      place_(framing.chunked ? Place::ChunkSize : Place::Data),
      left_(framing.length),
      complete_(!framing.has_body()) {
    // Memory that nobody wrote to yet costs nothing; growing would copy, and hold the body twice.
    if (!chunked_ && left_ <= most_) body_.reserve(left_);
}

std::size_t BodyReader::raw_limit() const {
    // Generous to small chunks: an eighth more, and room for the sizes and trailers of a small body.
    return chunked_ ? most_ + most_ / 8 + 16 * 1024 : left_;
}

BodyReader::Progress BodyReader::read(GuardedStream& stream) {
    if (left_ > most_) return refuse(too_large());
    while (!complete_) {
        const Progress progress = place_ == Place::Data ? read_data(stream) : read_line(stream);
        if (progress != Progress::Done) return progress;
    }
    return Progress::Done;
}

/// One piece of data. Done: go on with the next one, or with what follows.
BodyReader::Progress BodyReader::read_data(GuardedStream& stream) {
    char piece[kPiece];
    const std::size_t got = stream.take(piece, std::min(left_, sizeof piece));
    if (got == 0) return broken(stream);
    if (!make_room(body_.size() + got))
        return refuse({503, "Too many requests are being read; try again later."});
    body_.append(piece, got);
    left_ -= got;
    if (left_ == 0) {
        place_ = Place::DataEnd;
        complete_ = !chunked_;
    }
    return Progress::Done;
}

/// One line of the framing of chunks (RFC 9112, section 7.1).
BodyReader::Progress BodyReader::read_line(GuardedStream& stream) {
    if (!stream.take_line(line_, "\r\n")) {
        if (line_.size() > kMostLine) return refuse({400, "A chunk's first line does not end."});
        return broken(stream);
    }
    line_.resize(line_.size() - 2);
    if (place_ == Place::DataEnd) {
        if (!line_.empty()) return refuse({400, "A chunk is longer than its size."});
        place_ = Place::ChunkSize;
    } else if (place_ == Place::Trailer) {
        complete_ = line_.empty();
    } else if (!take_chunk_size()) {
        return refuse({400, "The size of a chunk is not a number."});
    } else if (left_ > most_ - body_.size()) {
        return refuse(too_large());
    }
    line_.clear();
    return Progress::Done;
}

/// Hexadecimal digits and nothing else; what follows a ';' is of no interest.
bool BodyReader::take_chunk_size() {
    const std::string_view digits = trimmed(std::string_view(line_).substr(0, line_.find(';')));
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, left_, 16);
    if (digits.empty() || stop != end) return false;
    if (error == std::errc::result_out_of_range) left_ = std::string::npos;
    place_ = left_ == 0 ? Place::Trailer : Place::Data;
    return true;
}

/// Charged is what the memory is, not what of it is filled.
bool BodyReader::make_room(std::size_t bytes) {
    if (!chunked_) return share_.raise_to(bytes);
    if (bytes <= body_.capacity()) return share_.raise_to(body_.capacity());
    const std::size_t room = std::max(bytes, std::min(most_, 2 * body_.capacity()));
    if (!share_.raise_to(room)) return false;
    body_.reserve(room);
    return true;
}

Refusal BodyReader::too_large() const {
    return {413, "The body is larger than " + std::to_string(most_) + " bytes."};
}

BodyReader::Progress BodyReader::refuse(Refusal refusal) {
    refusal_ = std::move(refusal);
    return Progress::Refused;
}

BodyReader::Progress BodyReader::broken(const GuardedStream& stream) {
    switch (stream.state()) {
        case GuardedStream::State::NotYet: return Progress::NotYet;
        case GuardedStream::State::TooMuch: return refuse(too_large());
        case GuardedStream::State::TooLate: return refuse({408, "The body did not arrive in time."});
        case GuardedStream::State::Good:
        case GuardedStream::State::Ended:
        case GuardedStream::State::Failed: break;
    }
    return Progress::Gone;
}

}  // namespace heddle
