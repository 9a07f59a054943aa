// SPDX-License-Identifier: Apache-2.0
#include "app/web/visitor.hpp"

#include "app/crypto/sha256.hpp"

namespace heddle {

Viewer Visitor::viewer(const ServerConfig& server) const {
    Viewer viewer;
    viewer.public_status = server.public_status;
    if (!user) return viewer;
    viewer.user_id = user->user_id;
    viewer.administrator = user->administrator;
    return viewer;
}

Visitor find_visitor(pqxx::transaction_base& tx, const ServerRequest& request) {
    const std::string cookie = request.cookie(kSessionCookie);
    return {cookie.empty() ? std::nullopt : find_session(tx, sha256(cookie))};
}

std::string base_path(const ServerConfig& server) {
    const auto host = server.public_url.find("://");
    if (host == std::string::npos) return {};
    const auto path = server.public_url.find('/', host + 3);
    return path == std::string::npos ? std::string() : server.public_url.substr(path);
}

std::pair<std::string, std::string> set_cookie(const ServerConfig& server,
                                               const std::string& name,
                                               const std::string& value,
                                               int max_age) {
    std::string cookie = name + "=" + value + "; Path=" + base_path(server) +
                         "/; Max-Age=" + std::to_string(max_age) + "; HttpOnly; SameSite=Lax";
    if (server.public_url.starts_with("https://")) cookie += "; Secure";
    return {"Set-Cookie", cookie};
}

}  // namespace heddle
