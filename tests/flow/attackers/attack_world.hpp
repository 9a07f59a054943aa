// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/flow/serve/watched_world.hpp"
#include "tests/support/stand_in_server.hpp"

namespace heddle::test {

/// `heddle serve` before its three forges, and an attacker who listens on this machine, too: reached by him
/// is what should not have been. Beside those of ServeWorld there is a forge `outside` (of GitHub's kind)
/// for which nothing in private networks is allowed, and whose API lies in one.
class AttackWorld : public WatchedWorld {
public:
    AttackWorld();

    /// Listens; answers everything with a workflow file.
    StandInServer evil;
    /// The API of the forge `outside`.
    StandInServer inside;
    static constexpr const char* kOutside = "https://outside.example";
    /// What stands on `main` of every repository; its package builds.
    static constexpr const char* kWorkflow =
        "ci:\n"
        "  steps:\n"
        "    - branch_package: { source_project: demo, source_package: hello, target_project: demo:CI }\n";

    const MadeToken& token(ForgeKind kind) const { return tokens_.at(kind); }
    /// Of the forge `outside`.
    const MadeToken& outside() const { return outside_; }

    /// Sends it signed by that token and waits for all that follows. Returns the answer.
    HttpReply attack(const MadeToken& token, const Delivery& delivery);
    /// Message of the newest run.
    std::string told();
    /// What the server printed so far.
    std::string log() { return process().out(); }

private:
    std::map<ForgeKind, MadeToken> tokens_;
    MadeToken outside_;
};

/// A delivery with another body, signed anew.
Delivery with_body(ForgeKind kind, Delivery delivery, const std::string& body, const std::string& secret);

/// Did the credential come in any request?
bool saw_credential(const StandInServer& server);

}  // namespace heddle::test
