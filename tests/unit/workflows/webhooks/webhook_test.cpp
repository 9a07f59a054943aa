// SPDX-License-Identifier: Apache-2.0
// Which forge's rules a webhook is read by, what is refused, and what a stranger can't do.
#include "workflows/webhooks/webhook.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace heddle;

namespace {

const std::string kPush =
    R"({"ref":"refs/heads/main","after":"a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","repository":{"full_name":"o/n","clone_url":"https://f.example/o/n"}})";

WebhookHeaders github(const std::string& event = "push") { return {{"X-GitHub-Event", event}}; }

std::string reason(const WebhookHeaders& headers, const std::string& body) {
    const ParsedWebhook parsed = parse_webhook(headers, body);
    CHECK(parsed.verdict == Verdict::Rejected);
    return parsed.reason;
}

std::string reason(const std::string& body) { return reason(github(), body); }

ParsedWebhook pushed(const std::string& fields) {
    return parse_webhook(github(), kPush.substr(0, kPush.size() - 1) + "," + fields + "}");
}

std::string repeated(const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

}  // namespace

TEST_CASE("the event header says whose rules hold; forges that send each other's headers are told apart") {
    CHECK(forge_kind_of({{"x-github-event", "push"}}) == "github");
    CHECK(forge_kind_of({{"X-GitHub-Event", "push"}, {"X-Gitea-Event", "push"}}) == "gitea");
    CHECK(forge_kind_of({{"X-GitHub-Event", "push"}, {"X-Forgejo-Event", "push"}}) == "gitea");
    CHECK(forge_kind_of({{"X-GitHub-Event", "push"}, {"X-Gogs-Event", "push"}}) == "");
    CHECK(forge_kind_of({{"X-Gitea-Event", "push"}, {"X-Gitlab-Event", "Push Hook"}}) == "gitlab");
    CHECK(forge_kind_of({{"X-GITLAB-EVENT", "Push Hook"}}) == "gitlab");
    CHECK(forge_kind_of({{"X-Heddle-Event", "push"}}) == "git");
    CHECK(forge_kind_of({{"X-Heddle-Event", "push"}, {"X-GitHub-Event", "push"}}) == "github");
    CHECK(forge_kind_of({{"X-Event-Key", "repo:push"}}) == "");
    CHECK(forge_kind_of({{"X-GitHub-Event", ""}}) == "");
    CHECK(forge_kind_of({}) == "");
}

TEST_CASE("a repository is public only where its forge says so") {
    const auto is_public = [](const std::string& words) {
        std::string body = kPush;
        body.insert(body.find("\"clone_url\""), words);
        const ParsedWebhook parsed = parse_webhook(github(), body);
        CHECK(parsed.verdict == Verdict::Accepted);
        return parsed.event.repository.is_public;
    };
    CHECK(is_public(R"("private":false,)"));
    CHECK(is_public(R"("private":false,"internal":false,)"));
    CHECK_FALSE(is_public(R"("private":true,)"));
    CHECK_FALSE(is_public(R"("private":false,"internal":true,)"));
    CHECK_FALSE(is_public(""));
    CHECK_FALSE(is_public(R"("private":null,)"));
    const auto of_gitlab = [](const std::string& level) {
        return parse_webhook(
            {{"X-Gitlab-Event", "Push Hook"}},
            R"({"ref":"refs/heads/main","after":"a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","project_id":1,"project":{)" +
                level + R"("path_with_namespace":"o/n","http_url":"https://f.example/o/n"}})");
    };
    CHECK(of_gitlab(R"("visibility_level":20,)").event.repository.is_public);
    for (const std::string level : {R"("visibility_level":10,)", R"("visibility_level":0,)", ""}) {
        CHECK(of_gitlab(level).verdict == Verdict::Accepted);
        CHECK_FALSE(of_gitlab(level).event.repository.is_public);
    }
}

TEST_CASE("strictly one forge's rules: another forge's payload is not understood") {
    CHECK(parse_webhook(github(), kPush).verdict == Verdict::Accepted);
    CHECK(reason({{"X-Gitlab-Event", "Push Hook"}}, kPush) ==
          "the payload lacks project.path_with_namespace");
    CHECK(reason({{"X-Heddle-Event", "push"}}, kPush) == "the payload lacks event");
    CHECK(reason({{"X-Gogs-Event", "push"}, {"X-GitHub-Event", "push"}}, kPush) == "Gogs is not supported");
    CHECK(reason({{"X-Event-Key", "repo:push"}}, kPush) == "Bitbucket is not supported");
    CHECK(reason({}, kPush) == "no event header of a known forge");
}

TEST_CASE("a delivery's id stands with its event header") {
    CHECK(delivery_id_of({{"X-GitHub-Event", "push"}, {"X-GitHub-Delivery", "d-1"}}) == "push d-1");
    CHECK(delivery_id_of(
              {{"X-Gitea-Event", "push"}, {"X-Gitea-Delivery", "d-2"}, {"X-GitHub-Delivery", "no"}}) ==
          "push d-2");
    CHECK(delivery_id_of({{"X-Forgejo-Event", "push"}, {"X-Forgejo-Delivery", "d-3"}}) == "push d-3");
    CHECK(delivery_id_of(
              {{"X-Gitlab-Event", "Push Hook"}, {"X-Gitlab-Event-UUID", "u"}, {"Idempotency-Key", "d-4"}}) ==
          "Push Hook d-4");
    CHECK(delivery_id_of({{"X-Gitlab-Event", "Push Hook"}, {"X-Gitlab-Event-UUID", "u"}}) == "Push Hook u");
    CHECK(delivery_id_of({{"X-Heddle-Event", "push"}, {"X-Heddle-Delivery", "d-5"}}) == "push d-5");
    CHECK(delivery_id_of({{"X-GitHub-Event", "push"}}) == "");
    CHECK(delivery_id_of({{"X-GitHub-Event", "push"}, {"X-Gitea-Delivery", "d"}}) == "");
    CHECK(delivery_id_of({{"X-GitHub-Delivery", "d"}}) == "");
}

TEST_CASE("a delivery id that could not be one is none") {
    for (const std::string& id : {std::string(201, 'd'), std::string("a\x01"), std::string("\xC3\xA4")}) {
        const WebhookHeaders headers{{"X-GitHub-Event", "push"}, {"X-GitHub-Delivery", id}};
        CHECK(delivery_id_of(headers) == "");
        CHECK(parse_webhook(headers, kPush).event.delivery_id == "");
    }
    CHECK(delivery_id_of({{"X-GitHub-Event", std::string(101, 'e')}, {"X-GitHub-Delivery", "d"}}) == "");
}

TEST_CASE("an event header that is no word is shown with escapes") {
    const ParsedWebhook parsed = parse_webhook(github("pu\x1bsh\xFF"), kPush);
    CHECK(parsed.verdict == Verdict::Ignored);
    CHECK(parsed.reason == "unsupported event \"pu\\x1bsh\\xff\"");
    CHECK(parsed.event_name == "\"pu\\x1bsh\\xff\"");
    CHECK(parse_webhook(github(std::string(70'000, 'e')), kPush).event_name.size() < 100);
}

TEST_CASE("what is no JSON object is refused with the place") {
    CHECK(reason("") == "the body is empty");
    CHECK(reason(" \n") == "the body is empty");
    CHECK(reason("[]") == "the body is JSON, but not an object");
    CHECK(reason("\"text\"") == "the body is JSON, but not an object");
    CHECK(reason("{\"a\": tru}") == "the body is not JSON: line 1, column 10");
    CHECK(reason("{\n  \"a\": 1,\n  \"b\" 2}") == "the body is not JSON: line 3, column 7");
    CHECK(reason("{\"a\": 1") == "the body is not JSON: line 1, column 7");
    CHECK(reason(kPush + "x").starts_with("the body is not JSON: line 1"));
    CHECK(reason(kPush + kPush).starts_with("the body is not JSON: line 1"));
    CHECK(reason(std::string("\0", 1)) == "the body is not JSON: line 1, column 1");
    CHECK(reason("\xEF\xBB\xBF" + kPush) == "the body is not JSON: it begins with a byte order mark");
    CHECK(reason("<xml/>") == "the body is not JSON: line 1, column 1");
}

TEST_CASE("the whole document is checked, also where nothing is read") {
    CHECK(pushed(R"("x": [1, 2, "ok"])").verdict == Verdict::Accepted);
    CHECK(pushed("\"x\": \"\xFF\"").reason.starts_with("the body is not JSON"));
    CHECK(pushed("\"x\": \"\xC0\x80\"").reason.starts_with("the body is not JSON"));
    CHECK(pushed(R"("x": "\ud800")").reason.starts_with("the body is not JSON"));
    CHECK(pushed(R"("x": [1, 2})").reason.starts_with("the body is not JSON"));
    const std::string beyond = "the body is JSON with a number beyond 64 bits or more than 1,024 levels";
    CHECK(pushed(R"("x": 99999999999999999999)").reason == beyond);
    CHECK(pushed(R"("x": 1e999)").reason == beyond);
    CHECK(pushed("\"x\": " + std::string(1020, '[') + std::string(1020, ']')).verdict == Verdict::Accepted);
    CHECK(pushed("\"x\": " + std::string(1025, '[') + std::string(1025, ']')).reason == beyond);
    CHECK(pushed("\"x\": " + std::string(200'000, '[')).verdict == Verdict::Rejected);
}

TEST_CASE("a large document and many small ones after it are read alike") {
    const std::string large = "\"x\": \"" + std::string(3'000'000, 'x') + "\"";
    for (int i = 0; i < 3; ++i) {
        CHECK(pushed(large).event.commit_sha == "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1");
        CHECK(parse_webhook(github(), kPush).event.commit_sha == "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1");
        CHECK(reason("{").starts_with("the body is not JSON"));
    }
}

TEST_CASE("a form is taken from the one forge that sends it by default") {
    const auto as = [](const std::string& type, const std::string& event_header = "X-GitHub-Event") {
        return WebhookHeaders{{event_header, "push"}, {"content-type", type}};
    };
    const std::string form = "application/x-www-form-urlencoded";
    const std::string body =
        "x=1&payload=%7B%22ref%22%3A+%22refs%2Fheads%2Fa%26b%22%2C%22after%22:%"
        "22a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1%22,"
        "%22repository%22%3a%7b%22full_name%22:%22o/n%22}}&payload=no";
    for (const std::string& type :
         {form, form + "; charset=utf-8", std::string("Application/X-WWW-Form-UrlEncoded")}) {
        const ParsedWebhook parsed = parse_webhook(as(type), body);
        CHECK(parsed.verdict == Verdict::Accepted);
        CHECK(parsed.event.target.branch == "a&b");
    }
    CHECK(parse_webhook(as("application/json"), kPush).verdict == Verdict::Accepted);
    CHECK(reason(as(form), "data=%7B%7D") == "the body is a form without a readable field \"payload\"");
    CHECK(reason(as(form), "payload=%7B%2") == "the body is a form without a readable field \"payload\"");
    CHECK(reason(as(form), "payload=%zz") == "the body is a form without a readable field \"payload\"");
    CHECK(reason(as(form), "") == "the body is a form without a readable field \"payload\"");
    CHECK(reason(as(form), kPush) == "the body is a form without a readable field \"payload\"");
    CHECK(reason(as(form), "payload=x") == "the body is not JSON: line 1, column 1");
    const std::string refusal = "the body is a form: set the webhook's content type to application/json";
    CHECK(reason(as("multipart/form-data; boundary=x"), "--x--") == refusal);
    for (const char* header : {"X-Gitea-Event", "X-Gitlab-Event", "X-Heddle-Event"})
        CHECK(reason(as(form, header), body) == refusal);
}

TEST_CASE("a name is taken as it is or refused, words are made fit to show") {
    const auto head = [](const std::string& message) {
        return pushed(R"("head_commit": {"message": ")" + message + "\"}").event;
    };
    CHECK(head("a\\u0000b\\u001bc").title ==
          "a\xEF\xBF\xBD"
          "b c");
    CHECK(head("<b>\\u202e").title == "<b>\uFFFD");
    CHECK(head(repeated("\xC3\xA4", 700)).title == repeated("\xC3\xA4", 500));
    CHECK(head("t\\n\\n" + std::string(70'000, 'd')).description == std::string(65'533, 'd'));
    CHECK(head("t\\r\\nd").title == "t");
    CHECK(head("t\\r\\nd").description == "d");
    const auto with_branch = [](const std::string& branch) {
        return parse_webhook(
            github(),
            R"({"ref":"refs/heads/)" + branch +
                R"(","after":"a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","repository":{"full_name":"o/n"}})");
    };
    CHECK(with_branch("<b>\\u001b").event.target.branch == "<b>\x1b");
    CHECK(with_branch("a\\u0000").reason == "ref in the payload holds a NUL character");
    CHECK(with_branch(std::string(2000, 'b')).reason == "ref in the payload is longer than 1,024 bytes");
    CHECK(with_branch("").reason == "unsupported ref \"refs/heads/\"");
}

TEST_CASE("an address that a browser or git would not fetch from a web server is refused or left out") {
    const auto with_url = [](const std::string& url) {
        return parse_webhook(
            github(),
            R"({"ref":"refs/heads/b","after":"a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","head_commit":{"url":")" +
                url + R"("},"repository":{"full_name":"o/n","clone_url":")" + url + "\"}}");
    };
    CHECK(with_url("https://f.example/x").event.url == "https://f.example/x");
    for (const std::string url : {"javascript:alert(1)", "file:///etc/passwd", "/etc", "-oProxyCommand=x"}) {
        const ParsedWebhook parsed = with_url(url);
        CHECK(parsed.reason == "repository.clone_url in the payload is not an http address");
        CHECK(parsed.event.repository.clone_url == "");
        CHECK(parsed.event.url == "");
    }
    const auto own = [](const std::string& url) {
        return reason(
            {{"X-Heddle-Event", "push"}},
            R"({"event":"push","commit_sha":"a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","target":{"branch":"b"},"repository":{"full_name":"o/n","clone_url":")" +
                url + "\"}}");
    };
    for (const std::string url :
         {"file:///srv/git/x", "/srv/git/x", "ext::sh", "https://f.example/x#other", "a@/b:c", "a/b@c:d"})
        CHECK(own(url) == "repository.clone_url in the payload is not an http or ssh address without '#'");
}

TEST_CASE("our own event: git's short form of an ssh address is written out") {
    const auto clone_url = [](const std::string& url) {
        const std::string body =
            R"({"event":"push","commit_sha":"a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","target":{"branch":"b"},"repository":{"full_name":"o/n","clone_url":")" +
            url + "\"}}";
        return parse_webhook({{"X-Heddle-Event", "push"}}, body).event.repository.clone_url;
    };
    CHECK(clone_url("git@f.example:o/n.git") == "ssh://git@f.example/o/n.git");
    CHECK(clone_url("git@f.example:/srv/n") == "ssh://git@f.example/srv/n");
    CHECK(clone_url("ssh://git@f.example/o/n") == "ssh://git@f.example/o/n");
}

TEST_CASE("our own event: the signed body says the event, the header may not say another") {
    CHECK(
        reason(
            {{"X-Heddle-Event", "push"}},
            R"({"event":"tag_push","tag":"v1","commit_sha":"a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","repository":{"full_name":"o/n"}})") ==
        "the header says event \"push\", the body \"tag_push\"");
}

TEST_CASE("labels beyond any forge's number are refused") {
    const auto labels = [](const std::string& names) {
        return reason(
            {{"X-Heddle-Event", "pull_request"}},
            R"({"event":"pull_request","action":"opened","number":1,"commit_sha":"a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","source":{"branch":"s"},)"
            R"("target":{"branch":"t"},"repository":{"full_name":"o/n"},"labels":)" +
                names + "}");
    };
    CHECK(labels("[" + repeated("\"l\",", 1000) + "\"l\"]") ==
          "labels in the payload has more than 1,000 elements");
    CHECK(labels("{}") == "labels in the payload is not a list");
    CHECK(labels("[1]") == "labels in the payload has an element without a name");
    CHECK(labels("[\"a\\u0000\"]") == "labels in the payload holds a NUL character");
}

TEST_CASE("a commit is named by its full id, by nothing that could be a branch") {
    const auto pushed = [](const std::string& id) {
        return parse_webhook(
            github(),
            R"({"ref":"refs/heads/main","after":")" + id + R"(","repository":{"full_name":"o/n"}})");
    };
    for (const std::string& id : {std::string(40, '9'), std::string(64, 'f')}) {
        CHECK(pushed(id).verdict == Verdict::Accepted);
        CHECK(pushed(id).event.commit_sha == id);
    }
    CHECK(pushed(std::string(64, '0')).reason == "branch deleted");
    for (const std::string& id : {std::string("main"),
                                  std::string("zz<b>"),
                                  std::string("deadbeef"),
                                  std::string(39, 'a'),
                                  std::string(41, 'a'),
                                  std::string(40, 'A'),
                                  std::string(40, 'g'),
                                  "../" + std::string(37, 'a')}) {
        CAPTURE(id);
        CHECK(pushed(id).verdict == Verdict::Rejected);
        CHECK(pushed(id).reason == "after in the payload is not a commit id of 40 or 64 hexadecimal digits");
    }
    CHECK(pushed("").reason == "the payload lacks after");
}

TEST_CASE("a repository's name has an owner") {
    for (const std::string name : {"hello", "/hello", "hello/", "/"})
        CHECK(reason(R"({"ref":"refs/heads/b","after":")" + std::string(40, 'a') +
                     R"(","repository":{"full_name":")" + name + "\"}}") ==
              "repository.full_name in the payload is not OWNER/NAME");
}
