// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/crypto/secret_box.hpp"
#include "app/inbox/inbox.hpp"
#include "tests/support/run_world.hpp"
#include "tests/support/temporary_folder.hpp"

namespace heddle::testing {

struct KnownToken {
    std::int64_t id = 0;
    std::string secret;
};

/// A delivery as a forge would send it.
struct TestDelivery {
    WebhookHeaders headers;
    std::string body;
};

/// What happened to a pull request, as a payload in the shape of GitHub's says it. Written by us from
/// GitHub's documentation ("Webhook events and payloads"); fields that nobody reads are left out.
struct PullRequestFacts {
    std::string action = "opened";
    int number = 1;
    std::string head = "1111111111111111111111111111111111111111";
    bool merged = false;
    std::string repository = "weavers/loom";
    int repository_id = 42;
    std::string web = "https://forge.example";
    std::string branch = "main";
    std::string title = "Mend the loom";
};

/// `id`: of the delivery; empty: without.
TestDelivery a_delivery(const PullRequestFacts& facts, const std::string& id = "d-1");
TestDelivery a_ping(const std::string& id = "p-1");

/// The inbox before a database with one forge ("src", kind github, https://forge.example) and what its
/// senders know.
class InboxWorld {
public:
    /// `world` must outlive it.
    explicit InboxWorld(RunWorld& world);

    Inbox& inbox() { return inbox_; }
    RunWorld& world() { return world_; }
    SecretBox& box() { return box_; }
    std::int64_t forge_id() const { return forge_id_; }

    std::int64_t add_forge(const std::string& name,
                           const std::string& kind,
                           const std::string& web_url,
                           const std::string& api_url = "",
                           bool private_network = false);
    /// Bound to that forge; nullopt: not bound yet.
    KnownToken add_token(std::optional<std::int64_t> forge, const std::string& kind = "workflow");

    /// Signed by the token and sent to its URL, as the server hands requests to the inbox.
    InboxAnswer send(const KnownToken& token, TestDelivery delivery);
    /// With exactly these headers.
    InboxAnswer send(const TestDelivery& delivery, const std::optional<std::string>& id);

    std::string ask(const std::string& sql) { return world_.ask(sql); }
    void tell(const std::string& sql) { world_.tell(sql); }

private:
    RunWorld& world_;
    test::TemporaryFolder folder_;
    SecretBox box_;
    Inbox inbox_;
    std::int64_t forge_id_ = 0;
};

}  // namespace heddle::testing
