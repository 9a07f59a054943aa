// SPDX-License-Identifier: Apache-2.0
#include "app/web/run_id.hpp"

#include <charconv>

namespace heddle {

std::optional<std::int64_t> read_id(std::string_view text) {
    if (text.empty() || text.front() < '1' || text.front() > '9') return std::nullopt;
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return id;
}

std::optional<std::int64_t> visible_run(pqxx::transaction_base& tx,
                                        const ServerConfig& server,
                                        const Visitor& visitor,
                                        const ServerRequest& request) {
    const std::optional<std::int64_t> id =
        request.segments.size() >= 2 ? read_id(request.segments[1]) : std::nullopt;
    if (!id || !may_see_run(tx, visitor.viewer(server), *id)) return std::nullopt;
    return id;
}

}  // namespace heddle
