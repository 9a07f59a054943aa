// SPDX-License-Identifier: Apache-2.0
#include "app/web/shown_text.hpp"

#include <algorithm>

#include "workflows/model/storable_text.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {

std::string shown_text(std::string_view text, std::size_t longest) {
    const std::size_t indent = std::min(text.find_first_not_of(' '), text.size());
    const std::string line = std::string(indent, ' ') + one_line(text.substr(indent));
    return line.size() <= longest ? line : std::string(beginning_of(line, longest)) + "...";
}

std::vector<std::string> shown_lines(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.push_back(shown_text(line));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string url_part(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string part;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (kPlain.find(c) != std::string_view::npos)
            part += c;
        else
            part += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
    return part;
}

std::string link_below(const std::string& origin, const std::string& url) {
    const bool is_web = origin.starts_with("https://") || origin.starts_with("http://");
    if (!is_web || !url.starts_with(origin)) return {};
    if (!origin.ends_with('/') && url.substr(origin.size(), 1) != "/") return {};
    const bool is_plain = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c != 0x7F; });
    return is_plain ? url : std::string();
}

}  // namespace heddle
