// SPDX-License-Identifier: Apache-2.0
#include "app/net/http_answer.hpp"

#include <algorithm>
#include <charconv>

#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

using Kind = RemoteError::Kind;

constexpr std::size_t kMostHeadBytes = 64 * 1024;  // of all interim answers and the last one's
constexpr std::size_t kMostLineBytes = 1024;       // of a chunk's size and the lines behind the last chunk
constexpr std::string_view kLineEnd = "\r\n";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_names(std::string_view a, std::string_view b) {
    return std::equal(
        a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < 0x7f &&
               std::string_view("\"(),/:;<=>?@[\\]{}").find(c) == std::string_view::npos;
    });
}

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
    return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

template <class Number>
bool read_number(std::string_view text, Number& number, int base) {
    const bool begins_well = !text.empty() && text.front() != '-' && text.front() != '+';
    const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    return begins_well && error == std::errc() && last == text.data() + text.size();
}

std::vector<std::string_view> values_of(const HttpResponse& head, std::string_view name) {
    std::vector<std::string_view> values;
    for (const auto& [known, value] : head.headers)
        if (equal_names(known, name)) values.push_back(value);
    return values;
}

/// The bytes of one answer as they come.
class AnswerBytes {
public:
    AnswerBytes(GuardedStream& stream, const std::string& doing, std::size_t most, const TakeBody& take)
        : stream_(stream), doing_(doing), most_(most), take_(take) {}

    std::string head() {
        while (buffer_.find("\r\n\r\n") == std::string::npos) {
            if (buffer_.size() > kMostHeadBytes || !fill()) fail_after(buffer_.size() > kMostHeadBytes);
        }
        return cut(buffer_.find("\r\n\r\n") + 4);
    }
    void sized(std::size_t bytes) {
        while (bytes > 0) {
            if (buffer_.empty() && !fill()) fail_after(false);
            bytes -= pass_on(bytes);
        }
    }
    void until_end() {
        for (;;) {
            pass_on(buffer_.size());
            if (fill()) continue;
            if (stream_.state() == GuardedStream::State::Ended) return;
            fail_after(false);
        }
    }
    void chunked() {
        for (;;) {
            const std::string first = line();
            std::size_t size = 0;
            if (!read_number(trimmed(std::string_view(first).substr(0, first.find(';'))), size, 16))
                throw RemoteError(Kind::Retry, doing_, "the answer's chunks are broken");
            if (size == 0) break;
            if (size > most_) too_large();
            sized(size);
            if (!line().empty()) throw RemoteError(Kind::Retry, doing_, "the answer's chunks are broken");
        }
        while (!line().empty()) continue;
    }
    [[noreturn]] void too_large() const {
        throw RemoteError(
            Kind::GiveUp, doing_, "the answer has more than " + std::to_string(most_) + " bytes");
    }

private:
    bool fill() {
        char bytes[16 * 1024];
        const std::size_t got = stream_.read(bytes, sizeof bytes);
        buffer_.append(bytes, got);
        return got > 0;
    }
    std::string cut(std::size_t size) {
        std::string front = buffer_.substr(0, size);
        buffer_.erase(0, size);
        return front;
    }
    std::size_t pass_on(std::size_t at_most) {
        const std::size_t size = std::min(at_most, buffer_.size());
        if (size > most_ - passed_) too_large();
        passed_ += size;
        take_(std::string_view(buffer_).substr(0, size));
        buffer_.erase(0, size);
        return size;
    }
    std::string line() {
        std::size_t end = 0;
        while ((end = buffer_.find(kLineEnd)) == std::string::npos)
            if (buffer_.size() > kMostLineBytes || !fill()) fail_after(buffer_.size() > kMostLineBytes);
        std::string text = cut(end + kLineEnd.size());
        text.resize(end);
        return text;
    }
    [[noreturn]] void fail_after(bool too_long) const {
        using State = GuardedStream::State;
        if (too_long) throw RemoteError(Kind::Retry, doing_, "the answer is no HTTP");
        const State state = stream_.state();
        if (state == State::TooMuch) too_large();
        throw RemoteError(Kind::Retry,
                          doing_,
                          state == State::TooLate ? "no whole answer within the time allowed"
                                                  : "the connection ended before the answer was whole");
    }

    GuardedStream& stream_;
    const std::string& doing_;
    std::size_t most_;
    const TakeBody& take_;
    std::string buffer_;
    std::size_t passed_ = 0;
};

void read_body(AnswerBytes& bytes, const BodyLength& length, std::size_t most_bytes) {
    switch (length.kind) {
        case BodyLength::Kind::None: return;
        case BodyLength::Kind::Chunked: return bytes.chunked();
        case BodyLength::Kind::UntilEnd: return bytes.until_end();
        case BodyLength::Kind::Sized:
            if (length.bytes > most_bytes) bytes.too_large();
            return bytes.sized(length.bytes);
    }
}

HttpResponse final_head(AnswerBytes& bytes, const std::string& doing) {
    std::size_t read = 0;
    for (;;) {
        const std::string text = bytes.head();
        auto head = parse_answer_head(text);
        if (!head || (read += text.size()) > kMostHeadBytes)
            throw RemoteError(Kind::Retry, doing, "the answer is no HTTP");
        if (head->status >= 200) return std::move(*head);
    }
}

}  // namespace

std::optional<HttpResponse> parse_answer_head(std::string_view head) {
    const std::size_t first_end = head.find(kLineEnd);
    if (first_end == std::string_view::npos || !head.ends_with("\r\n\r\n")) return std::nullopt;
    const std::string_view first = head.substr(0, first_end);
    HttpResponse answer;
    const bool version = first.starts_with("HTTP/1.1 ") || first.starts_with("HTTP/1.0 ");
    if (!version || first.size() < 12 || (first.size() > 12 && first[12] != ' ')) return std::nullopt;
    if (!read_number(first.substr(9, 3), answer.status, 10) || answer.status < 100) return std::nullopt;
    for (head.remove_prefix(first_end + 2); !head.starts_with(kLineEnd);) {
        const std::string_view line = head.substr(0, head.find(kLineEnd));
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || !is_name(line.substr(0, colon))) return std::nullopt;
        answer.headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
        head.remove_prefix(line.size() + 2);
    }
    return answer;
}

std::optional<BodyLength> body_length_of(const HttpResponse& head, const std::string& method) {
    using Length = BodyLength::Kind;
    if (method == "HEAD" || head.status == 204 || head.status == 304) return BodyLength{};
    const auto codings = values_of(head, "transfer-encoding");
    const auto lengths = values_of(head, "content-length");
    if (!codings.empty()) {
        const bool plain = codings.size() == 1 && equal_names(codings.front(), "chunked") && lengths.empty();
        return plain ? std::optional(BodyLength{Length::Chunked, 0}) : std::nullopt;
    }
    if (lengths.empty()) return BodyLength{Length::UntilEnd, 0};
    BodyLength length{Length::Sized, 0};
    const bool agree = std::all_of(
        lengths.begin(), lengths.end(), [&](std::string_view value) { return value == lengths.front(); });
    return agree && read_number(lengths.front(), length.bytes, 10) ? std::optional(length) : std::nullopt;
}

HttpResponse read_answer(GuardedStream& stream,
                         const std::string& method,
                         std::size_t most_bytes,
                         const TakeBody& take,
                         const std::string& doing) {
    std::string body;
    const TakeBody keep = [&](std::string_view piece) { body += piece; };
    AnswerBytes bytes(stream, doing, most_bytes, take ? take : keep);
    // The stream's own budget stops what the counting below does not see: chunks of one byte.
    stream.expect(2 * kMostHeadBytes + 2 * most_bytes, stream.deadline());
    HttpResponse answer = final_head(bytes, doing);
    const auto length = body_length_of(answer, method);
    if (!length) throw RemoteError(Kind::Retry, doing, "the answer contradicts itself about its length");
    const auto codings = values_of(answer, "content-encoding");
    const bool coded = std::any_of(codings.begin(), codings.end(), [](std::string_view coding) {
        return !equal_names(coding, "identity");
    });
    if (coded && length->kind != BodyLength::Kind::None)
        throw RemoteError(Kind::GiveUp, doing, "the answer is compressed, which was not asked for");
    read_body(bytes, *length, most_bytes);
    answer.body = std::move(body);
    return answer;
}

}  // namespace heddle
