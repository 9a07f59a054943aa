// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/flow/serve/forge_stand_in.hpp"
#include "tests/support/forge_payloads.hpp"
#include "tests/support/git_repository.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace heddle::test {

/// A made token: where to send to, and with which secret.
struct MadeToken {
    std::string id;
    std::string secret;
};

struct HttpReply {
    int status = 0;
    std::string body;
    std::string head;  // with the status line
};

/// `heddle serve` as an administrator runs it, beside stand-ins for all three forges, with a package
/// demo/hello that is kept in a real git repository.
class ServeWorld {
public:
    /// `processes`: how many of them share the database.
    explicit ServeWorld(int processes = 1);
    ~ServeWorld();

    GitRepository repository{"hello"};
    std::map<ForgeKind, std::unique_ptr<ForgeStandIn>> forges;
    /// Variables of every program that is started from now on.
    std::map<std::string, std::string> environment;

    ForgeStandIn& forge(ForgeKind kind) { return *forges.at(kind); }
    /// heddle ARGUMENTS on the same configuration.
    Ended heddle(const std::vector<std::string>& arguments) const;
    /// The same; REQUIREs that it ends with 0, and returns its stdout.
    std::string heddle_done(const std::vector<std::string>& arguments) const;
    /// A workflow token bound to that forge, with its credential, which acts in the name of that user.
    MadeToken make_token(ForgeKind kind, const std::string& executor = "admin") {
        return make_token(to_string(kind) + "-here", executor);
    }
    MadeToken make_token(const std::string& forge, const std::string& executor = "admin");

    /// Starts process number `index`; returns when it is ready.
    void start(int index = 0);
    Program& process(int index = 0) { return *processes_.at(static_cast<std::size_t>(index)); }
    int port(int index = 0) const { return ports_.at(static_cast<std::size_t>(index)); }

    /// POST to a process, in one exchange on a connection of its own. Status 0: no answer came.
    HttpReply post(const std::string& target, const Delivery& delivery, int index = 0) const;
    HttpReply get(const std::string& target, int index = 0) const;
    /// These bytes, on a connection of its own.
    HttpReply exchange(const std::string& request, int index = 0) const;
    /// The webhook of a forge, signed with the token's secret.
    HttpReply deliver(ForgeKind kind,
                      const MadeToken& token,
                      const Happening& happening,
                      const std::string& id,
                      int index = 0) const;

    const std::filesystem::path& folder() const { return data_.path(); }
    RunOptions options() const;

private:
    void write_configuration() const;

    TemporaryFolder data_;
    std::vector<std::unique_ptr<Program>> processes_;
    std::vector<int> ports_;
};

/// Waits until it holds; false: it did not within `limit`.
bool eventually(const std::function<bool()>& holds, std::chrono::seconds limit = std::chrono::seconds(60));

}  // namespace heddle::test
