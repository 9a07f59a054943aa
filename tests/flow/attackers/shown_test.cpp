// SPDX-License-Identifier: Apache-2.0
// Who wants his text taken for something else, played against a whole server: markup, control characters and
// what turns a line around, in everything a stranger may name, looked for on every page, in every line of the
// log, on the terminal and in what the forge is told.
#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/crypto/sha256.hpp"
#include "app/postgres/session_store.hpp"
#include "tests/flow/attackers/attack_world.hpp"
#include "tests/flow/attackers/harm.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A text that would do harm in many ways, with a word that says where it came from.
std::string hostile(const std::string& word) {
    return word +
           "<script>alert(1)<\\script>\x1b[31m\r\nINJECTED "
           "line\u202E\u2066\u0085\u009b31m\u2028\x07\x7f\"><img "
           "src=x onerror=alert(1)>' onload='x" +
           word;
}

/// The same where a "/" or a space would change what it is.
std::string hostile_name(const std::string& word) {
    return word + "\"><img/src=x>\x1b[31m\r\n\u202E\u009b" + word;
}

/// What a stranger did, at one forge after the other.
class Stranger {
public:
    Stranger(AttackWorld& world, ForgeKind kind) : world_(world), kind_(kind) {
        world.forge(kind).set_file(hostile("base"), "a: [unclosed\n");
        world.forge(kind).set_file("odd", hostile_file());
    }

    void attack() {
        const bool has_labels = kind_ != ForgeKind::Gitlab;
        for (const std::string what : {"opened", "labeled", "updated", "closed"}) {
            Happening it = a_change(what);
            it.commit = world_.repository.id_of("main");
            send(it, {200});
            it = a_change(what);
            it.base = "odd";
            send(it, {200});
            it = a_change(what);
            it.base = hostile("base");
            send(it, {200});
        }
        Happening it = a_change("tag_push");
        it.tag = hostile("tag");
        world_.forge(kind_).set_file(kind_ == ForgeKind::Gitea ? it.tag : it.commit, AttackWorld::kWorkflow);
        send(it, {200});
        it = a_change("push");
        it.base = hostile("pushed");
        send(it, {200});
        // Names that no forge gives, and what nobody understands.
        it = a_change("opened");
        it.repository = "team/" + hostile_name("repository");
        send(it, {200, 400, 403});
        it = a_change("opened");
        it.commit = "\x1b\u202E" + hostile_name("commit");
        send(it, {400});
        it = a_change("opened");
        it.head = std::string("nul\0byte", 8) + hostile("head");
        send(it, {400});
        if (has_labels) send(a_change(hostile("action")), {200});
        send_with_header("X-GitHub-Event", "\"><script>\x9b", kind_ == ForgeKind::Github);
        send_with_header("X-Gitea-Event", "\"><script>\x9b", kind_ == ForgeKind::Gitea);
        send_with_header("X-Gitlab-Event", "\"><script>\x9b", kind_ == ForgeKind::Gitlab);
        send_with_header("User-Agent", "\"><script>\xe2\x80\xae\x9b", true);
    }

private:
    /// A workflow file whose every name is odd.
    static std::string hostile_file() {
        const std::string name = nlohmann::json(hostile("workflow")).dump();
        return name + ":\n  steps:\n    - trigger_services: { project: demo, package: none }\n  filters:\n" +
               "    event: pull_request\n    branches: { only: [odd, " + name + "] }\n";
    }

    Happening a_change(const std::string& what) {
        Happening it;
        it.what = what;
        it.number = ++number_;
        it.commit = std::to_string(it.number);
        it.commit.insert(0, 40 - it.commit.size(), '0');  // a commit of its own has statuses of its own
        it.title = hostile("title");
        it.head = hostile("head");
        it.label = hostile("label");
        return it;
    }

    void send(const Happening& it, const std::vector<int>& answers) {
        const MadeToken& token = world_.token(kind_);
        const std::string id = to_string(kind_) + hostile_id() + std::to_string(++deliveries_);
        const Delivery delivery = a_delivery(kind_, it, world_.forge(kind_).web_url(), token.secret, id);
        const HttpReply reply = world_.post("/trigger/workflow?id=" + token.id, delivery);
        CHECK_MESSAGE(std::find(answers.begin(), answers.end(), reply.status) != answers.end(),
                      it.what << ": " << reply.status << " " << reply.body);
        CHECK_MESSAGE(harm_in(reply.body).empty(), harm_in(reply.body) << " in " << reply.body);
        CHECK_FALSE(holds(reply.body, "<script"));
    }

    /// Header values can't hold every byte; this is what they can.
    static std::string hostile_id() { return "\"><script>\xe2\x80\xae\x9b-"; }

    void send_with_header(const std::string& name, const std::string& value, bool is_ours) {
        if (!is_ours) return;
        const MadeToken& token = world_.token(kind_);
        Delivery delivery =
            a_delivery(kind_, a_change("opened"), world_.forge(kind_).web_url(), token.secret, "odd " + name);
        std::erase_if(delivery.headers, [&](const auto& header) { return header.first == name; });
        delivery.headers.emplace_back(name, value);
        const HttpReply reply = world_.post("/trigger/workflow?id=" + token.id, delivery);
        CHECK(reply.status != 0);
        CHECK_MESSAGE(harm_in(reply.body).empty(), harm_in(reply.body) << " in " << reply.body);
    }

    AttackWorld& world_;
    ForgeKind kind_;
    std::int64_t number_ = 0;
    int deliveries_ = 0;
};

/// The cookie of an administrator who signed in.
std::string signed_in(AttackWorld& world) {
    const std::string token(64, 'a');
    const std::int64_t user = std::stoll(world.ask("SELECT id FROM users WHERE login = 'admin'"));
    in_transaction(world.pool, [&](pqxx::work& tx) {
        start_session(tx, user, sha256(token), std::string(64, 'b'), std::chrono::hours(1));
    });
    return "heddle_session=" + token;
}

HttpReply page_of(AttackWorld& world, const std::string& target, const std::string& cookie) {
    return world.exchange("GET " + target +
                          " HTTP/1.1\r\nHost: here\r\nConnection: close\r\nCookie: " + cookie + "\r\n\r\n");
}

void check_page(const std::string& target, const HttpReply& page) {
    CAPTURE(target);
    CHECK((page.status == 200 || page.status == 404));
    // What no route answers is told in plain words.
    const bool is_page = holds(page.head, "Content-Type: text/html; charset=utf-8");
    CHECK(holds(page.head,
                is_page ? "Content-Security-Policy: default-src 'none'" : "Content-Type: text/plain"));
    for (const std::string danger : {"<script", "<img", "' onload=", "INJECTED line\n"})
        CHECK_MESSAGE(!holds(page.body, danger), "found " << danger);
    CHECK_MESSAGE(harm_in(page.body).empty(), harm_in(page.body));
}

/// All pages as somebody sees them; returns their text.
std::string check_pages(AttackWorld& world, const std::string& cookie) {
    std::vector<std::string> targets{"/",
                                     "/runs",
                                     "/signin",
                                     "/runs?repository=%3Cscript%3E%22%3E%1B%C2%9B",
                                     "/runs?status=%3Cscript%3E%22%3E",
                                     "/runs?branch=%3Cimg%20src=x%3E%E2%80%AE",
                                     "/runs/%3Cscript%3E",
                                     "/%22%3E%3Cscript%3E"};
    const int runs = std::stoi(world.ask("SELECT max(id) FROM workflow_runs"));
    for (int id = 1; id <= runs; ++id) targets.push_back("/runs/" + std::to_string(id));
    std::string all;
    for (const std::string& target : targets) {
        const HttpReply page = page_of(world, target, cookie);
        if (page.status == 303) continue;  // who is signed in needs no form
        check_page(target, page);
        all += page.body;
    }
    for (int id = 1; id <= runs; ++id) {
        const HttpReply file = page_of(world, "/runs/" + std::to_string(id) + "/configuration", cookie);
        if (file.status == 200) CHECK(holds(file.head, "Content-Type: text/plain; charset=utf-8"));
        CHECK(holds(file.head, "X-Content-Type-Options: nosniff"));
    }
    return all;
}

void check_output(const std::string& verb, const std::string& text) {
    CAPTURE(verb);
    CHECK_FALSE(text.empty());
    CHECK_MESSAGE(harm_in(text).empty(), harm_in(text));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) CHECK_FALSE(line.starts_with("INJECTED"));
}

}  // namespace

TEST_CASE("a stranger's text is text on every page, in the log, on the terminal and at the forge") {
    AttackWorld world;
    const std::vector<ForgeKind> kinds{ForgeKind::Github, ForgeKind::Gitlab, ForgeKind::Gitea};
    for (const ForgeKind kind : kinds) Stranger(world, kind).attack();
    world.settle();

    // What is not shown could not have done harm.
    const std::string seen = check_pages(world, signed_in(world));
    for (const std::string word : {"title", "head", "label", "base", "workflow", "tag", "pushed"})
        CHECK_MESSAGE(holds(seen, word + "&lt;script&gt;alert(1)"), "missing: " << word);
    check_pages(world, "");

    std::string printed;
    const auto print = [&](const std::vector<std::string>& verb) {
        const std::string out = world.heddle_done(verb);
        check_output(verb[0] + " " + verb[1] + (verb.size() > 2 ? " " + verb[2] : ""), out);
        printed += out;
    };
    for (const std::string verb : {"runs", "deliveries", "jobs", "project"}) print({verb, "list"});
    for (const std::string verb : {"runs", "deliveries"}) {
        const std::string table = verb == "runs" ? "workflow_runs" : "deliveries";
        const int last = std::stoi(world.ask("SELECT max(id) FROM " + table));
        for (int id = 1; id <= last; ++id) print({verb, "show", std::to_string(id)});
    }
    for (const std::string word : {"head", "base", "workflow", "tag", "pushed", "repository"})
        CHECK_MESSAGE(holds(printed, word), "missing: " << word);
    CHECK(holds(printed, "INJECTED line"));

    int told = 0;
    for (const ForgeKind kind : kinds)
        for (const PostedStatus& status : world.forge(kind).posted()) {
            told += holds(status.text, "tag<script>") ? 1 : 0;
            CHECK_MESSAGE(harm_in(status.text).empty(), status.text);
            CHECK_MESSAGE(harm_in(status.context).empty(), status.context);
            CHECK_FALSE(holds(status.text, "\n"));
        }
    CHECK(told > 0);

    world.process().signal(SIGTERM);
    const Ended server = world.process().wait();
    CHECK(server.exit_code == 0);
    CHECK(server.err.empty());
    check_output("serve", server.out);
    CHECK(holds(server.out, "INJECTED line"));
    std::istringstream lines(server.out);
    int entries = 0;
    for (std::string line; std::getline(lines, line);) {
        const bool is_entry = line.starts_with("[20") && holds(line.substr(0, 40), "] [");
        const bool is_notice = line.starts_with("Heddle listens on ") || line == "Stopping" ||
                               line.starts_with("The first administrator is admin");
        CHECK_MESSAGE((is_entry || is_notice), line);
        entries += is_entry ? 1 : 0;
    }
    CHECK(entries > 0);
}
