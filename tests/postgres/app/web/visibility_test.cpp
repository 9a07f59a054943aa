// SPDX-License-Identifier: Apache-2.0
// Design 6.3: public or 404.
#include <doctest/doctest.h>

#include "app/postgres/group_store.hpp"
#include "app/postgres/repository_store.hpp"
#include "app/postgres/run_store.hpp"
#include "app/postgres/token_share_store.hpp"
#include "tests/postgres/app/web/web_world.hpp"

using namespace heddle;
using heddle::testing::has;
using heddle::testing::header_of;
using heddle::testing::WebWorld;

namespace {

struct Visit {
    std::string who;  // "" for a stranger
    bool public_status;
    bool public_run;
    bool sees_it;
};

const std::vector<Visit> kVisits{
    {"", true, true, true},
    {"", true, false, false},
    {"", false, true, false},
    {"", false, false, false},
    {"bob", true, true, true},
    {"bob", true, false, false},
    {"bob", false, true, false},
    {"bob", false, false, false},
    {"ann", true, true, true},
    {"ann", true, false, true},
    {"ann", false, true, true},
    {"ann", false, false, true},
    {"root", true, true, true},
    {"root", true, false, true},
    {"root", false, true, true},
    {"root", false, false, true},
};

/// A run with a file and a build of its own; its build's id.
std::int64_t add_build(WebWorld& web, std::int64_t run) {
    const std::string id = std::to_string(run);
    web.world().tell(
        "UPDATE workflow_runs SET configuration = 'build:' WHERE id = " + id +
        "; INSERT INTO bs_projects (name) VALUES ('demo');"
        "INSERT INTO bs_packages (project_id, name) SELECT id, 'hello' FROM bs_projects;"
        "INSERT INTO bs_revisions (package_id, rev, srcmd5) SELECT id, 2, 'abc' FROM bs_packages;"
        "INSERT INTO bs_builds (package_id, revision_id, repository, architecture)"
        " SELECT package_id, id, 'local', 'x86_64' FROM bs_revisions;"
        "INSERT INTO package_revisions (run_id, token_id, attempt, step_index, project, package, commit_sha,"
        " kind, rev, completed_at) SELECT id, token_id, 1, 0, 'demo', 'hello', commit_sha, 'source', '2', "
        "now()"
        " FROM workflow_runs WHERE id = " +
        id);
    return std::stoll(web.world().ask("SELECT id FROM bs_builds"));
}

/// All that a stranger learns from an answer.
std::string everything(const ServerResponse& response) {
    std::string text = std::to_string(response.status) + response.content_type + response.body;
    for (const auto& [name, value] : response.headers) text += name + ": " + value + "\n";
    return text;
}

}  // namespace

TEST_CASE("who sees a run, its file and its logs") {
    for (const Visit& visit : kVisits) {
        CAPTURE(visit.who);
        CAPTURE(visit.public_status);
        CAPTURE(visit.public_run);
        ServerConfig server;
        server.public_status = visit.public_status;
        WebWorld web(server);
        const auto run = web.start_run(visit.public_run);
        const auto build = add_build(web, run);
        const std::string session = visit.who.empty() ? "" : web.sign_in(visit.who);
        const std::string page = "/runs/" + std::to_string(run);
        for (const std::string& path :
             {page, page + "/configuration", page + "/builds/" + std::to_string(build) + "/log"})
            CHECK(web.get(path, session).status == (visit.sees_it ? 200 : 404));
        const ServerResponse list = web.get("/runs", session);
        const bool nothing_public = visit.who.empty() && !visit.public_status;
        CHECK(list.status == (nothing_public ? 404 : 200));
        CHECK(has(list.body, "#" + std::to_string(run) + "</a>") == visit.sees_it);
    }
}

TEST_CASE("other people's run and a run that does not exist can't be told apart") {
    WebWorld web;
    const std::string run = std::to_string(web.start_run(false));
    const std::string build = std::to_string(add_build(web, std::stoll(run)));
    const std::string bob = web.sign_in("bob");
    for (const std::string& session : {std::string(), bob}) {
        CHECK(everything(web.get("/runs/" + run, session)) == everything(web.get("/runs/999", session)));
        CHECK(everything(web.get("/runs/" + run + "/configuration", session)) ==
              everything(web.get("/runs/999/configuration", session)));
        CHECK(everything(web.get("/runs/" + run + "/builds/" + build + "/log", session)) ==
              everything(web.get("/runs/999/builds/999/log", session)));
    }
    CHECK(web.get("/runs/" + run).status == 404);
}

TEST_CASE("what is no id is not found") {
    WebWorld web;
    const std::string root = web.sign_in("root");
    const std::string run = std::to_string(web.start_run(true));
    for (const std::string id : {"0", "-1", "01", "1x", "x", "99999999999999999999", "1%20"})
        CHECK(web.get("/runs/" + id, root).status == 404);
    CHECK(web.get("/runs/" + run + "/builds/x/log", root).status == 404);
    CHECK(web.get("/runs/" + run + "/configuration", root).status == 404);  // nothing was read yet
}

TEST_CASE("a build is shown only with the run that asked for it") {
    WebWorld web;
    const auto shown = web.start_run(true);
    const auto build = add_build(web, shown);
    const auto other = web.start_run(true);
    const std::string log = "/builds/" + std::to_string(build) + "/log";
    CHECK(web.get("/runs/" + std::to_string(shown) + log).status == 200);
    CHECK(web.get("/runs/" + std::to_string(other) + log).status == 404);
}

TEST_CASE("a delivery with another token does not open a private repository's runs") {
    WebWorld web;
    const auto secret = web.start_run(false);
    const auto forged = web.start_run(true);  // says that the same repository is public
    CHECK(web.world().ask("SELECT public FROM repositories") == "t");
    CHECK(web.get("/runs/" + std::to_string(forged)).status == 200);
    CHECK(web.get("/runs/" + std::to_string(secret)).status == 404);
    CHECK_FALSE(has(web.get("/runs").body, "#" + std::to_string(secret) + "</a>"));
}

TEST_CASE("a repository that became private hides its runs") {
    WebWorld web;
    const std::string run = "/runs/" + std::to_string(web.start_run(true));
    CHECK(web.get(run).status == 200);
    web.world().tell("UPDATE repositories SET public = false");
    CHECK(web.get(run).status == 404);
    CHECK_FALSE(has(web.get("/runs").body, "pull request"));
}

TEST_CASE("where nothing is public the front page asks to sign in") {
    ServerConfig server;
    server.public_status = false;
    WebWorld web(server);
    const ServerResponse front = web.get("/");
    CHECK(front.status == 303);
    CHECK(header_of(front, "Location") == "/signin");
    CHECK(web.get("/", web.sign_in("bob")).status == 200);
}

TEST_CASE("whom a token is shared with sees its runs, alone or in a group, until that is taken back") {
    ServerConfig server;
    server.public_status = false;
    WebWorld web(server);
    const auto run = web.start_run(false);
    const std::string page = "/runs/" + std::to_string(run);
    const std::string bob = web.sign_in("bob");
    const auto sees_it = [&] {
        const bool in_list = has(web.get("/runs", bob).body, "#" + std::to_string(run) + "</a>");
        CHECK((web.get(page, bob).status == 200) == in_list);
        return in_list;
    };
    const auto change = [&](const auto& body) { in_transaction(web.world().pool(), body); };
    const auto token = std::stoll(web.world().ask("SELECT token_id FROM workflow_runs"));
    const auto user = std::stoll(web.world().ask("SELECT id FROM users WHERE login = 'bob'"));
    CHECK_FALSE(sees_it());

    const TokenShare with_bob{TokenShare::With::User, user};
    change([&](pqxx::work& tx) { CHECK(share_token(tx, token, with_bob)); });
    CHECK(sees_it());
    CHECK(web.get(page).status == 404);
    change([&](pqxx::work& tx) { CHECK(unshare_token(tx, token, with_bob)); });
    CHECK_FALSE(sees_it());

    std::int64_t group = 0;
    change([&](pqxx::work& tx) {
        group = create_group(tx, "builders").value();
        CHECK(share_token(tx, token, {TokenShare::With::Group, group}));
    });
    CHECK_FALSE(sees_it());
    change([&](pqxx::work& tx) { CHECK(add_group_member(tx, group, user)); });
    CHECK(sees_it());
    change([&](pqxx::work& tx) { CHECK(remove_group_member(tx, group, user)); });
    CHECK_FALSE(sees_it());
}
