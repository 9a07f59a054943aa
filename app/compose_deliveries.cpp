// SPDX-License-Identifier: Apache-2.0
#include "app/compose_deliveries.hpp"

#include "app/compose_database.hpp"
#include "app/crypto/secret_box.hpp"
#include "app/inbox/inbox.hpp"

namespace heddle {

std::optional<Replayed> replay_delivery(const Config& config,
                                        const std::optional<std::string>& try_repository,
                                        std::int64_t delivery,
                                        bool force) {
    const OpenDatabase database = open_database(config, try_repository, 1);
    const std::unique_ptr<SecretBox> box = open_secrets(config, *database.pool);
    const std::optional<InboxAnswer> answer = Inbox(*database.pool, *box).replay(delivery, force);
    if (!answer) return std::nullopt;
    const bool refused = answer->delivery == std::nullopt || answer->verdict == "rejected";
    return Replayed{answer->verdict, refused ? answer->summary : answer->info, answer->delivery, answer->run};
}

}  // namespace heddle
