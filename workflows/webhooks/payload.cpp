// SPDX-License-Identifier: Apache-2.0
#include "workflows/webhooks/payload.hpp"

#include <simdjson.h>

#include "workflows/model/storable_text.hpp"
#include "workflows/webhooks/json_error.hpp"

namespace heddle {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kLongestName = 1024;
constexpr std::size_t kMostNames = 1000;
constexpr std::size_t kSha1Digits = 40;
constexpr std::size_t kSha256Digits = 64;
// A parser keeps some ten bytes for each byte of the largest document it ever read.
constexpr std::size_t kLargestKept = 256 * 1024;

std::unique_ptr<dom::parser>& spare_parser() {
    thread_local std::unique_ptr<dom::parser> spare;
    return spare;
}

std::unique_ptr<dom::parser> take_parser() {
    std::unique_ptr<dom::parser> taken = std::move(spare_parser());
    return taken ? std::move(taken) : std::make_unique<dom::parser>();
}

std::optional<dom::element> child(const dom::element& parent, std::string_view key) {
    dom::object object;
    dom::element found;
    if (parent.get(object) != simdjson::SUCCESS || object.at_key(key).get(found) != simdjson::SUCCESS)
        return std::nullopt;
    return found.is_null() ? std::nullopt : std::optional(found);
}

std::string in_path(std::string_view path) { return std::string(path); }

std::string showable(std::string_view value, std::size_t longest) {
    return storable_text(beginning_of(value, longest));
}

}  // namespace

struct Payload::Document {
    std::unique_ptr<dom::parser> parser = take_parser();
    std::optional<dom::element> root;

    Document() = default;
    Document(const Document&) = delete;
    Document& operator=(const Document&) = delete;
    ~Document() {
        if (parser->capacity() <= kLargestKept) spare_parser() = std::move(parser);
    }

    std::optional<dom::element> find(std::string_view path) const {
        std::optional<dom::element> at = root;
        while (at && !path.empty()) {
            const std::size_t dot = path.find('.');
            at = child(*at, path.substr(0, dot));
            path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
        }
        return at;
    }
};

Payload::Payload(std::string_view json) : document_(std::make_unique<Document>()) {
    dom::element root;
    const simdjson::error_code error = document_->parser->parse(json.data(), json.size(), true).get(root);
    if (error != simdjson::SUCCESS)
        refuse(why_not_json(json));
    else if (!root.is_object())
        refuse("the body is JSON, but not an object");
    else
        document_->root = root;
    unreadable_ = !document_->root;
}

Payload::~Payload() = default;

void Payload::refuse(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
}

bool Payload::has(std::string_view path) const { return document_->find(path).has_value(); }

std::string Payload::checked_name(std::string_view path, std::string_view value) {
    if (value.find('\0') != std::string_view::npos)
        refuse(in_path(path) + " in the payload holds a NUL character");
    else if (value.size() > kLongestName)
        refuse(in_path(path) + " in the payload is longer than 1,024 bytes");
    else
        return std::string(value);
    return {};
}

std::string Payload::optional_name(std::string_view path) {
    const auto found = document_->find(path);
    std::string_view value;
    if (!found) return {};
    if (found->get(value) == simdjson::SUCCESS) return checked_name(path, value);
    refuse(in_path(path) + " in the payload is not text");
    return {};
}

std::string Payload::name(std::string_view path) {
    std::string value = optional_name(path);
    if (value.empty()) refuse("the payload lacks " + in_path(path));
    return value;
}

std::string Payload::commit(std::string_view path) {
    std::string id = name(path);
    const bool is_id = (id.size() == kSha1Digits || id.size() == kSha256Digits) &&
                       id.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (id.empty() || is_id) return id;
    refuse(in_path(path) + " in the payload is not a commit id of 40 or 64 hexadecimal digits");
    return {};
}

std::string Payload::optional_url(std::string_view path) {
    std::string url = optional_name(path);
    const bool is_web = url.starts_with("https://") || url.starts_with("http://");
    if (url.empty() || is_web) return url;
    refuse(in_path(path) + " in the payload is not an http address");
    return {};
}

std::string Payload::text(std::string_view path, std::size_t longest) {
    const auto found = document_->find(path);
    std::string_view value;
    if (!found) return {};
    if (found->get(value) == simdjson::SUCCESS) return showable(value, longest);
    refuse(in_path(path) + " in the payload is not text");
    return {};
}

std::optional<std::int64_t> Payload::number(std::string_view path) {
    const auto found = document_->find(path);
    std::int64_t value = 0;
    if (!found)
        refuse("the payload lacks " + in_path(path));
    else if (found->get(value) != simdjson::SUCCESS || value <= 0)
        refuse(in_path(path) + " in the payload is not a whole number above 0");
    else
        return value;
    return std::nullopt;
}

std::string Payload::optional_id(std::string_view path) {
    return has(path) ? std::to_string(number(path).value_or(0)) : "";
}

bool Payload::flag(std::string_view path) {
    const auto found = document_->find(path);
    bool value = false;
    if (found && found->get(value) != simdjson::SUCCESS)
        refuse(in_path(path) + " in the payload is neither true nor false");
    return value;
}

std::int64_t Payload::level(std::string_view path) {
    const auto found = document_->find(path);
    std::int64_t value = 0;
    if (found && found->get(value) != simdjson::SUCCESS)
        refuse(in_path(path) + " in the payload is not a whole number");
    return value;
}

std::vector<std::string> Payload::names(std::string_view path, std::string_view key) {
    const auto found = document_->find(path);
    dom::array list;
    if (!found) return {};
    if (found->get(list) != simdjson::SUCCESS) {
        refuse(in_path(path) + " in the payload is not a list");
        return {};
    }
    std::vector<std::string> names;
    for (const dom::element& item : list) {
        const std::optional<dom::element> held = key.empty() ? std::optional(item) : child(item, key);
        std::string_view value;
        if (!held || held->get(value) != simdjson::SUCCESS) {
            refuse(in_path(path) + " in the payload has an element without a name");
            return {};
        }
        if (names.size() == kMostNames) {
            refuse(in_path(path) + " in the payload has more than 1,000 elements");
            return {};
        }
        names.push_back(checked_name(path, value));
    }
    return names;
}

std::string Payload::text_in(std::string_view path,
                             std::string_view key,
                             std::string_view value,
                             std::string_view wanted,
                             std::size_t longest) {
    const auto found = document_->find(path);
    dom::array list;
    if (!found || found->get(list) != simdjson::SUCCESS) return {};
    for (const dom::element& item : list) {
        const auto identity = child(item, key);
        std::string_view text;
        if (!identity || identity->get(text) != simdjson::SUCCESS || text != value) continue;
        const auto held = child(item, wanted);
        return held && held->get(text) == simdjson::SUCCESS ? showable(text, longest) : "";
    }
    return {};
}

}  // namespace heddle
