// SPDX-License-Identifier: Apache-2.0
#include "app/web/page.hpp"

#include "app/web/embedded_files.hpp"

namespace heddle {

void guard(ServerResponse& response) {
    // Our pages need one style sheet and forms that come back to us; nothing else may be loaded or run.
    static const std::string kPolicy =
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    response.headers.emplace_back("Content-Security-Policy", kPolicy);
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    response.headers.emplace_back("X-Frame-Options", "DENY");
    // Our own sign-in page learns where to lead back to; the forges' pages learn nothing.
    response.headers.emplace_back("Referrer-Policy", "same-origin");
}

ServerResponse page(const WebParts& parts,
                    const Visitor& visitor,
                    const std::string& name,
                    const std::string& title,
                    Values values,
                    int status) {
    values.text("title", title)
        .text("base", base_path(parts.server))
        .text("style", embedded_file("style.css").digest)
        .text("login", visitor.user ? visitor.user->login : "")
        .text("session_csrf", visitor.user ? visitor.user->csrf : "");
    ServerResponse response;
    response.status = status;
    response.content_type = "text/html; charset=utf-8";
    response.body = render(name, values);
    response.headers.emplace_back("Cache-Control", "no-store");
    guard(response);
    return response;
}

ServerResponse not_found(const WebParts& parts, const Visitor& visitor) {
    return refusal(parts,
                   visitor,
                   404,
                   "Not found",
                   visitor.user ? "There is no such page, or you may not see it."
                                : "There is no such page, or you have to sign in to see it.");
}

ServerResponse refusal(const WebParts& parts,
                       const Visitor& visitor,
                       int status,
                       const std::string& title,
                       const std::string& why) {
    return page(parts, visitor, "refusal", title, Values().text("why", why).text("refresh", ""), status);
}

ServerResponse plain_text(std::string text) {
    ServerResponse response;
    response.body = std::move(text);
    response.headers.emplace_back("Cache-Control", "no-store");
    guard(response);
    return response;
}

ServerResponse see_other(const WebParts& parts, const std::string& path) {
    ServerResponse response = plain_text("See " + path + "\n");
    response.status = 303;
    response.headers.emplace_back("Location", base_path(parts.server) + path);
    return response;
}

}  // namespace heddle
