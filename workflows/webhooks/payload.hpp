// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heddle {

/// The JSON object of a webhook, read by paths such as "pull_request.head.sha". A value that is absent, null
/// or behind something that is no object counts as absent. The first field that was needed and missing, or
/// that has not the kind of value that its forge documents, is remembered as the payload's problem; readers
/// go on with an empty value, so that a caller asks for the problem once, at its end.
class Payload {
public:
    /// Reads a whole document: UTF-8, numbers, escapes, at most 1,024 levels. What is no JSON object becomes
    /// an empty one with that problem. Memory of small documents is kept for the thread's next one.
    explicit Payload(std::string_view json);
    ~Payload();
    Payload(const Payload&) = delete;
    Payload& operator=(const Payload&) = delete;

    /// The body was no JSON object.
    bool unreadable() const { return unreadable_; }
    /// One sentence; empty: none yet.
    const std::string& problem() const { return problem_; }
    /// Remembers a problem that the caller found, unless there is one already.
    void refuse(std::string problem);

    bool has(std::string_view path) const;
    /// A name or an identity, needed: not empty, no NUL, at most 1,024 bytes. Never changed: what it names
    /// counts.
    std::string name(std::string_view path);
    /// The same where it may be absent: then empty.
    std::string optional_name(std::string_view path);
    /// A commit's full id as git writes it, needed: nothing else may come to a forge's URL or be looked up.
    std::string commit(std::string_view path);
    /// An http(s) address for people or for git; may be absent.
    std::string optional_url(std::string_view path);
    /// Words that are only shown; may be absent. NUL becomes U+FFFD, what is longer than `longest` bytes is
    /// cut.
    std::string text(std::string_view path, std::size_t longest);
    /// A whole number above 0, needed.
    std::optional<std::int64_t> number(std::string_view path);
    /// A whole number as text; may be absent.
    std::string optional_id(std::string_view path);
    /// Absent is false.
    bool flag(std::string_view path);
    /// A whole number; absent is 0.
    std::int64_t level(std::string_view path);
    /// The names at `key` of each object of a list (empty key: the list's own elements); may be absent.
    std::vector<std::string> names(std::string_view path, std::string_view key);
    /// text() of the field `wanted` of the first object of a list whose `key` is `value`.
    std::string text_in(std::string_view path,
                        std::string_view key,
                        std::string_view value,
                        std::string_view wanted,
                        std::size_t longest);

private:
    struct Document;

    std::string checked_name(std::string_view path, std::string_view value);

    std::unique_ptr<Document> document_;
    std::string problem_;
    bool unreadable_ = false;
};

}  // namespace heddle
