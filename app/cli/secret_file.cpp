// SPDX-License-Identifier: Apache-2.0
#include "app/cli/secret_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

#include "app/config/password_rule.hpp"
#include "app/config/wrong_use.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr std::size_t kMostBytes = 4096;
constexpr std::size_t kShortestSecret = 16;   // who sees one signed delivery can guess in peace
constexpr std::size_t kLongestSecret = 1024;  // that a header is searched for

std::string read_some(std::istream& in, const std::string& place) {
    std::string text(kMostBytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad() || (in.fail() && !in.eof()))
        throw WrongUse(place + " can't be read: " + std::strerror(errno));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

std::string read_line(const std::string& option, const std::string& file) {
    const std::string place = option + ": " + (file == "-" ? "standard input" : heddle::quoted(file));
    std::string text;
    if (file == "-") {
        text = read_some(std::cin, place);
    } else {
        std::ifstream in(file, std::ios::binary);
        if (!in) throw WrongUse(place + " can't be read: " + std::strerror(errno));
        text = read_some(in, place);
    }
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    if (text.empty()) throw WrongUse(place + " is empty");
    if (text.size() > kMostBytes - 2 || text.find('\n') != std::string::npos)
        throw WrongUse(place + " must hold one line of at most 4000 characters");
    return text;
}

}  // namespace

std::string read_secret(const std::string& option, const std::string& file) {
    const std::string text = read_line(option, file);
    const bool printable =
        std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7F; });
    if (!printable || text.front() == ' ' || text.back() == ' ')
        throw WrongUse(option + ": a secret must be printable ASCII, without spaces at its ends");
    return text;
}

std::string read_webhook_secret(const std::string& option, const std::string& file) {
    const std::string text = read_secret(option, file);
    if (text.size() < kShortestSecret || text.size() > kLongestSecret)
        throw WrongUse(option + ": a webhook's secret must have at least 16 characters, and at most 1024");
    return text;
}

std::string read_password(const std::string& option, const std::string& file) {
    const std::string text = read_line(option, file);
    if (const auto why = why_no_password(text)) throw WrongUse(option + ": a password " + *why);
    return text;
}

}  // namespace heddle
