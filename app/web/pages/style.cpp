// SPDX-License-Identifier: Apache-2.0
#include "app/web/embedded_files.hpp"
#include "app/web/page.hpp"
#include "app/web/pages/pages.hpp"

namespace heddle {

ServerResponse show_style(const ServerRequest& request) {
    const EmbeddedFile& file = embedded_file("style.css");
    const std::string tag = "\"" + file.digest + "\"";
    ServerResponse response;
    response.content_type = "text/css; charset=utf-8";
    // Our pages name the digest in the address: a new style has a new address.
    const bool named = request.parameter("v") == file.digest;
    response.headers.emplace_back("Cache-Control",
                                  named ? "public, max-age=31536000, immutable" : "public, max-age=60");
    response.headers.emplace_back("ETag", tag);
    guard(response);
    if (request.header("If-None-Match").find(tag) != std::string::npos)
        response.status = 304;
    else
        response.body = file.text;
    return response;
}

}  // namespace heddle
