// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace heddle {

/// What is stored of a password: scrypt (RFC 7914) as "N$r$p$salt$hash", salt and hash in hex. With N=2^15,
/// r=8, p=1 it takes about 0.1 s and 32 MiB, so one is computed at a time; others wait. Thread-safe.
std::string hash_password(std::string_view password);

/// Is it the password that `stored` was made from? Takes as long when `stored` is empty (nobody of that name,
/// no password): the answer's time tells nothing. Throws std::runtime_error when `stored` is damaged.
bool check_password(std::string_view password, std::string_view stored);

}  // namespace heddle
