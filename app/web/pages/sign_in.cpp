// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>

#include "app/config/password_rule.hpp"
#include "app/crypto/password.hpp"
#include "app/crypto/secret_box.hpp"
#include "app/crypto/sha256.hpp"
#include "app/postgres/audit_store.hpp"
#include "app/postgres/pool.hpp"
#include "app/postgres/storable_text.hpp"
#include "app/postgres/user_store.hpp"
#include "app/web/form.hpp"
#include "app/web/page.hpp"
#include "app/web/pages/pages.hpp"

namespace heddle {
namespace {

constexpr std::chrono::seconds kSessionTime = std::chrono::hours(7 * 24);
constexpr std::chrono::seconds kFormTime = std::chrono::hours(1);
// There is no session yet that the form's token could belong to: it has to come back as a cookie too.
constexpr const char* kFormCookie = "heddle_form";
constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kLongestPassword = 1024;
constexpr std::size_t kLongestNext = 1024;

int seconds(std::chrono::seconds time) { return static_cast<int>(time.count()); }

/// Where to go after signing in: a place of ours and of nobody else.
std::string our_path(const std::string& path) {
    const bool is_plain = std::all_of(
        path.begin(), path.end(), [](char c) { return c > ' ' && c < 0x7F && c != '\\' && c != '"'; });
    const bool is_ours = path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/sign");
    return is_plain && is_ours && path.size() <= kLongestNext ? path : "/";
}

/// The page of ours from which somebody came to sign in.
std::string came_from(const WebParts& parts, const ServerRequest& request) {
    const std::string referer = request.header("Referer");
    const auto host = referer.find("://");
    if (host == std::string::npos) return "/";
    const auto end = std::min(referer.find('/', host + 3), referer.size());
    if (referer.substr(host + 3, end - host - 3) != request.header("Host")) return "/";
    const std::string path = referer.substr(end);
    const std::string base = base_path(parts.server);
    return path.starts_with(base) ? our_path(path.substr(base.size())) : "/";
}

struct SignInForm {
    std::string login;
    std::string next = "/";
    std::string problem;
    int status = 200;
    bool asks_new = false;  // the password was a one-time one: another has to take its place
};

ServerResponse form_page(const WebParts& parts, const SignInForm& form) {
    const std::string token = random_hex(kTokenBytes);
    ServerResponse response = page(parts,
                                   {},
                                   "sign_in",
                                   "Sign in",
                                   Values()
                                       .text("form_csrf", token)
                                       .text("next", form.next)
                                       .text("login_given", form.login)
                                       .text("problem", form.problem)
                                       .flag("asks_new", form.asks_new),
                                   form.status);
    response.headers.push_back(set_cookie(parts.server, kFormCookie, token, seconds(kFormTime)));
    if (form.status == 503) response.headers.emplace_back("Retry-After", "2");
    return response;
}

ServerResponse begin_session(const WebParts& parts, std::int64_t user_id, const std::string& next) {
    const std::string token = random_hex(kTokenBytes);
    in_transaction(parts.pool, [&](pqxx::work& tx) {
        start_session(tx, user_id, sha256(token), random_hex(kTokenBytes), kSessionTime);
    });
    ServerResponse response = see_other(parts, next);
    response.headers.push_back(set_cookie(parts.server, kSessionCookie, token, seconds(kSessionTime)));
    response.headers.push_back(set_cookie(parts.server, kFormCookie, "", 0));
    return response;
}

/// Somebody knows a one-time password, and is let in when he has set another one.
ServerResponse set_first_password(const WebParts& parts,
                                  const SignIn& known,
                                  const std::string& given,
                                  const std::string& chosen,
                                  SignInForm form) {
    form.asks_new = true;
    form.status = 200;
    const bool is_good = !why_no_password(chosen) && chosen.size() <= kLongestPassword && chosen != given;
    if (!chosen.empty() && !is_good)
        form.problem = "The new password must be another one, of at least 12 characters.";
    if (!is_good) return form_page(parts, form);
    const std::string hash = hash_password(chosen);
    const bool is_set = in_transaction(parts.pool, [&](pqxx::work& tx) {
        if (!replace_one_time_password(tx, known.user_id, known.password, hash)) return false;
        record_change(tx, {form.login, "user.password", "user " + form.login, "at the first sign-in"});
        return true;
    });
    if (is_set) return begin_session(parts, known.user_id, form.next);
    return form_page(parts, {form.login, form.next, "Login or password is wrong.", 403});
}

bool is_own_form(const ServerRequest& request, const Form& form) {
    const std::string cookie = request.cookie(kFormCookie);
    return cookie.size() == 2 * kTokenBytes && same_secret(cookie, form.field("csrf"));
}

}  // namespace

ServerResponse show_sign_in(const WebParts& parts, const ServerRequest& request) {
    const Visitor visitor =
        in_transaction(parts.pool, [&](pqxx::work& tx) { return find_visitor(tx, request); });
    if (visitor.user) return see_other(parts, "/");
    SignInForm form;
    form.next = came_from(parts, request);
    return form_page(parts, form);
}

ServerResponse sign_in(const WebParts& parts, PasswordGate& gate, const ServerRequest& request) {
    const std::optional<Form> sent = Form::read(request);
    if (!sent) return refusal(parts, {}, 400, "Bad request", "This is not what the form sends.");
    SignInForm form{storable_text(sent->field("login")), our_path(sent->field("next")), {}, 403};
    if (!is_own_form(request, *sent)) {
        form.problem = "The form was too old. Please try again.";
        return form_page(parts, form);
    }
    const std::optional<SignIn> known =
        in_transaction(parts.pool, [&](pqxx::work& tx) { return find_sign_in(tx, form.login); });
    const std::string password = sent->field("password").substr(0, kLongestPassword);
    switch (gate.check(password, known ? known->password : "")) {
        case PasswordGate::Answer::Right:
            if (known->one_time)
                return set_first_password(parts, *known, password, sent->field("new_password"), form);
            return begin_session(parts, known->user_id, form.next);
        case PasswordGate::Answer::Wrong: form.problem = "Login or password is wrong."; break;
        case PasswordGate::Answer::Busy:
            form.problem = "Many people are signing in. Please try again in a moment.";
            form.status = 503;
    }
    return form_page(parts, form);
}

ServerResponse sign_out(const WebParts& parts, const ServerRequest& request) {
    const std::optional<Form> sent = Form::read(request);
    const Visitor visitor =
        in_transaction(parts.pool, [&](pqxx::work& tx) { return find_visitor(tx, request); });
    if (visitor.user) {
        if (!sent || !same_secret(visitor.user->csrf, sent->field("csrf")))
            return refusal(parts, visitor, 403, "Refused", "This form was not made for you.");
        in_transaction(parts.pool,
                       [&](pqxx::work& tx) { end_session(tx, sha256(request.cookie(kSessionCookie))); });
    }
    ServerResponse response = see_other(parts, "/");
    response.headers.push_back(set_cookie(parts.server, kSessionCookie, "", 0));
    return response;
}

}  // namespace heddle
