// SPDX-License-Identifier: Apache-2.0
#include "app/web/web_routes.hpp"

#include <memory>

#include "app/postgres/database_trouble.hpp"
#include "app/web/page.hpp"
#include "app/web/pages/pages.hpp"

namespace heddle {
namespace {

constexpr std::size_t kMostForm = 8 << 10;

using Page = ServerResponse (*)(const WebParts&, const ServerRequest&);

/// The page, or an answer that says that there is too much to look through.
ServerResponse shown(const WebParts& parts, Page show, const ServerRequest& request) {
    try {
        return show(parts, request);
    } catch (const pqxx::sql_error& error) {
        if (!is_cut_off(error)) throw;
        return refusal(parts,
                       {},
                       503,
                       "That takes too long",
                       "The database was asked for too much or is busy. Ask for less, or try again later.");
    }
}

Route route(const WebParts& parts, const std::string& method, const std::string& path, Page show) {
    Route route;
    route.method = method;
    route.path = path;
    route.answer = [parts, show](const ServerRequest& request) { return shown(parts, show, request); };
    route.most_body = method == "POST" ? kMostForm : 0;
    return route;
}

Route sign_in_route(const WebParts& parts) {
    Route route;
    route.method = "POST";
    route.path = "/signin";
    route.answer = [parts, gate = std::make_shared<PasswordGate>()](const ServerRequest& request) {
        return sign_in(parts, *gate, request);
    };
    route.most_body = kMostForm;
    return route;
}

Route style_route() {
    Route route;
    route.method = "GET";
    route.path = "/style.css";
    route.answer = show_style;
    route.most_body = 0;
    return route;
}

}  // namespace

std::vector<Route> web_routes(const WebParts& parts) {
    return {route(parts, "GET", "/", show_runs),
            route(parts, "GET", "/runs", show_runs),
            route(parts, "GET", "/runs/{id}", show_run),
            route(parts, "GET", "/runs/{id}/configuration", show_configuration),
            route(parts, "GET", "/runs/{id}/builds/{build}/log", show_build_log),
            route(parts, "GET", "/signin", show_sign_in),
            sign_in_route(parts),
            route(parts, "POST", "/signout", sign_out),
            style_route()};
}

}  // namespace heddle
