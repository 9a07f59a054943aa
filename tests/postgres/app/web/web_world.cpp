// SPDX-License-Identifier: Apache-2.0
#include "tests/postgres/app/web/web_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "app/crypto/password.hpp"
#include "app/crypto/secret_box.hpp"
#include "app/crypto/sha256.hpp"
#include "app/postgres/run_store.hpp"
#include "app/postgres/session_store.hpp"
#include "app/web/web_routes.hpp"

namespace heddle::testing {
namespace {

std::vector<std::string> segments_of(const std::string& path) {
    std::vector<std::string> segments;
    for (std::size_t at = 0; at < path.size();) {
        const auto end = std::min(path.find('/', at + 1), path.size());
        if (end > at + 1) segments.push_back(path.substr(at + 1, end - at - 1));
        at = end;
    }
    return segments;
}

/// Takes what follows "?" off the path. Values are not decoded.
void set_target(ServerRequest& request, const std::string& target) {
    const auto mark = std::min(target.find('?'), target.size());
    request.path = target.substr(0, mark);
    request.segments = segments_of(request.path);
    for (std::size_t at = mark + 1; at < target.size();) {
        const auto end = std::min(target.find('&', at), target.size());
        const std::string pair = target.substr(at, end - at);
        const auto equals = std::min(pair.find('='), pair.size());
        request.query.emplace_back(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
        at = end + 1;
    }
}

}  // namespace

const std::string WebWorld::kPassword = "correct horse battery staple";

WebWorld::WebWorld(ServerConfig server, std::chrono::milliseconds patience) {
    static const std::string kHash = hash_password(kPassword);
    in_transaction(world().pool(), [](pqxx::work& tx) {
        tx.exec_params0(
            "INSERT INTO users (login, password) VALUES ('ann', $1), ('bob', $1), ('root', $1)"
            " ON CONFLICT (login) DO UPDATE SET password = excluded.password",
            kHash);
        tx.exec0("UPDATE users SET administrator = true WHERE login = 'root'");
    });
    const auto read_log = [this](std::int64_t build, int& position) {
        return position++ == 0 ? logs_[build] : std::string();
    };
    routes_ = web_routes({world().pool(), std::move(server), read_log, patience});
}

std::int64_t WebWorld::start_run(bool is_public, const std::string& title) {
    ScmEvent event = RunWorld::pull_request(7, "c0ffee0123");
    event.title = title;
    event.repository.is_public = is_public;
    world().tell("UPDATE repositories SET public = " + std::string(is_public ? "true" : "public"));
    return world().start(event);
}

std::string WebWorld::sign_in(const std::string& login, int lifetime_seconds) {
    const std::string token = random_hex(32);
    in_transaction(world().pool(), [&](pqxx::work& tx) {
        const auto user = find_sign_in(tx, login);
        REQUIRE(user.has_value());
        start_session(
            tx, user->user_id, sha256(token), random_hex(32), std::chrono::seconds(lifetime_seconds));
    });
    return token;
}

ServerResponse WebWorld::get(const std::string& path, const std::string& session) {
    ServerRequest request;
    request.method = "GET";
    set_target(request, path);
    if (!session.empty()) request.headers.emplace_back("Cookie", "other=1; heddle_session=" + session);
    return ask(request);
}

ServerResponse WebWorld::ask(ServerRequest request) {
    if (request.segments.empty()) set_target(request, request.path);
    std::vector<std::string> allowed;
    const Routes all = routes();
    if (const Route* route = all.find(request, allowed)) return route->answer(request);
    FAIL("no route for " << request.method << " " << request.path);
    return {};
}

Routes WebWorld::routes() const {
    Routes routes;
    routes.add(routes_);
    return routes;
}

ServerResponse WebWorld::post(const std::string& path,
                              const std::string& body,
                              const std::map<std::string, std::string>& cookies) {
    ServerRequest request;
    request.method = "POST";
    request.path = path;
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    for (const auto& [name, value] : cookies) request.headers.emplace_back("Cookie", name + "=" + value);
    request.body = body;
    return ask(request);
}

std::string header_of(const ServerResponse& response, const std::string& name) {
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return {};
}

std::string cookie_line(const ServerResponse& response, const std::string& name) {
    for (const auto& [key, value] : response.headers)
        if (key == "Set-Cookie" && value.starts_with(name + "=")) return value;
    return {};
}

std::string cookie_of(const ServerResponse& response, const std::string& name) {
    const std::string line = cookie_line(response, name);
    return line.empty() ? line : line.substr(name.size() + 1, line.find(';') - name.size() - 1);
}

std::string hidden_field(const std::string& html, const std::string& name) {
    const std::string mark = "<input type=\"hidden\" name=\"" + name + "\" value=\"";
    const auto at = html.find(mark);
    if (at == std::string::npos) return {};
    const auto begin = at + mark.size();
    return html.substr(begin, html.find('"', begin) - begin);
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace heddle::testing
