// SPDX-License-Identifier: Apache-2.0
// What `heddle plan` prints and how it ends.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/support/program.hpp"
#include "tests/support/source_root.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace heddle::test;
using nlohmann::json;

namespace {

const std::string kDefinition =
    "build:\n  steps:\n    - branch_package: {source_project: a, source_package: p, target_project: ci}\n"
    "  filters: {event: pull_request, branches: {only: [main]}}\n"
    "push:\n  steps:\n    - rebuild_package: {project: a, package: p}\n  filters: {event: push}\n";

std::string fixture(const std::string& name) {
    return (source_root() / "tests/fixtures/webhooks" / name).string();
}

/// A folder of files in which the program is started.
struct Planned {
    TemporaryFolder folder;

    void write(const std::string& name, const std::string& text) const {
        std::ofstream out(folder.path() / name, std::ios::binary);
        out << text;
        REQUIRE(out.flush());
    }
    Ended plan(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {heddle_program(), "plan"});
        RunOptions options;
        options.directory = folder.path();
        return run(arguments, options);
    }
    /// Of one of our own webhooks.
    Ended webhook(const std::string& name, std::vector<std::string> more = {}) const {
        more.insert(more.begin(),
                    {"--payload", fixture(name + ".json"), "--headers", fixture(name + ".headers")});
        return plan(more);
    }
    json as_json(const std::string& name, std::vector<std::string> more = {}) const {
        more.push_back("--json");
        const Ended ended = webhook(name, more);
        CHECK(ended.exit_code == 0);
        CHECK(ended.err.empty());
        return json::parse(ended.out);
    }
};

std::set<std::string> keys(const json& object) {
    std::set<std::string> names;
    for (const auto& [name, value] : object.items()) names.insert(name);
    return names;
}

}  // namespace

TEST_CASE("a plan tells event, verdict and what each step would do") {
    Planned planned;
    planned.write("w.yml", kDefinition);
    const Ended ended = planned.webhook("github/pull_request_opened", {"--definition", "w.yml"});
    CHECK(ended.exit_code == 0);
    CHECK(ended.err.empty());
    CHECK(ended.out ==
          "event: pull_request opened in tools/hello #7: Greet in Czech\n"
          "from:  jana/hello-fork czech\n"
          "into:  tools/hello main\n"
          "commit: a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1\n"
          "verdict: accepted\n"
          "workflow build runs: filters.event is \"pull_request\", line 4 and branch \"main\" is in "
          "filters.branches.only, line 4\n"
          "  branch_package (line 3): create or update ci:tools:hello:PR-7/p, reports its builds\n"
          "workflow push does not run: filters.event is \"push\", line 8, and this is a pull request\n");
}

TEST_CASE("a plan's JSON has exactly the keys of its contract, and null for what is absent") {
    Planned planned;
    planned.write("w.yml", kDefinition);
    const json plan = planned.as_json("gitlab/merge_request_open", {"--definition", "w.yml"});
    CHECK(keys(plan) == std::set<std::string>{"event", "verdict", "problems", "workflows"});
    const json& event = plan["event"];
    CHECK(keys(event) == std::set<std::string>{"forge",
                                               "class",
                                               "kind",
                                               "action",
                                               "delivery_id",
                                               "repository",
                                               "source",
                                               "target",
                                               "number",
                                               "title",
                                               "commit_sha",
                                               "tag",
                                               "label",
                                               "labels",
                                               "sender",
                                               "url",
                                               "draft"});
    CHECK(keys(event["repository"]) ==
          std::set<std::string>{"full_name", "owner", "name", "web_url", "clone_url", "id"});
    CHECK(keys(event["source"]) == std::set<std::string>{"full_name", "branch", "clone_url"});
    CHECK(keys(event["target"]) == std::set<std::string>{"full_name", "branch"});
    CHECK(event["forge"] == "gitlab");
    CHECK(event["number"] == 7);
    CHECK(event["draft"] == false);
    CHECK(event["tag"].is_null());
    CHECK(event["label"].is_null());
    CHECK(event["labels"] == json({"build", "needs review"}));
    CHECK(plan["verdict"] == json({{"verdict", "accepted"}, {"reason", nullptr}}));
    CHECK(plan["problems"] == json::array());
    const json& workflow = plan["workflows"][0];
    CHECK(keys(workflow) == std::set<std::string>{"name", "line", "runs", "because", "steps"});
    CHECK(workflow["steps"][0] ==
          json({{"step", "branch_package"},
                {"line", 3},
                {"does", "create or update"},
                {"target", {{"project", "ci:group:tools:hello:PR-7"}, {"package", "p"}}},
                {"subscribes", true}}));
    CHECK(plan["workflows"][1]["runs"] == false);
    CHECK(plan["workflows"][1]["steps"] == json::array());
}

TEST_CASE("without a definition a plan is event and verdict; an ignored event plans nothing") {
    Planned planned;
    planned.write("broken.yml", "[");
    const json bare = planned.as_json("gitea/push_tag");
    CHECK(bare["event"]["tag"] == "v1.2");
    CHECK(bare["workflows"].is_null());
    CHECK(bare["problems"].is_null());
    const json ignored =
        planned.as_json("gitlab/merge_request_update_nothing_new", {"--definition", "broken.yml"});
    CHECK(ignored["verdict"] == json({{"verdict", "ignored"}, {"reason", "no new commits"}}));
    CHECK(ignored["event"]["kind"].is_null());
    CHECK(ignored["workflows"] == json::array());
    CHECK(ignored["problems"] == json::array());
}

TEST_CASE("a definition that the event breaks is told with its places and fails") {
    Planned planned;
    planned.write("bad.yml", "w:\n  steps:\n  - foo\nv: {}\n");
    const Ended ended = planned.webhook("git/push", {"--definition", "bad.yml", "--json"});
    CHECK(ended.exit_code == 1);
    const json plan = json::parse(ended.out);
    CHECK(plan["workflows"] == json::array());
    REQUIRE(plan["problems"].size() == 2);
    CHECK(keys(plan["problems"][0]) == std::set<std::string>{"line", "column", "message"});
    CHECK(plan["problems"][0]["line"] == 3);
    planned.write("tag.yml", kDefinition);
    const Ended story = planned.webhook("git/push", {"--definition", "bad.yml"});
    CHECK(story.exit_code == 1);
    CHECK(story.out.find("bad.yml:3:5: ") != std::string::npos);
}

TEST_CASE("headers are taken as forges show them, and as a capture has them") {
    Planned planned;
    planned.write("p", R"({"zen":"x","repository":{"full_name":"o/n"}})");
    for (const std::string above :
         {"Request URL: https://heddle.example.org/trigger/workflow?id=3\nRequest method: POST\n",
          "POST /trigger/workflow?id=3 HTTP/1.1\r\n"}) {
        planned.write("h", above + "X-GitHub-Event: ping\r\nX-GitHub-Delivery: d\n");
        const Ended ended = planned.plan({"--payload", "p", "--headers", "h", "--json"});
        CHECK(ended.exit_code == 0);
        CHECK(json::parse(ended.out)["verdict"]["reason"] == "ping");
    }
}

TEST_CASE("nonsense is rejected with a reason, not a crash") {
    Planned planned;
    planned.write("noise", std::string("\x00\xFF{\x1b[31m", 8));
    planned.write("array.json", "[1]");
    planned.write("nul.json", R"({"ref":"refs/heads/a\u0000","after":"a","repository":{"full_name":"o/n"}})");
    planned.write("h", "X-GitHub-Event: push\r\n\r\nX-GitHub-Delivery:d\n");
    const auto verdict = [&](const std::string& payload) {
        const Ended ended = planned.plan({"--payload", payload, "--headers", "h", "--json"});
        CHECK(ended.exit_code == 0);
        const json plan = json::parse(ended.out);
        CHECK(plan["verdict"]["verdict"] == "rejected");
        CHECK(plan["event"]["delivery_id"] == "d");
        return plan["verdict"]["reason"].get<std::string>();
    };
    CHECK(verdict("noise") == "the body is not JSON: line 1, column 1");
    CHECK(verdict("array.json") == "the body is JSON, but not an object");
    CHECK(verdict("nul.json") == "ref in the payload holds a NUL character");
    CHECK(verdict("/dev/null") == "the body is empty");
    const Ended bare = planned.plan({"--payload", "array.json"});
    CHECK(bare.exit_code == 0);
    CHECK(
        bare.out ==
        "event: other\nverdict: rejected: no event header of a known forge (--headers FILE gives those that "
        "came with the body)\n");
}

TEST_CASE("a stranger's text can't steer a terminal") {
    Planned planned;
    planned.write("h", "X-Heddle-Event: push\n");
    planned.write(
        "p",
        R"({"event":"push","commit_sha":"a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","target":{"branch":"b\nverdict: x"},)"
        R"("title":"\u009b31m\u0007","repository":{"full_name":"o/\u001b]0;n"}})");
    const Ended ended = planned.plan({"--payload", "p", "--headers", "h"});
    CHECK(ended.exit_code == 0);
    CHECK(ended.out.find_first_of("\x1b\x07\x9b") == std::string::npos);
    CHECK(ended.out.find("\nverdict: x") == std::string::npos);
}

TEST_CASE("wrong use of plan is one sentence with its place") {
    Planned planned;
    planned.write("p", "{}");
    planned.write("bad-headers", "X-GitHub-Event: push\nno header\n");
    planned.write("large-headers", std::string(65 * 1024, 'x'));
    planned.write("large", std::string(25 * 1024 * 1024 + 1, ' '));
    const auto refused = [&](std::vector<std::string> arguments) {
        const Ended ended = planned.plan(std::move(arguments));
        CHECK(ended.exit_code == 2);
        CHECK(ended.out.empty());
        return ended.err;
    };
    CHECK(refused({}) == "heddle: --payload is required (`heddle plan --help` tells more)\n");
    CHECK(refused({"--payload", "missing"}) == "heddle: missing: there is no such file\n");
    CHECK(refused({"--payload", "."}) == "heddle: .: this is a directory, not a file\n");
    CHECK(refused({"--payload", "p", "--headers", "missing"}) == "heddle: missing: there is no such file\n");
    CHECK(refused({"--payload", "p", "--definition", "."}) == "heddle: .: this is a directory, not a file\n");
    CHECK(refused({"--payload", "p", "--headers", "bad-headers"}) ==
          "heddle: bad-headers:2: a header is written as NAME: VALUE, not \"no header\"\n");
    CHECK(refused({"--payload", "p", "--headers", "large-headers"}) ==
          "heddle: large-headers: headers are larger than 64 KiB\n");
    CHECK(refused({"--payload", "large"}) == "heddle: large: the server takes no body larger than 25 MiB\n");
}
