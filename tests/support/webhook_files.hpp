// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "workflows/webhooks/webhook.hpp"

namespace heddle::test {

inline std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error(file.string() + " can't be read");
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The headers of a recorded webhook: one "Name: value" per line.
inline WebhookHeaders headers_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error(file.string() + " can't be read");
    WebhookHeaders headers;
    for (std::string line; std::getline(in, line);) {
        const auto colon = line.find(": ");
        if (colon != std::string::npos) headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    return headers;
}

/// A webhook beside whose body X.json its headers lie as X.headers.
struct RecordedWebhook {
    WebhookHeaders headers;
    std::string body;
};

inline RecordedWebhook recorded_webhook(const std::filesystem::path& json) {
    std::filesystem::path headers = json;
    headers.replace_extension(".headers");
    return {headers_of(headers), bytes_of(json)};
}

}  // namespace heddle::test
