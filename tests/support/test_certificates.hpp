// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace heddle::test {

struct TlsContextFree {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using TlsContext = std::unique_ptr<SSL_CTX, TlsContextFree>;

/// A server's context with a certificate for `names` (DNS names and IP addresses), good for a day, signed by
/// an authority that is made for it alone and written to `ca_file` as PEM. Throws std::runtime_error.
TlsContext make_tls_server(const std::vector<std::string>& names, const std::filesystem::path& ca_file);

}  // namespace heddle::test
