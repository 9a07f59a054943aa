// SPDX-License-Identifier: Apache-2.0
#include "app/inbox/build_event_intake.hpp"

#include "app/postgres/api_key_store.hpp"
#include "app/postgres/build_event_store.hpp"
#include "app/postgres/pool.hpp"
#include "workflows/model/read_build_events.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;

IntakeAnswer refusal(int status, std::string problem) { return {status, std::move(problem), 0, 0}; }

/// The project itself, or one below it.
bool covers(const std::string& prefix, const std::string& project) {
    return prefix.empty() || project == prefix || project.starts_with(prefix + ":");
}

}  // namespace

BuildEventIntake::BuildEventIntake(Pool& pool, const SecretBox& box) : pool_(pool), box_(box) {}

std::optional<BuildEventKey> BuildEventIntake::find_key(const std::string& key) {
    const auto found =
        in_transaction(pool_, [&](pqxx::work& tx) { return use_api_key(tx, box_, "build-events", key); });
    if (!found) return std::nullopt;
    return BuildEventKey{found->id, found->project};
}

IntakeAnswer BuildEventIntake::accept(const BuildEventKey& key, std::string_view body) {
    if (body.size() > kMostBytes) return refusal(413, "the body is larger than 1 MiB");
    const ReadBuildEvents read = read_build_events(body);
    if (!read.problem.empty()) return refusal(read.too_many ? 413 : 400, read.problem);
    for (std::size_t at = 0; at < read.events.size(); ++at) {
        const std::string& project = read.events[at].package.project;
        if (covers(key.project, project)) continue;
        const std::string& place = read.places[at];
        if (project.empty())
            return refusal(403,
                           (place.empty() ? "" : place + ".") +
                               "actions names no target project, and the key is good for " + key.project +
                               " and what is below it only");
        return refusal(403,
                       (place.empty() ? "project" : place + ".project") + " is " + heddle::quoted(project) +
                           ", and the key is good for " + key.project + " and what is below it only");
    }
    const std::string sender = "key:" + std::to_string(key.id);
    IntakeAnswer answer;
    answer.accepted =
        in_transaction(pool_, [&](pqxx::work& tx) { return store_build_events(tx, sender, read.events); });
    answer.duplicates = static_cast<int>(read.events.size()) - answer.accepted;
    return answer;
}

}  // namespace heddle
